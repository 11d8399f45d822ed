// central-check: event batches. Taken whole or not at all, without gaps, without forks, twice as once.
#include <fmt/format.h>

#include "kiosk/central/conformance_probe.h"
#include "kiosk/journal/merkle.h"

namespace torugart::central::conformance {
namespace {

using journal::Record;
namespace merkle = journal::merkle;

std::string batch_of(const std::vector<Record>& records, std::size_t from, std::size_t count) {
  return events_batch(std::span(records).subspan(from, count));
}

// The same event by another actor, its hash made again, so that only its place in the history is wrong.
Record another(Record record) {
  record.event.actor = "somebody-else";
  const std::string before = "\"actor\":\"lane\"", after = "\"actor\":\"somebody-else\"";
  if (const auto at = record.text.find(before); at != std::string::npos)
    record.text.replace(at, before.size(), after);
  const auto prev = merkle::from_hex(record.prev_hash).value_or(merkle::Hash{});
  record.hash = merkle::to_hex(merkle::leaf_hash(merkle::to_bytes(prev), record.text));
  return record;
}

std::string accepted_fault(Probe& probe, const std::optional<HttpResponse>& answer, const Record& last) {
  if (auto fault = probe.expect(answer, {200}); !fault.empty()) return fault;
  const auto accepted = accepted_from(answer->body);
  if (!accepted) return accepted.error().what;
  if (accepted->up_to != last.event.seq)
    return fmt::format("accepted_up_to is {}, the batch ended with {}", accepted->up_to, last.event.seq);
  return accepted->head_hash == last.hash ? std::string() : "head_hash is not that of the last event";
}

bool write_crossings(Probe& probe, CheckCrossings& c) {
  const auto stamp = probe.wall_us();
  c.closed = fmt::format("check-{}-closed", stamp);
  c.open = fmt::format("check-{}-open", stamp);
  c.lacking = fmt::format("check-{}-lacking", stamp);
  for (auto* file : {&c.file, &c.never_sent}) {
    file->bytes = fmt::format("{} {} ", stamp, file == &c.file ? "file" : "never");
    for (std::uint32_t x = 1; file->bytes.size() < 100'000;)
      file->bytes += static_cast<char>((x = x * 1664525u + 1013904223u) >> 24);
    file->sha256 = sha256_of(file->bytes);
  }
  const auto pass = [&](const std::string& crossing, const CheckFile* file, bool ends) {
    probe.append(crossing, inspection::Arrived{inspection::Direction::entry, inspection::ArrivedBy::loop, false});
    inspection::ScanCompleted scan;
    scan.scan = crossing + "-scan";
    scan.end = "complete";
    scan.columns = scan.rows = 1;
    if (file != nullptr)
      scan.files.push_back(
          {"xray_high", file->sha256, static_cast<std::int64_t>(file->bytes.size()), "application/octet-stream"});
    probe.append(crossing, scan);
    return !ends || probe.append(crossing, inspection::Departed{}) > 0;
  };
  c.first = probe.lane_journal().last_seq() + 1;
  return pass(c.closed, &c.file, true) && pass(c.open, nullptr, false) && pass(c.lacking, &c.never_sent, true);
}

void check_refusals(Probe& probe, const std::vector<Record>& fresh) {
  probe.check("events.media-type", "a body that is no application/cloudevents-batch+json: 415",
              [&] { return probe.expect(probe.post_json("/v1/events", batch_of(fresh, 0, 1)), {415}); });
  probe.check("events.invalid", "what is no batch of at least one event: a problem (400, 422)", [&] {
    for (const char* body : {"", "{", "{}", "[]", "[1]", R"([{"specversion":"1.0"}])"})
      if (auto fault = probe.expect(probe.post_batch(body), {400, 422}); !fault.empty())
        return fmt::format("to the body '{}' it {}", body, fault);
    return std::string();
  });
  probe.check("events.hash", "an event whose hash is not that of its data is refused (422)", [&] {
    auto wrong = another(fresh[0]);
    wrong.hash = fresh[0].hash;
    return probe.expect(probe.post_batch(events_batch(std::span(&wrong, 1))), {422}, "invalid");
  });
  probe.check("events.hole", "sequence numbers within a batch have no gaps; taken whole or not at all", [&] {
    const std::vector<Record> with_hole{fresh[0], fresh[2]};
    return probe.expect(probe.post_batch(events_batch(with_hole)), {422}, "invalid");
  });
  probe.check("events.other-lane", "a lane speaks for itself only", [&] {
    auto batch = batch_of(fresh, 0, 1);
    const std::string mine = "urn:torugart:lane:" + probe.lane();
    if (const auto at = batch.find(mine); at != std::string::npos)
      batch.replace(at, mine.size(), "urn:torugart:lane:another-lane");
    return probe.expect(probe.post_batch(batch), {400, 403, 422});
  });
  probe.check("events.gap",
              "a batch that begins after held + 1 is a gap: 409 with expected_seq; nothing refused was kept", [&] {
                const auto answer = probe.post_batch(batch_of(fresh, 2, 1));
                if (auto fault = probe.expect(answer, {409}, "gap"); !fault.empty()) return fault;
                const auto expected = problem_of(answer->body).expected_seq.value_or(-1);
                if (expected == fresh[0].event.seq) return std::string();
                return fmt::format("expected_seq is {}, and {} is the first that it has not taken", expected,
                                   fresh[0].event.seq);
              });
}

}  // namespace

bool check_events(Probe& probe, CheckCrossings& crossings) {
  // What the run before wrote, sent or not: the ground on which the rest stands.
  for (auto old = probe.records(1); !old.empty(); old = probe.records(old.back().event.seq + 1)) {
    const bool known = probe.check("events.history", "the history of the run before, sent again", [&] {
      return accepted_fault(probe, probe.post_batch(events_batch(old)), old.back());
    });
    if (!known) return false;
  }
  if (!write_crossings(probe, crossings)) {
    probe.check("events.lane", "the test lane's journal can be written", [&] { return probe.trouble(); });
    return false;
  }
  const auto fresh = probe.records(crossings.first);
  check_refusals(probe, fresh);

  const auto half = fresh.size() / 2;
  const bool taken = probe.check("events.taken", "everything up to accepted_up_to is on stable storage", [&] {
    auto fault = accepted_fault(probe, probe.post_batch(batch_of(fresh, 0, half)), fresh[half - 1]);
    if (fault.find("409") != std::string::npos && crossings.first == 1)
      fault += ". The centre knows this lane already: take a new test lane, or the state folder of the run before";
    return fault;
  });
  if (!taken) return false;
  const bool overlap = probe.check(
      "events.overlap", "numbers up to held are compared by hash and otherwise ignored",
      [&] { return accepted_fault(probe, probe.post_batch(batch_of(fresh, 0, fresh.size())), fresh.back()); });
  probe.check("events.repeat", "a repeat has the same answer and no second effect", [&] {
    const auto first = probe.post_batch(batch_of(fresh, 0, fresh.size()));
    if (auto fault = accepted_fault(probe, first, fresh.back()); !fault.empty()) return fault;
    const auto second = probe.post_batch(batch_of(fresh, 0, fresh.size()));
    if (auto fault = accepted_fault(probe, second, fresh.back()); !fault.empty()) return fault;
    return first->body == second->body ? std::string() : "the second answer is another one";
  });
  probe.check("events.fork", "a different hash under a number that is held is a fork: 409", [&] {
    const auto forged = another(fresh[1]);
    return probe.expect(probe.post_batch(events_batch(std::span(&forged, 1))), {409}, "fork");
  });
  probe.check("events.fork-next", "a prevhash that does not fit is a fork: 409", [&] {
    auto next = fresh.back();
    next.event.seq += 1;
    const std::string before = fmt::format("\"seq\":{}", fresh.back().event.seq);
    if (const auto at = next.text.find(before); at != std::string::npos)
      next.text.replace(at, before.size(), fmt::format("\"seq\":{}", next.event.seq));
    next.prev_hash = sha256_of("another history");
    const auto prev = merkle::from_hex(next.prev_hash).value_or(merkle::Hash{});
    next.hash = merkle::to_hex(merkle::leaf_hash(merkle::to_bytes(prev), next.text));
    return probe.expect(probe.post_batch(events_batch(std::span(&next, 1))), {409}, "fork");
  });
  return overlap;
}

}  // namespace torugart::central::conformance
