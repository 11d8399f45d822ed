#include "hal/drivers/wire/framer.h"

#include <gtest/gtest.h>

#include <vector>

#include "hal/drivers/common/settings.h"
#include "hal/drivers/wire/stream.h"

namespace torugart::hal::drivers::wire {
namespace {

std::vector<std::string> lines(LineFramer& framer, std::string_view bytes, std::size_t piece) {
  std::vector<std::string> out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    framer.push(bytes.substr(0, piece), [&](std::string_view line) { out.emplace_back(line); });
  return out;
}

TEST(LineFramer, TornAndGluedComeOutTheSame) {
  const std::vector<std::string> wanted{"GB,1", "NB,2", "GX,3"};
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 100U}) {
    LineFramer framer;
    EXPECT_EQ(lines(framer, "GB,1\r\nNB,2\n\r\n\nGX,3\r", piece), wanted) << piece;
  }
}

TEST(LineFramer, ALineWithoutEndIsCutAndCounted) {
  LineFramer framer;
  const auto out = lines(framer, std::string(100'000, 'x') + "\nGB,1\n", 700);
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0].size(), LineFramer::kLongest);
  EXPECT_EQ(out[1], "GB,1");
  EXPECT_EQ(framer.cut(), 1U);
}

TEST(Address, IsAHostOrASerialLineAndNotBoth) {
  const auto address = [](std::map<std::string, std::string> given) -> std::string {
    const DeviceConfig config{"x", DeviceKind::weighbridge, "d", std::move(given), "lane.toml:3"};
    Settings settings(config);
    const auto out = address_of(settings, 1701, true);
    const auto checked = settings.finish();
    return checked ? out.text() : checked.error().what;
  };
  EXPECT_EQ(address({{"host", "10.0.0.1"}}), "10.0.0.1:1701");
  EXPECT_EQ(address({{"serial", "/dev/ttyS0"}, {"framing", "7E1"}}), "/dev/ttyS0");
  EXPECT_EQ(address({}), "device \"x\": nothing says where the machine is");
  EXPECT_EQ(address({{"host", "a"}, {"serial", "b"}}), "device \"x\": both host and serial are given");
  EXPECT_EQ(address({{"serial", "b"}, {"baud", "9601"}}), "device \"x\": baud = \"9601\"");
}

TEST(Stream, NobodyThereIsSaidInWords) {
  Address nowhere;
  nowhere.host = "127.0.0.1";
  nowhere.port = 1;
  const auto stream = Stream::open(nowhere, std::chrono::seconds(1));
  ASSERT_FALSE(stream);
  EXPECT_NE(stream.error().what.find("cannot be reached at 127.0.0.1:1"), std::string::npos);
  Address no_line;
  no_line.serial = "/dev/null";
  EXPECT_FALSE(Stream::open(no_line, std::chrono::seconds(1)));
}

}  // namespace
}  // namespace torugart::hal::drivers::wire
