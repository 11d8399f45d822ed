// A bad line: stands between a lane and the development centre, takes the lane's calls apart and passes them on, or does
// not. Everything that it does follows from its seed and the order of the calls.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/kiosk/central/rude_server.h"
#include "tests/support/dev_centre.h"

namespace torugart::central::testing {

// One call to the centre on a connection of its own, with the lane's certificate. The raw answer; empty when there was
// none. `send_bytes`: no more than so many bytes of the request are sent, then the connection is cut.
std::string call_centre(const DevCentre& centre, const std::string& lane, const RudeRequest& request,
                        std::size_t send_bytes = std::string::npos);

enum class Fault {
  none,
  drop,               // the call does not get there
  cut_request,        // half of it does
  lose_answer,        // it does, the answer does not come back
  cut_answer,         // half of the answer does
  delay,              // it gets there late
  ghost,              // the connection breaks, and the call gets there later, after newer ones
  server_error,       // 500
  unavailable,        // 503 with Retry-After
  too_many,           // 429
  not_found,          // 404 by something in between
  garbage,            // an answer that is none
  portal,             // 200 and a page to sign in at
  slow_drip,          // an answer byte by byte
  wrong_certificate,  // the next connections end at somebody else
};
inline constexpr int kFaults = 15;
std::string_view word(Fault fault);

class LineProxy {
 public:
  struct Plan {
    unsigned seed = 0;
    double share = 0;  // of calls that suffer
    int most = 0;      // faults; after them the line is good. < 0: for ever
    std::vector<Fault> kinds;
  };
  // `stranger`: a certificate and its key, of no authority that the lane trusts.
  LineProxy(const DevCentre& centre, std::string lane, std::string stranger_certificate, std::string stranger_key);
  ~LineProxy();

  void plan(Plan plan);
  std::string url() const { return server_->url(); }
  int faults() const { return suffered_; }
  int of(Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }
  void wait_for_ghosts();
  // What the lane gets instead of the centre's answer (raw, head and body). Before the first call.
  using Alter = std::function<std::string(const RudeRequest&, std::string answer)>;
  void alter(Alter alter) { alter_ = std::move(alter); }

 private:
  Fault next();
  void serve(RudeConnection& connection, const RudeRequest& request);

  const DevCentre& centre_;
  std::string lane_, stranger_certificate_, stranger_key_;
  std::mutex mutex_;
  Plan plan_;
  std::mt19937 random_;
  std::atomic<int> suffered_{0};
  std::array<std::atomic<int>, kFaults> counts_{};
  Alter alter_;
  std::vector<std::thread> ghosts_;  // under mutex_
  std::unique_ptr<RudeServer> server_;
};

}  // namespace torugart::central::testing
