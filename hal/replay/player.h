// Plays recorded crossings through devices with driver name "replay", one vehicle after the other.
//
//   auto player = Player::open(directory, {.speed = 1.0}, clock);   // Result<std::shared_ptr<Player>>
//   replay::register_drivers(registry, *player);
//   (*player)->start();                       // real time; or advance_us() with a ManualClock
//
// A vehicle's walk:   gap --2 s--> present --(beam asked for)--> warning --> dark lines --> beam --> present
//                       ^             |
//                       |             | exit barrier raised, or wave_through()
//                       +--- leaving <+
// When the last crossing has left the lane stays empty: finished().
//
// Loops, barriers and the safety chain are not recorded: the chain is one contact that says so, since no beam exists.
// Thread-safe. Handlers are called on the player's thread. The clock must outlive the player.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hal/api/clock.h"
#include "hal/registry/registry.h"
#include "hal/replay/recording.h"

namespace torugart::hal::replay {

struct PlayerOptions {
  double speed = 1.0;               // times the recorded pace, 0.1 … 100
  std::int64_t gap_us = 2'000'000;  // between two vehicles
  int frames_per_second = 5;
  int lines_per_second = 250;
};

class Player {
 public:
  static Result<std::shared_ptr<Player>> open(const std::string& directory, PlayerOptions options,
                                              const Clock& clock);
  static Result<std::shared_ptr<Player>> open(const std::string& directory, PlayerOptions options,
                                              ManualClock& clock);
  ~Player();
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  void start();  // real time only
  void stop();
  void advance_us(std::int64_t us);  // manual only: in steps of 10 ms; not from a handler

  const std::vector<RecordedCrossing>& crossings() const;
  int current() const;    // index of the crossing in the lane; -1 = the lane is empty
  bool finished() const;  // every recorded vehicle has left
  void wave_through();    // as the exit barrier going up, but works with every device dead

  struct Impl;
  explicit Player(std::unique_ptr<Impl> impl);
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Every device kind under driver name "replay". A camera's setting "position" (front, rear, side) says which of the
// recorded views it shows; without it the device's id does.
void register_drivers(Registry& registry, const std::shared_ptr<Player>& player);

}  // namespace torugart::hal::replay
