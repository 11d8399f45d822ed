// What the client's two threads share: the status that people see, the callbacks (one at a time), and a way to sleep
// that a new event, a query or stop() ends. Used inside kiosk/central only.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>

#include "kiosk/central/centre.h"
#include "kiosk/central/client.h"
#include "kiosk/central/http.h"

namespace torugart::central {

// Thread-safe.
class Board {
 public:
  explicit Board(Ambient ambient) : ambient_(std::move(ambient)) {}

  void set_callbacks(Callbacks callbacks) { callbacks_ = std::move(callbacks); }  // before the threads begin

  Status status() const;
  // `change` edits the status; on_status follows when something a person would notice became different.
  void update(const std::function<void(Status&)>& change);
  // After every call: online or not, skew, development. An error that is the lane's own leaves `online` alone.
  void heard(const HttpResponse& response);
  void failed(const Error& error);

  void uploaded(std::int64_t up_to);
  void receipt(const inspection::Acknowledged& receipt);
  void answer(const std::function<void(RiskAnswer)>& to, RiskAnswer answer);

  const Ambient& ambient() const { return ambient_; }

 private:
  void tell(const Status& before, const Status& after);

  Ambient ambient_;
  Callbacks callbacks_;
  mutable std::mutex mutex_;  // of status_
  Status status_;
  std::mutex calling_;             // callbacks take turns
  std::int64_t told_mono_us_ = 0;  // under calling_
};

// A sleep that can be cut short. Thread-safe.
class Waker {
 public:
  void wake(bool urgent);
  // Returns at once when woken since the last wait. `only_urgent`: an ordinary wake does not end it (a pause after a
  // failure is not cut short by new events). True when an urgent wake ended it.
  bool wait_ms(std::int64_t ms, bool only_urgent, const std::stop_token& stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false, urgent_ = false;
};

}  // namespace torugart::central
