#include "hal/api/scan_guard.h"

#include <algorithm>
#include <utility>

namespace torugart::hal {

bool ChainGuard::read(const ChainReading& reading, std::int64_t now_us) {
  last_ = reading;
  follow_lock(reading);
  return look(now_us);
}

void ChainGuard::follow_lock(const ChainReading& reading) {
  bool stop_open = false, stops_closed = true, key_open = false, keys_closed = true, has_key = false;
  for (const auto& contact : reading.contacts) {
    if (contact.kind == ContactKind::emergency_stop) {
      stop_open = stop_open || contact.state == ContactState::open;
      stops_closed = stops_closed && contact.state == ContactState::closed;
    } else if (contact.kind == ContactKind::key) {
      has_key = true;
      key_open = key_open || contact.state == ContactState::open;
      keys_closed = keys_closed && contact.state == ContactState::closed;
    }
  }
  if (stop_open) {
    lock_ = Lock::pressed;
    return;
  }
  // A key that was taken out before the stop was pulled counts when it comes back; one turned while a stop is pressed
  // or not read does not.
  if (lock_ == Lock::pressed && stops_closed) lock_ = Lock::released;
  if (lock_ == Lock::released && stops_closed && key_open) lock_ = Lock::turned;
  if (lock_ == Lock::turned && stops_closed && has_key && keys_closed) lock_ = Lock::none;
}

bool ChainGuard::look(std::int64_t now_us) {
  if (!last_ || !last_->fresh(now_us)) return become(ChainState::unread, "The safety chain does not answer");
  if (last_->contacts.empty()) return become(ChainState::unread, "The safety chain has no contacts");
  const auto wrong = std::find_if(last_->contacts.begin(), last_->contacts.end(),
                                  [](const Contact& c) { return c.state != ContactState::closed; });
  if (wrong != last_->contacts.end()) {
    return become(ChainState::open, wrong->name + (wrong->state == ContactState::open ? " open" : " unknown"));
  }
  if (lock_ != Lock::none) return become(ChainState::locked_out, "Key to be turned after the emergency stop");
  return become(ChainState::closed, {});
}

void ChainGuard::restore_lock() {
  lock_ = Lock::pressed;
  if (state_ == ChainState::closed) become(ChainState::locked_out, "Key to be turned after the emergency stop");
}

bool ChainGuard::become(ChainState state, std::string says) {
  if (state == state_ && says == says_) return false;
  state_ = state;
  says_ = std::move(says);
  return true;
}

const char* to_string(ChainState state) {
  switch (state) {
    case ChainState::unread:
      return "unread";
    case ChainState::open:
      return "open";
    case ChainState::locked_out:
      return "locked_out";
    case ChainState::closed:
      return "closed";
  }
  return "unknown";
}

BeamLease::BeamLease(const Limits& limits) : limits_(limits) {
  limits_.warning_us = std::max(limits_.warning_us, XrayScanner::kWarningUs);
}

bool BeamLease::ask(std::int64_t now_us) {
  if (running()) return false;
  state_ = {Phase::warning, XrayScanner::kLeaseUs, limits_.warning_us, false};
  last_us_ = now_us;
  why_.clear();
  return true;
}

bool BeamLease::renew() {
  if (!running() || state_.withdrawn || state_.lease_left_us <= 0) return false;
  state_.lease_left_us = XrayScanner::kLeaseUs;
  return true;
}

void BeamLease::withdraw(ScanEnd end, std::string why) {
  if (!running() || state_.withdrawn) return;
  state_.withdrawn = true;
  end_ = end;
  why_ = std::move(why);
}

std::optional<BeamLease::Change> BeamLease::step(std::int64_t now_us, bool chain_closed, bool beam_reported) {
  const auto elapsed = now_us - last_us_;
  last_us_ = now_us;
  if (!running()) return std::nullopt;
  state_.lease_left_us -= elapsed;
  state_.phase_left_us -= elapsed;
  if (state_.withdrawn) return finish(end_, why_);
  if (!chain_closed) return finish(ScanEnd::chain_opened, "The safety chain opened");
  if (elapsed < 0 || state_.lease_left_us <= 0)
    return finish(ScanEnd::lease_expired, "The request was not renewed in time");
  const bool time_is_up = state_.phase_left_us <= 0;
  switch (state_.phase) {
    case Phase::idle:
      break;
    case Phase::warning:
      if (beam_reported && limits_.beam_is_reported)
        return finish(ScanEnd::device_fault, "The controller reports beam that nobody asked for");
      if (time_is_up) {
        state_.phase = Phase::asking;
        state_.phase_left_us = kBeamMustComeUs;
      }
      break;
    case Phase::asking:
      if (beam_reported || !limits_.beam_is_reported) {
        state_.phase = Phase::beam;
        state_.phase_left_us = limits_.longest_beam_us;
        return Change{ScanPhase::beam_on, 0, ScanEnd::complete, {}};
      }
      if (time_is_up) return finish(ScanEnd::device_fault, "The accelerator did not switch on");
      break;
    case Phase::beam:
      if (limits_.beam_is_reported && !beam_reported)
        return finish(ScanEnd::device_fault, "The accelerator switched off by itself");
      if (time_is_up) return finish(ScanEnd::timeout, "The truck did not pass through the beam in time");
      break;
  }
  return std::nullopt;
}

BeamLease::Change BeamLease::finish(ScanEnd end, std::string why) {
  state_ = {};
  return {ScanPhase::ended, 0, end, std::move(why)};
}

BeamLease::Output BeamLease::output() const {
  if (!running() || state_.withdrawn) return {};
  return {true, state_.phase == Phase::asking || state_.phase == Phase::beam};
}

void BeamLease::set_state(const State& state, std::int64_t now_us) {
  state_ = state;
  last_us_ = now_us;
  end_ = ScanEnd::withdrawn;
  why_.clear();
}

}  // namespace torugart::hal
