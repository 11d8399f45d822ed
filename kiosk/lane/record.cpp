// Events out: stamped, handed to the journal, folded. The engine goes on at once; what was asked for is "done" when
// the journal says that it is durable.
#include <utility>

#include "kiosk/lane/core.h"

namespace torugart::lane {
namespace {

constexpr std::int64_t kJumpUs = 500'000;
constexpr std::int64_t kLookAtDiskEveryUs = 250'000;

}  // namespace

hal::TimeStamp Core::stamp() {
  const auto now = clock_.now();
  const auto by = now.wall_us - now.mono_us - wall_minus_mono_us_;
  if (by > kJumpUs || by < -kJumpUs) {
    wall_minus_mono_us_ += by;
    record("", inspection::ClockJumped{by});
  }
  return now;
}

void Core::record(const std::string& crossing, Payload payload, const Who& who) {
  record(crossing, std::vector<Payload>{std::move(payload)}, who, 0);
}

void Core::record(const std::string& crossing, std::vector<Payload> payloads, const Who& who, std::uint64_t ticket) {
  const auto now = stamp();
  std::vector<inspection::Event> events;
  events.reserve(payloads.size());
  for (auto& payload : payloads) {
    inspection::Event event;
    event.lane = config_.lane_id;
    event.crossing = crossing;
    event.actor = who.account;
    event.role = who.role;
    event.second = who.second;
    event.device = who.device;
    event.mono_us = now.mono_us;
    event.wall_us = now.wall_us;
    event.clock = hal::to_string(now.clock);
    event.boot = boot_;
    event.payload = std::move(payload);
    events.push_back(std::move(event));
  }
  if (events.empty()) return;
  changed();
  // Behind what the journal could not take before, so that the order stays.
  if (!held_.empty() || !hand_over(events, ticket)) {
    held_.push_back({std::move(events), ticket});
    watch_storage();
  }
}

bool Core::hand_over(std::vector<inspection::Event>& events, std::uint64_t ticket) {
  const auto first =
      parts_.ledger->append(events, [this, gate = gate_, ticket](const journal::Result<std::int64_t>& result) {
        const std::lock_guard lock(gate->mutex);
        if (gate->open) inbox_.post([this, result, ticket] { on_durable(result, ticket); });
      });
  if (!first) {
    journal_refusal_ = first.error();
    return false;
  }
  journal_refusal_.reset();
  auto seq = *first;
  for (auto& event : events) {
    event.seq = seq++;
    fold(event);
  }
  watch_storage();
  return true;
}

void Core::retry_held() {
  while (!held_.empty() && hand_over(held_.front().events, held_.front().ticket))
    held_.pop_front();
  changed();
}

void Core::fold(const inspection::Event& event) {
  if (event.crossing.empty()) return;
  if (auto* v = visit(event.crossing)) {
    inspection::apply(v->fold, event);
    return;
  }
  for (auto& closed : recent_) {
    if (closed.id == event.crossing) inspection::apply(closed, event);
  }
}

void Core::on_durable(const journal::Result<std::int64_t>& result, std::uint64_t ticket) {
  if (result && parts_.centre) parts_.centre->events_appended();
  if (ticket != 0) {
    auto& answer = outcome(ticket);
    answer.done = true;
    answer.ok = result.has_value();
    if (!result) {
      answer.why_not = "The record could not be written to the disk";
      answer.detail = result.error().text();
    }
  }
  if (!result) journal_refusal_ = result.error();
  changed(ticket != 0);
}

// Looks at the disk only while something waits for it.
void Core::watch_storage() {
  if (timers_.has("storage")) return;
  timers_.set("storage", clock_.now().mono_us + kLookAtDiskEveryUs, [this] {
    if (!held_.empty()) retry_held();
    if (parts_.ledger->durable_seq() >= parts_.ledger->last_seq() && held_.empty()) return;
    changed();
    watch_storage();
  });
}

void Core::note_archive(const std::string& why_not) {
  if (archive_refusal_ == why_not) return;
  archive_refusal_ = why_not;
  changed();
}

void Core::close_visits() {
  for (auto it = visits_.begin(); it != visits_.end();) {
    if (it->fold.open()) {
      ++it;
      continue;
    }
    if (scan_.active && scan_.crossing == it->id) withdraw("The crossing ended");
    recent_.push_front(std::move(it->fold));
    if (recent_.size() > 3) recent_.pop_back();
    left_mono_us_ = clock_.now().mono_us;
    alarm_since_wall_us_ = 0;
    alarm_sigma_ = 0;
    alarm_detector_ = 0;
    for (auto& camera : cameras_)
      camera.found.clear();
    it = visits_.erase(it);
    changed();
    show_lights();
    drop_images();
  }
}

}  // namespace torugart::lane
