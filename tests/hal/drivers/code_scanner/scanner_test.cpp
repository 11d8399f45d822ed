// The driver on a pseudo-terminal, and on recorded streams of input events through a pipe.
#include <gtest/gtest.h>
#include <linux/input.h>
#include <sys/stat.h>

#include "hal/drivers/code_scanner/code_scanner.h"
#include "tests/conformance/probe.h"
#include "tests/support/peer_process.h"
#include "tests/support/pseudo_terminal.h"

namespace torugart::hal::code_scanner {
namespace {

using conformance::Probe;
using peers::wait_until;
using Settings = std::map<std::string, std::string>;

Result<std::unique_ptr<CodeReader>> make(const Settings& settings, const Clock& clock) {
  Registry registry;
  register_driver(registry);
  auto lane = registry.make_lane({{"hand", DeviceKind::code_reader, "code_scanner", settings, "lane.toml:4"}}, clock);
  if (!lane) return tl::unexpected(lane.error());
  return std::move(lane->code_readers.at(0));
}

class Rig {
 public:
  explicit Rig(const Settings& settings) : reader_(std::move(*make(settings, clock_))), probe_(*reader_) {
    EXPECT_TRUE(probe_.open());
  }
  CodeReader& reader() { return *reader_; }
  bool ready() {
    return wait_until([&] { return reader_->health().state == DeviceState::ready; });
  }
  bool reads(std::size_t count) {
    return wait_until([&] { return probe_.count() >= count; });
  }
  std::vector<CodeRead> codes() const { return probe_.messages(); }
  bool shows(const std::string& text) {
    return wait_until([&] {
      for (const auto& h : probe_.health())
        if (h.state == DeviceState::faulted && h.summary == text && !h.remedy.empty()) return true;
      return false;
    });
  }

 private:
  SystemClock clock_;
  std::unique_ptr<CodeReader> reader_;
  Probe<CodeReader> probe_;
};

TEST(CodeScanner, SerialCodesTornAndGlued) {
  const peers::PseudoTerminal line;
  Rig rig(Settings{{"port", line.path()}, {"baud", "115200"}});
  ASSERT_TRUE(rig.ready());
  for (const char c : std::string("]C1XD72581267\r"))
    line.send(std::string(1, c));
  line.send("]Q1one\r\n]L0two\r\n");
  ASSERT_TRUE(rig.reads(3));
  EXPECT_EQ(rig.codes()[0].text, "XD72581267");
  EXPECT_EQ(rig.codes()[0].symbology, "Code128");
  EXPECT_EQ(rig.codes()[2].symbology, "PDF417");
}

TEST(CodeScanner, AScannerWithoutATerminatorIsReadAfterAPause) {
  const peers::PseudoTerminal line;
  Rig rig(Settings{{"port", line.path()}, {"quiet_ms", "60"}});
  ASSERT_TRUE(rig.ready());
  line.send("SEAL-1");
  ASSERT_TRUE(rig.reads(1));
  EXPECT_EQ(rig.codes()[0].text, "SEAL-1");
}

TEST(CodeScannerFault, UnpluggedAndPluggedInAgain) {
  peers::PseudoTerminal line;
  Rig rig(Settings{{"port", line.path()}});
  ASSERT_TRUE(rig.ready());
  line.send("half a co");
  line.unplug();
  EXPECT_TRUE(rig.shows("the code scanner was unplugged"));
  EXPECT_TRUE(rig.shows("the code scanner is not plugged in"));
  line.plug_in();
  ASSERT_TRUE(rig.ready());
  line.send("after\r");
  ASSERT_TRUE(rig.reads(1));
  EXPECT_EQ(rig.codes()[0].text, "after") << "half a code before the cable was pulled is none";
}

TEST(CodeScannerFault, NoiseAndAFloodAreSurvived) {
  const peers::PseudoTerminal line;
  Rig rig(Settings{{"port", line.path()}});
  ASSERT_TRUE(rig.ready());
  line.send(std::string(6000, '\x01') + std::string(9000, 'A') + "\r");
  for (int i = 0; i < 500; ++i)
    line.send("]C1N" + std::to_string(i) + "\r");
  ASSERT_TRUE(rig.reads(500));
  EXPECT_EQ(rig.codes()[0].text, "N0");
  EXPECT_EQ(rig.codes().back().text, "N499");
}

TEST(CodeScannerFault, APortThatIsNoSerialLineAndOneThatIsNoKeyboard) {
  Rig serial(Settings{{"port", "/dev/null"}});
  EXPECT_TRUE(serial.shows("the code scanner's port is no serial line"));
  const peers::PseudoTerminal line;
  Rig keyboard(Settings{{"port", line.path()}, {"type", "keyboard"}});
  EXPECT_TRUE(keyboard.shows("the code scanner's port is no keyboard"));
}

TEST(CodeScanner, ARecordedKeyboardScannerTypesACode) {
  const auto pipe = (std::filesystem::temp_directory_path() / ("torugart_keys_" + std::to_string(getpid()))).string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  {
    Rig rig(Settings{{"port", pipe}, {"type", "keyboard"}});
    ASSERT_TRUE(rig.ready());
    const int end = ::open(pipe.c_str(), O_WRONLY);
    ASSERT_GE(end, 0);
    std::string stream;
    const auto event = [&stream](std::uint16_t type, std::uint16_t code, std::int32_t value) {
      input_event e{};
      e.type = type;
      e.code = code;
      e.value = value;
      stream.append(reinterpret_cast<const char*>(&e), sizeof e);
    };
    event(EV_MSC, MSC_SCAN, 0x70004);
    for (const int key : {KEY_1, KEY_0, KEY_MINUS, KEY_A, KEY_ENTER}) {
      event(EV_KEY, static_cast<std::uint16_t>(key), 1);
      event(EV_SYN, SYN_REPORT, 0);
      event(EV_KEY, static_cast<std::uint16_t>(key), 0);
      event(EV_SYN, SYN_REPORT, 0);
    }
    // torn in the middle of an event
    ASSERT_EQ(::write(end, stream.data(), 37), 37);
    ASSERT_EQ(::write(end, stream.data() + 37, stream.size() - 37), static_cast<ssize_t>(stream.size() - 37));
    EXPECT_TRUE(rig.reads(1));
    EXPECT_EQ(rig.codes().at(0).text, "10-a");
    ::close(end);
  }
  std::remove(pipe.c_str());
}

TEST(CodeScannerSettings, WhatCannotBeMeantIsRefused) {
  const SystemClock clock;
  EXPECT_FALSE(make({}, clock));
  EXPECT_FALSE(make({{"port", "/dev/x"}, {"baud", "9601"}}, clock));
  EXPECT_FALSE(make({{"port", "/dev/x"}, {"format", "8E3"}}, clock));
  EXPECT_FALSE(make({{"port", "/dev/x"}, {"type", "keyboard"}, {"baud", "9600"}}, clock));
  EXPECT_TRUE(make({{"port", "/dev/x"}, {"format", "7E1"}}, clock));
}

}  // namespace
}  // namespace torugart::hal::code_scanner
