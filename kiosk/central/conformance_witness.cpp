// central-check: the centre as a witness. It cosigns what continues the last checkpoint that it saw, and nothing else.
#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "kiosk/central/conformance_probe.h"
#include "kiosk/journal/merkle.h"
#include "kiosk/journal/note.h"

namespace torugart::central::conformance {
namespace {

namespace merkle = journal::merkle;

std::optional<HttpResponse> show(Probe& probe, std::int64_t old_size, const merkle::Proof& proof,
                                 const std::string& note) {
  std::string body = fmt::format("old {}\n", old_size);
  for (const auto& hash : proof)
    body += merkle::to_base64(merkle::to_bytes(hash)) + "\n";
  return probe.call("POST", "/v1/witness/add-checkpoint", {"Content-Type: text/plain", "Accept: text/plain"},
                    body + "\n" + note);
}

std::string status_fault(const Probe& probe, const std::optional<HttpResponse>& answer,
                         const std::vector<long>& good) {
  if (!answer) return probe.trouble();
  for (const long status : good)
    if (answer->status == status) return {};
  return said(*answer);
}

// A checkpoint of our own making, signed by `key`.
std::string signed_note(const journal::SigningKey& key, const std::string& lane, std::int64_t size,
                        const merkle::Hash& root) {
  journal::Checkpoint checkpoint;
  checkpoint.origin = journal::origin_of(lane);
  checkpoint.size = size;
  checkpoint.root = root;
  const auto text = journal::checkpoint_text(checkpoint);
  const auto signature = key.sign(text, checkpoint.origin);
  return signature ? journal::to_text({text, {*signature}}) : std::string();
}

std::string cosigned_fault(Probe& probe, const std::optional<HttpResponse>& answer, const std::string& note_text) {
  if (auto fault = status_fault(probe, answer, {200}); !fault.empty()) return fault;
  auto note = journal::parse_note(note_text);
  const auto lines = journal::parse_signature_lines(answer->body);
  if (!note || !lines) return "the answer is no signature line";
  for (const auto& line : *lines)
    for (const auto& key : probe.keys())
      if (journal::cosigned_by({note->text, {line}}, {line.name, journal::PublicKey::kCosignature, key.bytes}))
        return {};
  return "the cosignature is not by a key that also signs statements";
}

// The size that a witness names in a 409; -1: none.
std::int64_t size_in(const std::optional<HttpResponse>& answer) {
  const auto* type = answer->header("content-type");
  if (type == nullptr || !type->starts_with("text/x.tlog.size")) return -1;
  std::int64_t size = -1;
  std::from_chars(answer->body.data(), answer->body.data() + answer->body.size(), size);
  return size;
}

}  // namespace

void check_witness(Probe& probe) {
  auto& lane = probe.lane_journal();
  const auto vkey = lane.public_key();
  const bool known = probe.check("witness.key", "the lane's first key is taken (201), or known (200)", [&] {
    const auto answer = probe.post_json("/v1/witness/keys", nlohmann::json{{"vkey", vkey}}.dump());
    return probe.expect(answer, {200, 201});
  });
  if (!known) return probe.skip("witness.checkpoint", "the key is not known");
  auto foreign = journal::SigningKey::generate();
  bool made = false;
  const auto own = journal::signing_key_from_file(journal::key_path(probe.journal_path()), made);
  const auto signed_up_to = lane.checkpoint();
  const auto newest = probe.reader().newest_checkpoint();
  if (!foreign || !own || !signed_up_to || !newest || !*newest)
    return probe.skip("witness.checkpoint", "the test lane's journal cannot be signed");
  probe.check("witness.key-change", "another key is taken only when the lane's own events record the change: 403",
              [&] {
                const auto other = foreign->public_key(journal::origin_of(probe.lane())).vkey();
                return probe.expect(probe.post_json("/v1/witness/keys", nlohmann::json{{"vkey", other}}.dump()),
                                    {403}, "key");
              });
  probe.check("witness.key-invalid", "what is no key of this lane: 422", [&] {
    return probe.expect(probe.post_json("/v1/witness/keys", R"({"vkey":"somebody+00000000+AAAA"})"), {400, 422});
  });

  // From nothing, or from what an earlier run of this check left there.
  const auto& checkpoint = **newest;
  std::int64_t seen = 0;
  probe.check("witness.signed", "a checkpoint that this lane's key did not sign: 403", [&] {
    const auto parsed = journal::parse_checkpoint(journal::parse_note(checkpoint.note)->text);
    return status_fault(probe, show(probe, 0, {}, signed_note(*foreign, probe.lane(), parsed->size, parsed->root)),
                        {403});
  });
  const bool good = probe.check("witness.checkpoint", "what continues the last one seen is cosigned", [&] {
    auto answer = show(probe, 0, {}, checkpoint.note);
    if (answer && answer->status == 409 && size_in(answer) > 0) {
      seen = size_in(answer);
      const auto proof = probe.reader().consistency_proof(seen, checkpoint.size);
      if (!proof) return proof.error().text();
      answer = show(probe, seen, *proof, checkpoint.note);
    }
    return cosigned_fault(probe, answer, checkpoint.note);
  });
  if (!good) return probe.skip("witness.continues", "the first checkpoint was not cosigned");
  probe.append("", inspection::ClockJumped{1});
  if (!lane.checkpoint()) return probe.skip("witness.continues", "the test lane's journal cannot be signed");
  const auto next = probe.reader().newest_checkpoint().value_or(std::nullopt);
  const auto proof = probe.reader().consistency_proof(checkpoint.size, next->size);
  if (!proof) return probe.skip("witness.continues", proof.error().text());
  probe.check("witness.old-size", "another old size than that of the last one seen: 409 with that size", [&] {
    const auto answer = show(probe, 0, {}, next->note);
    if (auto fault = status_fault(probe, answer, {409}); !fault.empty()) return fault;
    if (size_in(answer) == checkpoint.size) return std::string();
    return fmt::format("the answer names {}, the last one seen is {}", size_in(answer), checkpoint.size);
  });
  probe.check("witness.fork", "a larger tree that does not contain the one seen is not cosigned: 409, 422", [&] {
    const auto forged = signed_note(*own, probe.lane(), next->size, merkle::sha256("another history"));
    return status_fault(probe, show(probe, checkpoint.size, *proof, forged), {409, 422});
  });
  probe.check("witness.same-size", "another tree of the same size is not cosigned: 409, 422", [&] {
    const auto forged = signed_note(*own, probe.lane(), checkpoint.size, merkle::sha256("another history"));
    return status_fault(probe, show(probe, checkpoint.size, {}, forged), {409, 422});
  });
  probe.check("witness.shrunk", "a tree smaller than the one seen is not cosigned: 400, 409, 422", [&] {
    const auto forged = signed_note(*own, probe.lane(), checkpoint.size - 1, merkle::sha256("another history"));
    return status_fault(probe, show(probe, checkpoint.size, {}, forged), {400, 409, 422});
  });
  probe.check("witness.continues", "the next checkpoint, with its consistency proof, is cosigned", [&] {
    // its event first, so that the centre can hold the root against what it has
    const auto sent = probe.post_batch(events_batch(probe.records(next->size)));
    if (auto fault = probe.expect(sent, {200}); !fault.empty()) return fault;
    return cosigned_fault(probe, show(probe, checkpoint.size, *proof, next->note), next->note);
  });
}

}  // namespace torugart::central::conformance
