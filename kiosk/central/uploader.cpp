#include "kiosk/central/uploader.h"

#include <fmt/format.h>

#include <algorithm>

#include "kiosk/central/backoff.h"
#include "kiosk/central/wire.h"

namespace torugart::central {
namespace {

constexpr std::int64_t kTick_ms = 1'000;
constexpr std::int64_t kDay_us = std::int64_t{86'400} * 1'000'000;
constexpr std::int64_t kPatienceMax_ms = 3'600'000;  // longest Retry-After that is obeyed

tl::unexpected<Error> local(const journal::Error& e) {
  return tl::unexpected(Error{Failure::local, e.what, e.where, e.remedy});
}

}  // namespace

Uploader::Uploader(const Config& config, Stores stores, std::vector<SigningKey> keys, Board& board)
    : config_(config),
      stores_(stores),
      keys_(std::move(keys)),
      board_(board),
      http_(config),
      ledger_(stores),
      batch_events_(std::clamp<std::int64_t>(config.batch_events, 1, 10'000)) {}

tl::expected<void, Error> Uploader::load() {
  return ledger_.load();
}

void Uploader::run(const std::stop_token& stop) {
  Backoff backoff(config_.backoff_first_ms, config_.backoff_max_ms, board_.ambient().random);
  bool loaded = false;
  while (!stop.stop_requested()) {
    take_up_what_waited_long();
    auto did = loaded ? step(stop, false) : tl::expected<Did, Error>(Did::something);
    if (!loaded) {
      if (const auto ok = load())
        loaded = true;
      else
        did = tl::unexpected(ok.error());
    }
    if (stop.stop_requested()) return;
    show_figures();
    std::int64_t pause_ms = 0;
    if (!did) {
      board_.failed(did.error());
      pause_ms = std::max(backoff.failed_ms(), std::min(retry_after_ms_, kPatienceMax_ms));
    } else if (*did == Did::something) {
      backoff.succeeded();
      continue;
    } else {
      pause_ms = kTick_ms;
    }
    if (waker_.wait_ms(pause_ms, !did.has_value(), stop)) {
      take_up_again();
    }
  }
}

void Uploader::take_up_again() {
  stuck_files_.clear();
  stuck_crossings_.clear();
  witness_stuck_ = witness_off_ = false;
  aside_since_mono_us_ = 0;
}

void Uploader::take_up_what_waited_long() {
  const auto now = board_.ambient().mono_us();
  if (stuck_files_.empty() && stuck_crossings_.empty() && !witness_stuck_ && !witness_off_)
    aside_since_mono_us_ = 0;
  else if (aside_since_mono_us_ == 0)
    aside_since_mono_us_ = now;
  else if (now - aside_since_mono_us_ >= config_.set_aside_s * 1'000'000)
    take_up_again();
}

void Uploader::show_figures() {
  http_.refresh_identity();  // also where nothing is to be said for hours
  const auto& identity = http_.identity();
  if (identity.trouble() && !identity_trouble_told_) board_.failed(*identity.trouble());
  identity_trouble_told_ = identity.trouble().has_value();
  board_.update([&](Status& s) {
    ledger_.fill(s);
    if (identity.certificate())
      s.certificate_days = (identity.certificate()->not_after_wall_us - board_.ambient().wall_us()) / kDay_us;
  });
}

tl::expected<Uploader::Did, Error> Uploader::step(const std::stop_token& stop, bool everything) {
  retry_after_ms_ = 0;
  if (auto scanned = ledger_.scan(); !scanned) return tl::unexpected(scanned.error());
  const auto oldest_us = ledger_.first_unsent_wall_us();
  const bool ripe =
      oldest_us != 0 && (everything || board_.ambient().wall_us() - oldest_us > config_.ride_along_max_s * 1'000'000);
  if (ledger_.batch_due() || ripe) return send_batch(stop);
  if (const auto did = send_checkpoint(stop); !did || *did == Did::something) return did;
  if (const auto room_us = picture_not_before_us_ - board_.ambient().mono_us(); room_us > 0 && ledger_.file_waits()) {
    waker_.wait_ms(std::min(room_us / 1000 + 1, kTick_ms), false, stop);  // a new event ends it, and goes first
    return Did::something;
  }
  if (const auto did = send_file(stop); !did || *did == Did::something) return did;
  if (const auto asked = ledger_.next_receipt(config_.lane, stuck_crossings_)) return get_receipt(*asked, stop);
  return Did::nothing;
}

tl::expected<HttpResponse, Error> Uploader::call(HttpRequest request, const std::stop_token& stop) {
  if (request.deadline_ms == 0) request.deadline_ms = config_.call_deadline_ms;
  auto response = http_.call(request, stop);
  if (!response) return response;
  if (const auto* later = response->header("retry-after")) {
    std::int64_t seconds = 0;
    for (const char c : *later)
      seconds = c >= '0' && c <= '9' && seconds < 100'000 ? seconds * 10 + (c - '0') : seconds;
    retry_after_ms_ = seconds * 1000;
  }
  if (response->status < 500 && response->status != 401 && response->status != 403) board_.heard(*response);
  return response;
}

tl::expected<Uploader::Did, Error> Uploader::send_batch(const std::stop_token& stop) {
  const std::string path = "/v1/events";
  auto records = stores_.events->events(ledger_.sent() + 1, static_cast<int>(batch_events_));
  if (!records) return local(records.error());
  std::size_t count = 0;
  std::int64_t bytes = 0;
  bool real = false;
  for (const auto& record : *records) {
    bytes += static_cast<std::int64_t>(record.text.size()) + 400;
    if (count > 0 && (bytes > config_.batch_bytes || record.event.seq > ledger_.scanned())) break;
    real = real || !rides_along(record.event.payload);
    ++count;
  }
  if (count == 0) return Did::nothing;
  records->resize(count);
  const auto& first = records->front();
  const auto& last = records->back();
  const auto response =
      call({"POST",
            path,
            {"Content-Type: application/cloudevents-batch+json", "Accept: application/json",
             fmt::format("Idempotency-Key: {}-{}-{}-{}", config_.lane, first.event.seq, last.event.seq, last.hash)},
            events_batch(*records),
            0},
           stop);
  if (!response) return tl::unexpected(response.error());
  if (error_of(*response, path)) return batch_refused(*response, first.event.seq);
  const auto accepted = accepted_from(response->body);
  if (!accepted) return tl::unexpected(accepted.error());
  if (accepted->up_to < last.event.seq)
    return tl::unexpected(Error{Failure::bad_answer, "The centre took only part of a batch", path, ""});
  if (accepted->up_to == last.event.seq && accepted->head_hash != last.hash)
    return tl::unexpected(Error{Failure::conflict, "The centre holds another record than this lane", path,
                                "Do not delete anything; call support"});
  if (auto kept = ledger_.batch_sent(last.event.seq); !kept) return tl::unexpected(kept.error());
  batch_events_ = std::clamp<std::int64_t>(config_.batch_events, 1, 10'000);
  if (real) board_.uploaded(last.event.seq);
  return Did::something;
}

tl::expected<Uploader::Did, Error> Uploader::batch_refused(const HttpResponse& response, std::int64_t first) {
  const auto problem = problem_of(response.body);
  if (response.status == 413 && batch_events_ > 1) {
    batch_events_ /= 2;
    return Did::something;
  }
  // The centre has less than it said before (it was restored from a copy): it gets everything from there again.
  if (response.status == 409 && problem.type == "urn:torugart:problem:gap" && problem.expected_seq &&
      *problem.expected_seq >= 1 && *problem.expected_seq < first) {
    if (auto back = ledger_.rewind(*problem.expected_seq - 1); !back) return tl::unexpected(back.error());
    return Did::something;
  }
  return tl::unexpected(*error_of(response, "/v1/events"));
}

tl::expected<Uploader::Did, Error> Uploader::get_receipt(const ReceiptRequest& asked, const std::stop_token& stop) {
  const std::string path = "/v1/receipts";
  const auto response =
      call({"POST", path, {"Content-Type: application/json", "Accept: application/json"}, receipt_request(asked), 0},
           stop);
  if (!response) return tl::unexpected(response.error());
  if (auto error = error_of(*response, path)) {
    const auto problem = problem_of(response->body);
    if (response->status == 409 && problem.type == "urn:torugart:problem:incomplete" &&
        !problem.missing_files.empty()) {
      if (auto again = ledger_.files_missing(asked.crossing, problem.missing_files); !again)
        return tl::unexpected(again.error());
      // as a failure, so that a centre that keeps losing files is not hammered
      return tl::unexpected(Error{Failure::bad_answer, "The centre lacks a file that it had taken; it is sent again",
                                  problem.missing_files.front(), ""});
    }
    if (error->failure == Failure::conflict || error->failure == Failure::bad_answer)
      stuck_crossings_.push_back(asked.crossing);
    return tl::unexpected(std::move(*error));
  }
  auto statement = statement_from(response->body, 4096);
  if (!statement) return tl::unexpected(statement.error());
  const auto payload = verified_payload(*statement, kReceiptType, keys_);
  if (!payload) return tl::unexpected(payload.error());
  const auto receipt = receipt_from(*payload, asked, std::move(*statement));
  if (!receipt) return tl::unexpected(receipt.error());
  ledger_.receipt_given(asked.crossing, asked.up_to);
  board_.receipt(*receipt);
  return Did::something;
}

}  // namespace torugart::central
