#include "ocr/read/assets.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace torugart::ocr {
namespace {

namespace fs = std::filesystem;

TEST(Assets, OfTheSourcesAreFoundFromABuild) {
  EXPECT_TRUE(fs::exists(find_asset("reference/owner_codes.csv")));
}

TEST(Assets, TheEnvironmentGoesFirstAndNowhereStillHasAName) {
  const fs::path folder = fs::path(::testing::TempDir()) / ("assets_" + std::to_string(::getpid()));
  fs::create_directories(folder / "reference");
  std::ofstream(folder / "reference/owner_codes.csv") << "code,company\n";
  ::setenv("TORUGART_ASSETS", folder.c_str(), 1);
  EXPECT_EQ(find_asset("reference/owner_codes.csv"), folder / "reference/owner_codes.csv");
  EXPECT_EQ(find_asset("no/such/file"), "/usr/share/torugart/no/such/file");
  ::unsetenv("TORUGART_ASSETS");
  fs::remove_all(folder);
}

TEST(Assets, OnlyWhatIsLeftOpenIsFilledIn) {
  const EngineSettings filled = with_assets({"/my/models", {}});
  EXPECT_EQ(filled.models, "/my/models");
  EXPECT_TRUE(fs::exists(filled.owners));
}

}  // namespace
}  // namespace torugart::ocr
