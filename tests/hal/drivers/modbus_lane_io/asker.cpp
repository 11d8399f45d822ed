// A program that asks for beam through the driver, as the lane does, until somebody stops it. kill_test.cpp does.
//
// usage: asker PORT MAP      prints "beam" when beam is on
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "hal/drivers/modbus_lane_io/lane_io.h"

using namespace torugart::hal;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  SystemClock clock;
  Registry registry;
  drivers::lane_io::register_drivers(registry);
  const DeviceConfig device{"beam",
                            DeviceKind::beam_request,
                            "modbus_lane_io",
                            {{"host", "127.0.0.1"}, {"port", argv[1]}, {"map", argv[2]}},
                            "command line"};
  auto lane = registry.make_lane({device}, clock);
  if (!lane) return 2;
  auto& beam = *lane->beam;
  const auto opened = beam.open(
      [](const ScanPhaseChange& change) {
        std::printf("%s\n", change.phase == ScanPhase::beam_on ? "beam" : to_string(change.phase));
        std::fflush(stdout);
      },
      [](const Health&) {});
  if (!opened) return 2;
  while (!beam.request_beam({"s1", false}))
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  while (true) {
    (void)beam.renew_lease();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}
