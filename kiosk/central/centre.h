// The central system as the lane sees it. The lane engine holds a Centre&; client.h is the real one, tests write
// theirs.
//
// Nothing here waits on the caller's thread. Callbacks come on threads of the Centre, one at a time, and never after
// stop() returned; they must be short (post to your own queue) and must not call stop().
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/central/error.h"
#include "kiosk/inspection/event.h"

namespace torugart::central {

struct RiskQuery {
  std::string crossing;
  inspection::Direction direction = inspection::Direction::unknown;
  std::vector<inspection::Number> numbers;
  std::vector<inspection::DocumentPresented> documents;
};

// There is always an answer. `risk.source` says from where: central within the deadline; else the cached watch list,
// with its date; else the local rule.
struct RiskAnswer {
  std::string crossing;  // of the query
  inspection::RiskAssessed risk;
  std::optional<Error> offline;  // why the centre did not answer; empty when it did
};

struct Status {
  bool online = false;             // the last call succeeded
  std::int64_t since_wall_us = 0;  // of that state; 0 before the first call ended
  std::optional<Error> last_error;
  std::int64_t last_error_wall_us = 0;

  std::int64_t events_waiting = 0;  // not yet at the centre; what rides along is counted too
  std::int64_t files_waiting = 0;
  std::int64_t bytes_waiting = 0;           // of files
  std::int64_t receipts_waiting = 0;        // crossings that ended and have no receipt yet
  std::int64_t oldest_waiting_wall_us = 0;  // oldest event that asks to be sent, or crossing without receipt; 0: none
  std::int64_t sent_up_to = 0;              // seq
  std::int64_t witnessed_up_to = 0;         // events under the last checkpoint that the centre cosigned; 0: none

  std::optional<std::int64_t> clock_skew_ms;  // this machine minus the centre, ± 1 s; empty until the first answer
  std::optional<std::int64_t> certificate_days;  // until the client certificate ends; negative: it has
  std::int64_t watch_list_as_of_wall_us = 0;     // 0: none held
  std::int64_t watch_list_valid_until_wall_us = 0;
  bool development = false;  // the other side calls itself a development system: the screen says so
};

struct Callbacks {
  // The centre holds every event up to this one. Called once per batch that carried something new; journal it as
  // `Uploaded`.
  std::function<void(std::int64_t up_to)> on_uploaded;
  // A receipt whose signature was verified. `signature` is the receipt whole, as received (a JWS in compact form), so
  // that it can be proven again from the journal alone. Journal it as `Acknowledged` under its crossing. Until that
  // event is seen in the journal the receipt comes again after every restart, so journalling it is what ends it;
  // twice does no harm.
  std::function<void(const inspection::Acknowledged& receipt)> on_receipt;
  // Something in Status changed that a person would notice. At most a few a second.
  std::function<void(const Status& status)> on_status;
};

class Centre {
 public:
  virtual ~Centre() = default;

  // Begins work. Call once.
  virtual void start(Callbacks callbacks) = 0;
  // Ends it: calls in flight are broken off, unanswered queries get no answer. Idempotent. Blocks for milliseconds.
  virtual void stop() = 0;

  // Thread-safe. The answer comes on a Centre's thread within the deadline (and a little). A later query for the same
  // crossing does not replace an earlier one: both are answered, in order.
  virtual void assess(RiskQuery query, std::function<void(RiskAnswer)> answer) = 0;

  // Thread-safe. Say it after appends became durable; without it they leave at the next tick (1 s).
  virtual void events_appended() = 0;

  // Thread-safe. Tries now instead of after the pause: for a "try again" button.
  virtual void try_now() = 0;

  // Thread-safe.
  virtual Status status() const = 0;
};

}  // namespace torugart::central
