// The lane's controller as all its devices see it: one connection, one thread, one cycle of 20 ms in which everything
// is read, the request for beam is looked at, and the outputs are written. The devices of a lane that name the same
// controller share one of these.
//
// The thread runs while somebody listens. Thread-safe.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <variant>
#include <vector>

#include "hal/api/beam_request.h"
#include "hal/api/scan_guard.h"
#include "hal/drivers/modbus_lane_io/register_map.h"

namespace torugart::hal::drivers::lane_io {

// What one cycle read. `at` was taken before the question was asked: nothing in it is older.
struct Image {
  TimeStamp at;
  ChainReading chain;
  std::array<std::optional<LoopState>, 4> loops;        // by LoopPlace; empty: the lane has none there
  std::array<std::optional<BarrierState>, 2> barriers;  // by Barrier
  bool beam_on = false;
  bool unasked_beam = false;   // for longer than the controller may take to switch off
  bool stands_still = false;   // the controller answers, but its program does not run
  bool second_master = false;  // somebody else wrote our outputs since the cycle before
  std::optional<double> dose_usv;
};

struct Figures {
  std::uint64_t cycles = 0, foreign_writes = 0;
  std::int64_t longest_cycle_us = 0;
};

class Controller {
 public:
  // An image comes when something has changed and at least every 100 ms; an Error is the last item of a subscription.
  using Item = std::variant<Image, ScanPhaseChange, Error>;

  class Subscription {
   public:
    // The next item; none when stopped or when nothing has come for a second.
    std::optional<Item> next(const std::stop_token& stop);

   private:
    friend class Controller;
    void put(Item item);
    std::mutex mutex_;
    std::condition_variable_any woken_;
    std::deque<Item> items_;
  };

  Controller(modbus::Target target, RegisterMap map, const Clock& clock, BeamLease::Limits limits);
  ~Controller();

  std::shared_ptr<Subscription> subscribe();
  void unsubscribe(const std::shared_ptr<Subscription>& subscription);

  Result<void> request_beam(const ScanRequest& request);
  Result<void> renew_lease();
  void withdraw(ScanEnd end, const std::string& reason);
  // Both wait for the cycle that writes it, at most a second.
  Result<void> set_barrier(Barrier barrier, bool up);
  Result<void> set_light(Barrier at, Light light);

  const RegisterMap& map() const { return map_; }
  Figures figures() const;

 private:
  using Command = std::function<Result<void>(const Image&)>;
  struct Waiting {
    Command apply;
    std::promise<Result<void>> done;
  };
  struct Pulse {
    std::uint16_t coil = 0;
    std::int64_t until_us = 0;
    bool lowers = false;
  };

  void run(const std::stop_token& stop);
  Result<void> begin();
  Result<void> cycle();
  Result<void> read_all();
  Image decode(TimeStamp at);
  bool bit(const Bit& b) const;
  double number(const Number& n) const;
  void follow_pulses(const Image& image);
  void start_pulse(Barrier barrier, bool up, const Image& image);
  Result<void> write_all(const Image& image);
  void lost(const Error& why);
  void publish(const Image& image);
  void tell(const Item& item);
  void tell_phase(const BeamLease::Change& change, TimeStamp at);
  Result<void> command(Command apply);

  const RegisterMap map_;
  const std::vector<RegisterMap::Block> blocks_;
  const std::vector<std::uint16_t> coils_;
  const Clock& clock_;

  // -- the thread's own
  modbus::Connection connection_;
  std::map<Point, std::uint16_t> raw_;
  std::map<std::uint16_t, bool> wanted_;  // coils
  std::array<std::optional<Pulse>, 2> pulses_;
  std::uint16_t heartbeat_ = 0;
  std::optional<std::uint16_t> alive_value_;
  std::int64_t alive_since_us_ = 0;
  std::optional<std::int64_t> unasked_since_us_;
  std::optional<Image> published_;
  bool written_once_ = false;

  mutable std::mutex mutex_;  // everything below
  std::condition_variable_any wake_;
  bool woken_ = false;
  bool linked_ = false;
  BeamLease lease_;
  ChainGuard guard_;
  std::string scan_;
  bool spare_cab_ = false;
  Figures figures_;
  std::deque<Waiting> commands_;
  std::vector<std::shared_ptr<Subscription>> subscriptions_;

  std::mutex life_;
  std::jthread thread_;
};

}  // namespace torugart::hal::drivers::lane_io
