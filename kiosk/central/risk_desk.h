// The thread that answers risk queries and keeps the watch list. Used inside kiosk/central only.
//
//   asked ── centre answers within the deadline ──────────────> source central
//     ├──── answered before, same numbers and documents ─────> source cached (as_of: when it answered)
//     ├──── list held, signature good, in date ──────────────> source watch_list (as_of: when it was issued)
//     └──── else ────────────────────────────────────────────> source local_rule (unknown colour, scan required)
//
// An earlier answer is not lighter for the list: what hits in the list is added to it, and a stricter hit of the list
// makes it the list's answer.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "kiosk/central/board.h"
#include "kiosk/central/held_list.h"
#include "kiosk/central/http.h"

namespace torugart::central {

class RiskDesk {
 public:
  RiskDesk(const Config& config, Stores stores, std::vector<SigningKey> keys, Board& board);

  // Thread-safe.
  void ask(RiskQuery query, std::function<void(RiskAnswer)> answer);
  void try_now();

  void run(const std::stop_token& stop);  // the thread

 private:
  struct Asked {
    RiskQuery query;
    std::function<void(RiskAnswer)> answer;
    std::int64_t mono_us;
  };
  std::optional<Asked> next();
  bool broken_off_by_query();
  void serve(Asked asked, const std::stop_token& stop);
  tl::expected<inspection::RiskAssessed, Error> ask_centre(const Asked& asked, const std::stop_token& stop);
  inspection::RiskAssessed answer_offline(const RiskQuery& query) const;
  void load_list();
  void show_list();
  tl::expected<void, Error> fetch_list(const std::stop_token& stop);

  const Config& config_;
  Stores stores_;
  Board& board_;
  Http http_;
  Waker waker_;
  std::mutex mutex_;
  std::deque<Asked> waiting_;   // under mutex_
  std::stop_source list_call_;  // under mutex_; a query breaks off a list that crawls in
  HeldList list_;               // of this thread
};

}  // namespace torugart::central
