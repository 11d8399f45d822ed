#include "kiosk/central/board.h"

#include <algorithm>
#include <chrono>

namespace torugart::central {
namespace {

bool noticeable(const Status& a, const Status& b) {
  const auto words = [](const std::optional<Error>& e) { return e ? e->what + e->where : std::string(); };
  return a.online != b.online || words(a.last_error) != words(b.last_error) || a.development != b.development ||
         a.receipts_waiting != b.receipts_waiting || a.sent_up_to != b.sent_up_to ||
         a.watch_list_as_of_wall_us != b.watch_list_as_of_wall_us || a.certificate_days != b.certificate_days ||
         a.files_waiting != b.files_waiting;
}

bool progressed(const Status& a, const Status& b) {
  return a.events_waiting != b.events_waiting || a.bytes_waiting != b.bytes_waiting ||
         a.clock_skew_ms != b.clock_skew_ms || a.oldest_waiting_wall_us != b.oldest_waiting_wall_us;
}

constexpr std::int64_t kProgressEvery_us = 300'000;

}  // namespace

Status Board::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Board::update(const std::function<void(Status&)>& change) {
  Status before, after;
  {
    const std::lock_guard lock(mutex_);
    before = status_;
    change(status_);
    after = status_;
  }
  tell(before, after);
}

void Board::tell(const Status& before, const Status& after) {
  if (!callbacks_.on_status) return;
  const bool notice = noticeable(before, after);
  if (!notice && !progressed(before, after)) return;
  const std::lock_guard lock(calling_);
  const auto now = ambient_.mono_us();
  if (!notice && now - told_mono_us_ < kProgressEvery_us) return;
  told_mono_us_ = now;
  callbacks_.on_status(status());
}

void Board::heard(const HttpResponse& response) {
  const auto now = ambient_.wall_us();
  update([&](Status& s) {
    if (!s.online || s.since_wall_us == 0) s.since_wall_us = now;
    s.online = true;
    s.development = response.header("x-torugart-development") != nullptr;
    // the header was written about half a round trip ago, cut to the second: its middle is the best guess
    if (response.date_s)
      s.clock_skew_ms = (now - response.round_trip_us / 2 - *response.date_s * 1'000'000 - 500'000) / 1000;
  });
}

void Board::failed(const Error& error) {
  const auto now = ambient_.wall_us();
  update([&](Status& s) {
    s.last_error = error;
    s.last_error_wall_us = now;
    const bool line = error.failure != Failure::local && error.failure != Failure::conflict &&
                      error.failure != Failure::bad_answer && error.failure != Failure::too_old;
    if (line && (s.online || s.since_wall_us == 0)) {
      s.online = false;
      s.since_wall_us = now;
    }
  });
}

void Board::uploaded(std::int64_t up_to) {
  const std::lock_guard lock(calling_);
  if (callbacks_.on_uploaded) callbacks_.on_uploaded(up_to);
}

void Board::receipt(const inspection::Acknowledged& receipt) {
  const std::lock_guard lock(calling_);
  if (callbacks_.on_receipt) callbacks_.on_receipt(receipt);
}

void Board::answer(const std::function<void(RiskAnswer)>& to, RiskAnswer answer) {
  const std::lock_guard lock(calling_);
  if (to) to(std::move(answer));
}

void Waker::wake(bool urgent) {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    urgent_ = urgent_ || urgent;
  }
  changed_.notify_all();
}

bool Waker::wait_ms(std::int64_t ms, bool only_urgent, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, std::chrono::milliseconds(std::max<std::int64_t>(0, ms)),
                    [&] { return urgent_ || (woken_ && !only_urgent); });
  const bool was_urgent = urgent_;
  woken_ = urgent_ = false;
  return was_urgent;
}

}  // namespace torugart::central
