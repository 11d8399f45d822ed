// An indicator's frames and noise through a pseudo-terminal.
#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "hal/drivers/toledo_scale/toledo_frame.h"
#include "hal/drivers/toledo_scale/toledo_scale.h"
#include "tests/support/wired_device.h"

namespace torugart::hal::drivers::toledo {
namespace {

struct Shown {
  int weight = 0, tare = 0;  // digits
  unsigned a = 0x2a;         // decimal point: none; increment 1
  unsigned b = 0x30;         // gross, kg, stable
  unsigned c = 0x20;
};

std::string frame(const Shown& s, bool checksum = true) {
  std::string out{0x02, static_cast<char>(s.a), static_cast<char>(s.b), static_cast<char>(s.c)};
  out += fmt::format("{:06}{:06}\r", s.weight, s.tare);
  unsigned sum = 0;
  for (const char c : out)
    sum += static_cast<unsigned char>(c);
  if (checksum) out.push_back(static_cast<char>((~sum + 1) & 0x7fU));
  return out;
}

Shown shown(int weight, unsigned b = 0x30, int tare = 0) {
  Shown out;
  out.weight = weight;
  out.b = b;
  out.tare = tare;
  return out;
}

std::vector<Frame> found(const std::string& bytes, bool checksum = true, std::size_t piece = 3) {
  FrameFinder finder(checksum);
  std::vector<Frame> out;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    finder.push(std::string_view(bytes).substr(at, piece), [&](const Frame& f) { out.push_back(f); });
  return out;
}

WeightReading kg(const Shown& s) {
  const auto all = found(frame(s));
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? WeightReading{} : reading_of(all[0], {}).value_or(WeightReading{});
}

TEST(ToledoFrame, WeightsHaveTheirPointUnitAndState) {
  EXPECT_DOUBLE_EQ(kg(shown(38'420)).gross_kg, 38'420);
  EXPECT_EQ(kg(shown(38'420)).status, WeightStatus::stable);
  auto s = shown(3842);
  s.a = 0x29;
  EXPECT_DOUBLE_EQ(kg(s).gross_kg, 38'420) << "point 001: a nought more";
  s.a = 0x2b;
  EXPECT_NEAR(kg(s).gross_kg, 384.2, 1e-9) << "point 011: one place";
  EXPECT_EQ(kg(shown(38'420, 0x38)).status, WeightStatus::motion);
  EXPECT_EQ(kg(shown(99'999, 0x34)).status, WeightStatus::overload);
  EXPECT_EQ(kg(shown(20, 0x36)).status, WeightStatus::underload);
  EXPECT_EQ(kg(shown(20, 0x32)).status, WeightStatus::underload) << "negative";
  EXPECT_DOUBLE_EQ(kg(shown(20'000, 0x31, 8'000)).gross_kg, 28'000) << "net and tare";
  EXPECT_NEAR(kg(shown(1000, 0x20)).gross_kg, 453.59, 0.01) << "lb";
  s = shown(38);
  s.c = 0x22;
  EXPECT_DOUBLE_EQ(kg(s).gross_kg, 38'000) << "t";
}

TEST(ToledoFrame, ADamagedFrameIsNoneAndTheNextIsFound) {
  const auto good = frame(shown(20'000));
  auto bad = frame(shown(12'345));
  bad[6] = '9';
  EXPECT_EQ(found(bad + good).size(), 1U);
  EXPECT_EQ(found(frame(shown(1)).substr(0, 9) + good).size(), 1U) << "half a frame before it";
  EXPECT_EQ(found("noise\x02\x02" + good + "\x02").size(), 1U);
  const auto plain = frame(shown(20'000), false);
  EXPECT_EQ(found(plain, false).size(), 1U);
  EXPECT_EQ(found(plain + plain, true).size(), 0U) << "no checksum where one is due";
}

class Scale : public testing::Test {
 protected:
  Scale() {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    ::grantpt(master_);
    ::unlockpt(master_);
    // The test holds the line open too, so that the terminal stays while the driver comes and goes.
    slave_ = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
    termios raw{};
    ::tcgetattr(slave_, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(slave_, TCSANOW, &raw);
    Registry registry;
    register_drivers(registry);
    auto lane = registry.make_lane({{"scale",
                                     DeviceKind::weighbridge,
                                     "toledo_scale",
                                     {{"serial", ::ptsname(master_)}, {"framing", "8N1"}},
                                     "bench:1"}},
                                   clock_);
    device_ = std::make_unique<tests::WiredDevice<Weighbridge>>(std::move(lane->weighbridge));
  }
  ~Scale() override {
    talker_ = {};
    device_.reset();
    unplug();
  }
  void unplug() {
    for (int* end : {&slave_, &master_}) {
      if (*end >= 0) ::close(*end);
      *end = -1;
    }
  }
  void say(const std::string& bytes) const {
    if (::write(master_, bytes.data(), bytes.size()) < 0) return;
  }
  // As an indicator does, again and again.
  void talk(const std::string& bytes) {
    talker_ = {};
    talker_ = std::jthread([this, bytes](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        say(bytes);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    });
  }
  void open() {
    ASSERT_TRUE(device_->open());
    talk(frame(shown(38'420)));
    ASSERT_TRUE(device_->ready());
  }
  bool recovers() {
    talk(frame(shown(38'420)));
    return device_->ready();
  }
  void expect_only_the_right_weight() {
    for (const auto& m : device_->messages())
      EXPECT_DOUBLE_EQ(m.gross_kg, 38'420);
  }

  SystemClock clock_;
  int master_ = -1, slave_ = -1;
  std::unique_ptr<tests::WiredDevice<Weighbridge>> device_;
  std::jthread talker_;
};

TEST_F(Scale, DeliversWhatTheIndicatorShows) {
  open();
  EXPECT_DOUBLE_EQ(device_->messages().at(0).gross_kg, 38'420);
}

TEST_F(Scale, AWrongUnitIsAFaultAndIsNeverConverted) {
  open();
  talk(frame(shown(38'420, 0x20)));
  EXPECT_NE(device_->fault("weighs in lb, this lane expects kg").find("set the indicator's unit"), std::string::npos);
  expect_only_the_right_weight();
  EXPECT_TRUE(recovers());
}

TEST_F(Scale, AnIndicatorThatWasNotZeroedIsSaid) {
  open();
  talk(frame(shown(38'420, 0x70)));
  EXPECT_NE(device_->fault("not set to zero").find("press zero"), std::string::npos);
  EXPECT_TRUE(recovers());
}

TEST_F(Scale, SilenceIsAFault) {
  open();
  talker_ = {};
  EXPECT_NE(device_->fault("silent for 3 s").find("continuous output"), std::string::npos);
  EXPECT_TRUE(recovers());
}

TEST_F(Scale, NoiseIsAFaultAndNoWeight) {
  open();
  talk(std::string(400, '\xa5') + std::string(100, '\x02'));
  EXPECT_NE(device_->fault("no frames of a Toledo indicator").find("check baud"), std::string::npos);
  expect_only_the_right_weight();
  EXPECT_TRUE(recovers());
}

TEST_F(Scale, AWrongChecksumIsNoWeight) {
  ASSERT_TRUE(device_->open());
  auto wrong = frame(shown(38'420));
  wrong.back() = static_cast<char>(wrong.back() ^ 1);
  talk(wrong + wrong + wrong + wrong + wrong + wrong + wrong + wrong);
  EXPECT_NE(device_->fault("no frames of a Toledo indicator"), "");
  EXPECT_TRUE(device_->messages().empty());
  EXPECT_TRUE(recovers());
}

TEST_F(Scale, DamagedFramesBetweenGoodOnesAreCounted) {
  open();
  talk(frame(shown(38'420)) + frame(shown(38'420)).substr(0, 8) + frame(shown(38'420)));
  EXPECT_TRUE(tests::wait_until([this] { return device_->figure("damaged") != "0"; }));
  EXPECT_EQ((**device_).health().state, DeviceState::ready);
  expect_only_the_right_weight();
}

TEST_F(Scale, OverloadMotionAndUnderloadAreStatesAndNoFaults) {
  open();
  const std::pair<unsigned, WeightStatus> all[] = {
      {0x34U, WeightStatus::overload}, {0x38U, WeightStatus::motion}, {0x32U, WeightStatus::underload}};
  for (const auto& one : all) {
    talk(frame(shown(99'999, one.first)));
    EXPECT_TRUE(tests::wait_until([&] { return device_->messages().back().status == one.second; }));
  }
  EXPECT_EQ((**device_).health().state, DeviceState::ready);
}

TEST_F(Scale, ALineThatIsNotThereIsSaid) {
  unplug();
  ASSERT_TRUE(device_->open());
  EXPECT_NE(device_->fault("cannot be reached at /dev/pts").find("check its power and cable"), std::string::npos);
}

TEST_F(Scale, ACableThatComesOutIsSaid) {
  open();
  talker_ = {};
  unplug();
  EXPECT_NE(device_->fault("was lost"), "");
}

}  // namespace
}  // namespace torugart::hal::drivers::toledo
