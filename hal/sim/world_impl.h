// What World is made of, for the devices of this folder only. Internal to hal/sim.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "hal/sim/lane_model.h"

namespace torugart::hal::sim {

inline constexpr std::int64_t kStepUs = 10'000;

// A device that the world's thread steps.
class Stepped {
 public:
  virtual ~Stepped() = default;
  virtual void step() = 0;
};

// The world's hold on a device; `running` is held while it is stepped, so that detaching waits for the last handler.
struct Slot {
  std::mutex running;
  Stepped* device = nullptr;
};

struct World::Impl {
  Impl(Scenario s, const Clock& c, ManualClock* m) : clock(c), manual(m), model(s), scenario(std::move(s)) {}

  void run_manual(const std::stop_token& stop);
  void run_real(const std::stop_token& stop);
  void one_step();

  std::shared_ptr<Slot> attach(Stepped* device);
  static void detach(Slot& slot);

  const Clock& clock;
  ManualClock* manual;
  std::mutex mutex;  // model
  LaneModel model;
  const Scenario scenario;

  std::mutex slots_mutex;
  std::vector<std::shared_ptr<Slot>> slots;

  std::mutex time_mutex;  // manual: steps wanted and done
  std::condition_variable_any time_changed;
  std::int64_t wanted_steps = 0, done_steps = 0, left_over_us = 0;

  std::mutex thread_mutex;
  std::jthread thread;
};

}  // namespace torugart::hal::sim
