#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <string>

#include "hal/api/portal_monitor.h"

namespace torugart::hal {
namespace {

PortalLine parse(std::string_view line) {
  return parse_portal_line(line, {1, 2, ClockState::synchronised});
}

TEST(PortalLine, CountsOfABackgroundLine) {
  const auto l = parse("GB,000379,000371,000407,000371");
  EXPECT_EQ(l.code, PortalCode::gamma_background);
  ASSERT_TRUE(l.counts);
  EXPECT_EQ(*l.counts, (std::array<int, 4>{379, 371, 407, 371}));
  EXPECT_EQ(l.at.mono_us, 1);
}

TEST(PortalLine, EveryKnownCode) {
  const std::pair<const char*, PortalCode> kKnown[] = {{"GB", PortalCode::gamma_background},
                                                       {"NB", PortalCode::neutron_background},
                                                       {"GS", PortalCode::gamma_scan},
                                                       {"GA", PortalCode::gamma_alarm},
                                                       {"NS", PortalCode::neutron_scan},
                                                       {"NA", PortalCode::neutron_alarm},
                                                       {"GH", PortalCode::gamma_high_fault},
                                                       {"GL", PortalCode::gamma_low_fault},
                                                       {"NH", PortalCode::neutron_high_fault},
                                                       {"SP", PortalCode::speed},
                                                       {"GX", PortalCode::end_of_occupancy},
                                                       {"TC", PortalCode::tamper_closed},
                                                       {"TT", PortalCode::tamper_open},
                                                       {"SG1", PortalCode::setting},
                                                       {"SN2", PortalCode::setting}};
  for (const auto& [letters, code] : kKnown)
    EXPECT_EQ(parse(std::string(letters) + ",000001,000002,000003,000004").code, code) << letters;
}

TEST(PortalLine, SpeedAndOccupancy) {
  const auto sp = parse("SP,0.1281,05.323,008.57,000000");
  ASSERT_TRUE(sp.speed_km_h);
  EXPECT_DOUBLE_EQ(*sp.speed_km_h, 8.57);
  const auto gx = parse("GX,000594,002391,000000,000000");
  EXPECT_EQ(gx.occupancy, 594);
}

TEST(PortalLine, UnknownTypesOfNewerMonitorsAreKept) {
  const auto l = parse("AB1,408.55001800,582.75006000,289.75003000,288.39999300");
  EXPECT_EQ(l.code, PortalCode::unknown);
  EXPECT_EQ(l.raw, "AB1,408.55001800,582.75006000,289.75003000,288.39999300");
  EXPECT_FALSE(l.counts);
}

TEST(PortalLine, HalfACountIsNoCount) {
  EXPECT_FALSE(parse("GS,000078,000078,00").counts);
  EXPECT_FALSE(parse("GS,000078,000078,0000x0,000073").counts);
  EXPECT_FALSE(parse("GS,000078,-00078,000040,000073").counts);
  EXPECT_FALSE(parse("GS,000078,99999999999999,000040,000073").counts);
  EXPECT_EQ(parse("GS").code, PortalCode::gamma_scan);
  EXPECT_EQ(parse("").code, PortalCode::unknown);
}

TEST(PortalLine, BytesThatAreNotPrintableAndLinesWithoutEnd) {
  const auto l = parse(std::string("GB,0003\x01\xff,") + std::string(1000, '7'));
  EXPECT_EQ(l.raw.size(), 256U);
  EXPECT_EQ(l.raw.substr(0, 9), "GB,0003??");
}

// Whatever a line on a bad cable looks like: no crash, printable, and never a count out of nothing.
TEST(PortalLine, MutatedBytes) {
  std::mt19937 random(7);
  const std::string kSeeds[] = {"GB,000379,000371,000407,000371", "SP,0.1281,05.323,008.57,000000",
                                "GX,000594,002391,000000,000000", "NA,000003,000000,000002,000000"};
  for (int i = 0; i < 40'000; ++i) {
    std::string line = kSeeds[random() % 4];
    for (auto k = random() % 6; k > 0; --k) {
      const std::size_t at = random() % (line.size() + 1);
      switch (random() % 3) {
        case 0:
          line.insert(at, 1, static_cast<char>(random() % 256));
          break;
        case 1:
          if (at < line.size()) line[at] = static_cast<char>(random() % 256);
          break;
        default:
          line.erase(at, random() % 8);
      }
    }
    const auto l = parse(line);
    ASSERT_LE(l.raw.size(), 256U);
    for (const char c : l.raw)
      ASSERT_TRUE(c >= 0x20 && c <= 0x7e);
    if (l.counts) {
      for (const int c : *l.counts)
        ASSERT_GE(c, 0);
    }
    if (l.speed_km_h) {
      ASSERT_TRUE(std::isfinite(*l.speed_km_h));
    }
    PortalSigma sigma;
    for (int n = 0; n < 6; ++n)
      (void)sigma.add(l);
  }
}

TEST(PortalSigma, ExcessOverTheBackgroundInItsOwnSpread) {
  PortalSigma sigma;
  EXPECT_FALSE(sigma.add(parse("GB,000100,000100,000100,000100")));
  for (int i = 0; i < 4; ++i)
    EXPECT_FALSE(sigma.add(parse("GS,000020,000020,000020,000020"))) << "five lines are needed";
  const auto flat = sigma.add(parse("GS,000020,000020,000020,000020"));
  ASSERT_TRUE(flat);
  EXPECT_DOUBLE_EQ(*flat, 0);
  const auto high = sigma.add(parse("GA,000070,000070,000070,000070"));
  ASSERT_TRUE(high);
  EXPECT_DOUBLE_EQ(*high, (600.0 - 400.0) / 20.0);
}

TEST(PortalSigma, WithoutBackgroundThereIsNoOpinion) {
  PortalSigma sigma;
  for (int i = 0; i < 8; ++i)
    EXPECT_FALSE(sigma.add(parse("GS,000020,000020,000020,000020")));
  EXPECT_FALSE(sigma.add(parse("GB,000000,000000,000000,000000")));
  for (int i = 0; i < 8; ++i)
    EXPECT_FALSE(sigma.add(parse("GS,000020,000020,000020,000020"))) << "nothing is divided by zero";
}

}  // namespace
}  // namespace torugart::hal
