// Every state has a word of its own: they go into logs, journals and configuration files.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "hal/api/camera.h"
#include "hal/api/lane_signals.h"
#include "hal/api/portal_monitor.h"
#include "hal/api/safety_chain.h"
#include "hal/api/weighbridge.h"
#include "hal/api/xray_scanner.h"

namespace torugart::hal {
namespace {

template <class E>
void all_different(int count) {
  std::set<std::string> words;
  for (int i = 0; i < count; ++i)
    words.insert(to_string(static_cast<E>(i)));
  EXPECT_EQ(static_cast<int>(words.size()), count);
  EXPECT_EQ(words.count(""), 0U);
}

TEST(Names, AreAllDifferent) {
  all_different<DeviceKind>(7);
  all_different<DeviceState>(6);
  all_different<ErrorCode>(8);
  all_different<ClockState>(4);
  all_different<ContactKind>(6);
  all_different<ContactState>(3);
  all_different<LoopPlace>(4);
  all_different<LoopState>(3);
  all_different<Barrier>(2);
  all_different<BarrierState>(4);
  all_different<Light>(4);
  all_different<WeightStatus>(4);
  all_different<LineKind>(3);
  all_different<ScanPhase>(4);
  all_different<ScanEnd>(6);
  all_different<PortalCode>(15);
}

}  // namespace
}  // namespace torugart::hal
