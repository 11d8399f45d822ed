#include "hal/replay/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/sample_recording.h"

namespace torugart::hal::replay {
namespace {

namespace fs = std::filesystem;
using test::SampleRecording;
using testing::HasSubstr;

TEST(Recording, ReadsTheLayout) {
  const SampleRecording sample("layout");
  const auto crossings = read_recording(sample.root.string());
  ASSERT_TRUE(crossings) << crossings.error().what;
  ASSERT_EQ(crossings->size(), 1U);
  const auto& crossing = crossings->front();
  EXPECT_EQ(crossing.direction, "entry");
  EXPECT_EQ(crossing.weight_kg, 21480);
  EXPECT_EQ(crossing.stills.at("front").size(), 2U);
  EXPECT_EQ(crossing.documents.front().number, "JX95000448");
  EXPECT_EQ(crossing.true_plates.front(), "123ABC02");
  ASSERT_EQ(crossing.portal.size(), 4U);
  EXPECT_EQ(crossing.portal[1].line, "GS,000082,000101,000095,000077");  // without the recorder's time
  EXPECT_EQ(crossing.portal[1].after_us, 1'000'000);
}

TEST(Recording, AWrongKeyNamesFileAndLine) {
  const SampleRecording sample("wrongkey");
  SampleRecording::write(sample.root / "crossing-0001" / "crossing.toml", "note = \"x\"\nwieght = 3\n");
  const auto crossings = read_recording(sample.root.string());
  ASSERT_FALSE(crossings);
  EXPECT_THAT(crossings.error().where, HasSubstr("crossing.toml:2"));
  EXPECT_THAT(crossings.error().what, HasSubstr("wieght"));
}

TEST(Recording, EmptyFoldersAreErrorsThatSayWhatIsMissing) {
  const SampleRecording sample("empty");
  EXPECT_FALSE(read_recording((sample.root / "nowhere").string()));
  fs::create_directories(sample.root / "crossing-0002");
  const auto crossings = read_recording(sample.root.string());
  ASSERT_FALSE(crossings);
  EXPECT_THAT(crossings.error().where, HasSubstr("crossing-0002"));
}

TEST(Recording, PortalBytesOfAnyKindAreKeptOrCut) {
  const SampleRecording sample("portalbytes");
  std::string noise;
  for (int i = 0; i < 4096; ++i)
    noise += static_cast<char>(i * 37);
  SampleRecording::write(sample.root / "crossing-0001" / "portal.csv", noise);
  EXPECT_TRUE(read_recording(sample.root.string()));
}

}  // namespace
}  // namespace torugart::hal::replay
