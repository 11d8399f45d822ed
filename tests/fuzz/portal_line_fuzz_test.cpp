// Mutated lines of a portal monitor, in pieces: framer, line test, parser and monitor state take whatever comes.
#include <gtest/gtest.h>

#include <random>

#include "hal/drivers/rapiscan_portal/monitor_state.h"
#include "hal/drivers/wire/framer.h"
#include "tests/fuzz/mutate.h"

namespace torugart::hal::drivers::rapiscan {
namespace {

TEST(FuzzPortalLine, MutatedLinesNeverBreakIt) {
  const std::string good =
      "GB,000379,000371,000407,000371\r\nNB,000003,000000,000002,000000\r\nGS,000078,000070,000080,000071\r\n"
      "GA,000500,000500,000500,000500\r\nSP,0.1281,05.323,008.57,000000\r\nSG1,1,2,3\r\nTT,0,0,0,0\r\nGX,000017,"
      "006233,0,0\r\n";
  std::mt19937 random(23);
  for (int i = 0; i < 5000; ++i) {
    wire::LineFramer framer;
    MonitorState state;
    PortalSigma sigma;
    auto bytes = fuzz::mutated(good, random, ",\r\n-.0123456789GANSBX\xff\x80");
    std::string_view rest = bytes;
    while (!rest.empty()) {
      const auto piece = std::min<std::size_t>(rest.size(), 1 + random() % 50);
      framer.push(rest.substr(0, piece), [&](std::string_view line) {
        EXPECT_LE(line.size(), wire::LineFramer::kLongest);
        const auto parsed = parse_portal_line(line, {});
        EXPECT_LE(parsed.raw.size(), 256U);
        if (!is_line(line)) return;
        state.see(parsed);
        (void)sigma.add(parsed);
        (void)state.trouble();
        EXPECT_LT(state.settings().size(), 2'000U);
      });
      rest.remove_prefix(piece);
    }
  }
}

}  // namespace
}  // namespace torugart::hal::drivers::rapiscan
