// The two state machines of a scan request, as safety_chain.md draws them. Pure: no threads, no clock of their own,
// no memory but a few numbers, so that a test can visit every state that they can reach
// (tests/hal/api/scan_guard_exploration_test.cpp).
//
// ChainGuard reads the chain. The lane engine has one, and every driver that writes a request has one of its own.
// BeamLease is the request; the thread that writes the outputs owns it.
//
// Both are thread-bound. `now_us` is monotonic time (TimeStamp::mono_us).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "hal/api/safety_chain.h"
#include "hal/api/xray_scanner.h"

namespace torugart::hal {

enum class ChainState {
  unread,      // never read, stale, or no contact configured
  open,        // at least one contact open or unknown
  locked_out,  // every contact closed, but the key was not turned since the last emergency stop
  closed,      // may ask
};

class ChainGuard {
 public:
  // How far a person has come after an emergency stop. released: every emergency stop is closed again; turned: a key
  // contact was then seen open. When every key contact is closed again the lock is gone. A chain without a key
  // contact stays locked.
  enum class Lock { none, pressed, released, turned };

  // A reading has come. Both return true when the state or what it says has changed.
  bool read(const ChainReading& reading, std::int64_t now_us);
  // Time has passed: a reading grows stale without a new one.
  bool look(std::int64_t now_us);

  ChainState state() const { return state_; }
  bool may_ask() const { return state_ == ChainState::closed; }
  Lock lock() const { return lock_; }
  // Why not, for the inspector: "Door 1 open", "Key to be turned after the emergency stop"; empty when closed.
  const std::string& says() const { return says_; }

  // After a restart: what the record says was locked is locked.
  void restore_lock();

 private:
  void follow_lock(const ChainReading& reading);
  bool become(ChainState state, std::string says);

  std::optional<ChainReading> last_;
  Lock lock_ = Lock::none;
  ChainState state_ = ChainState::unread;
  std::string says_ = "The safety chain does not answer";
};

const char* to_string(ChainState state);

class BeamLease {
 public:
  enum class Phase { idle, warning, asking, beam };

  static constexpr std::int64_t kBeamMustComeUs = 5'000'000;

  struct Limits {
    std::int64_t warning_us = XrayScanner::kWarningUs;  // never shorter
    std::int64_t longest_beam_us = 300'000'000;         // a truck that stopped in the beam
    bool beam_is_reported = true;                       // the controller says when beam is on
  };
  // What the outputs must be until the next step.
  struct Output {
    bool lamp = false;
    bool request = false;
    bool operator==(const Output&) const = default;
  };
  struct Change {
    ScanPhase phase = ScanPhase::warning;
    std::int64_t remaining_us = 0;
    ScanEnd end = ScanEnd::complete;
    std::string why;
  };
  // Everything that matters for what comes next; durations, so that it does not depend on when.
  struct State {
    Phase phase = Phase::idle;
    std::int64_t lease_left_us = 0;
    std::int64_t phase_left_us = 0;  // of the warning; of the patience for beam; of the longest beam
    bool withdrawn = false;
    bool operator==(const State&) const = default;
  };

  BeamLease() = default;
  explicit BeamLease(const Limits& limits);

  bool running() const { return state_.phase != Phase::idle; }
  // False when a request runs. The caller has asked its ChainGuard; the next step looks again.
  bool ask(std::int64_t now_us);
  // False when nothing runs, or it is withdrawn already.
  bool renew();
  void withdraw(ScanEnd end, std::string why);

  // Once per cycle, right after the contacts were read and before the outputs are written; cycles of at most 50 ms.
  // Time between two steps counts against the lease in full, so that a process that was stopped wakes up without one.
  std::optional<Change> step(std::int64_t now_us, bool chain_closed, bool beam_reported);

  Output output() const;
  const State& state() const { return state_; }
  // For the exploration: any state may be continued from.
  void set_state(const State& state, std::int64_t now_us);

 private:
  Change finish(ScanEnd end, std::string why);

  Limits limits_;
  State state_;
  std::int64_t last_us_ = 0;
  ScanEnd end_ = ScanEnd::withdrawn;
  std::string why_;
};

}  // namespace torugart::hal
