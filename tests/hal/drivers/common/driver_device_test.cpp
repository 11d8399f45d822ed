// The life cycle that all real drivers share, driven by a device made of a script.
#include "hal/drivers/common/driver_device.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <future>

#include "hal/drivers/common/settings.h"

namespace torugart::hal::drivers {
namespace {

class Scripted final : public DriverDevice<CodeReader> {
 public:
  using Step = std::function<Error(Scripted&, const std::stop_token&)>;
  explicit Scripted(std::deque<Step> steps)
      : DriverDevice({"hand", DeviceKind::code_reader, "scripted", {}, "bench:1"}, system_clock(), "Scripted"),
        steps_(std::move(steps)) {}
  ~Scripted() override { close(); }

  static const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
  }
  using DriverDevice::came_alive;
  using DriverDevice::emit;
  using DriverDevice::pause;

 private:
  Error session(const std::stop_token& stop) override {
    if (steps_.empty()) {
      came_alive();
      pause(stop, std::chrono::hours(1));
      return {};
    }
    auto step = std::move(steps_.front());
    steps_.pop_front();
    return step(*this, stop);
  }
  std::deque<Step> steps_;
};

// Waits until the device has said every one of these summaries, in this order.
std::vector<std::string> summaries_until(Scripted& device, const std::string& last) {
  std::mutex mutex;
  std::vector<std::string> said;
  std::promise<void> done;
  bool seen = false;
  EXPECT_TRUE(device.open([](const CodeRead&) {},
                          [&](const Health& h) {
                            const std::lock_guard lock(mutex);
                            said.push_back(h.summary);
                            if (h.summary == last && !seen) {
                              seen = true;
                              done.set_value();
                            }
                          }));
  EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  device.close();
  return said;
}

TEST(DriverDevice, AFaultIsFollowedByRecoveringAndReady) {
  Scripted device({[](Scripted&, const std::stop_token&) {
    return Error{ErrorCode::unreachable, "no answer", "", "check the cable"};
  }});
  EXPECT_EQ(summaries_until(device, "ready"),
            (std::vector<std::string>{"connecting", "no answer", "connecting again", "ready"}));
}

TEST(DriverDevice, AnExceptionOfALibraryIsAFaultAndNotTheEnd) {
  Scripted device({[](Scripted&, const std::stop_token&) -> Error { throw std::runtime_error("boom"); }});
  const auto said = summaries_until(device, "ready");
  ASSERT_EQ(said.size(), 4U);
  EXPECT_EQ(said[1], "the driver failed: boom");
}

TEST(DriverDevice, CloseWakesAPauseAndSilencesTheHandlers) {
  Scripted device({});
  std::atomic<int> calls{0};
  std::promise<void> ready;
  ASSERT_TRUE(device.open([](const CodeRead&) {},
                          [&](const Health& h) {
                            ++calls;
                            if (h.state == DeviceState::ready) ready.set_value();
                          }));
  ready.get_future().wait();
  device.close();  // the session sleeps for an hour
  const int before = calls;
  EXPECT_EQ(device.health().state, DeviceState::closed);
  EXPECT_EQ(calls, before);
}

TEST(DriverSettings, AnUnknownKeyAndAWrongValueSayWhatWouldBeRight) {
  const DeviceConfig config{"x", DeviceKind::camera, "some", {{"port", "70000"}, {"colour", "red"}}, "lane.toml:3"};
  Settings wrong(config);
  EXPECT_EQ(wrong.number("port", 1, 1, 65535), 1);
  auto said = wrong.finish();
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().what, "device \"x\": port = \"70000\"");
  EXPECT_EQ(said.error().remedy, "write a whole number from 1 to 65535");
  EXPECT_EQ(said.error().where, "lane.toml:3");

  Settings unknown(config);
  EXPECT_EQ(unknown.text("port"), "70000");
  said = unknown.finish();
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().what, "device \"x\": driver some has no setting \"colour\"");
  EXPECT_EQ(said.error().remedy, "use one of: port");
}

TEST(DriverSettings, NotANumberIsNoNumber) {
  const DeviceConfig config{"x", DeviceKind::camera, "some", {{"a", "nan"}, {"b", "1e400"}, {"c", "2 "}}, ""};
  for (const char* key : {"a", "b", "c"}) {
    Settings s(config);
    EXPECT_EQ(s.real(key, 5, 0, 10), 5);
    EXPECT_FALSE(s.finish()) << key;
  }
}

}  // namespace
}  // namespace torugart::hal::drivers
