#include "kiosk/lane/accounts.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace torugart::lane {
namespace {

class AccountsTest : public testing::Test {
 protected:
  AccountsTest()
      : path_((std::filesystem::temp_directory_path() / ("torugart-accounts-" + std::to_string(::getpid()) + ".json"))
                  .string()) {}
  ~AccountsTest() override { std::filesystem::remove(path_); }

  std::string path_;
  hal::ManualClock clock_;
  Accounts accounts_{clock_, HashStrength::test_only};
  const AccountName ivanova_{"ivanova", "A. Ivanova", inspection::Role::inspector, "ru"};
};

TEST_F(AccountsTest, TheRightPinSignsInAndAWrongOneDoesNot) {
  ASSERT_TRUE(accounts_.add(ivanova_, Secret("4711")));
  const auto right = accounts_.check("ivanova", Secret("4711"));
  ASSERT_TRUE(right.actor);
  EXPECT_EQ(right.actor->name, "A. Ivanova");
  EXPECT_EQ(right.language, "ru");
  EXPECT_FALSE(accounts_.check("ivanova", Secret("4712")).actor);
  EXPECT_FALSE(accounts_.check("nobody", Secret("4711")).actor);
  EXPECT_FALSE(accounts_.check("ivanova", Secret("")).actor);
}

TEST_F(AccountsTest, FiveWrongPinsLockWithGrowingPausesAndARightOneEndsTheRow) {
  ASSERT_TRUE(accounts_.add(ivanova_, Secret("4711")));
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(accounts_.check("ivanova", Secret("0000")).locked_until_mono_us, 0);
  EXPECT_EQ(accounts_.check("ivanova", Secret("0000")).locked_until_mono_us, 30'000'000);
  EXPECT_FALSE(accounts_.check("ivanova", Secret("4711")).actor) << "locked: the right PIN does not help";
  clock_.advance_us(30'000'001);
  EXPECT_EQ(accounts_.check("ivanova", Secret("0000")).locked_until_mono_us, 30'000'001 + 60'000'000);
  clock_.advance_us(60'000'001);
  EXPECT_TRUE(accounts_.check("ivanova", Secret("4711")).actor);
  EXPECT_EQ(accounts_.check("ivanova", Secret("0000")).locked_until_mono_us, 0) << "the row began again";
}

TEST_F(AccountsTest, ThePauseIsAtMostAQuarterOfAnHour) {
  ASSERT_TRUE(accounts_.add(ivanova_, Secret("4711")));
  std::int64_t pause = 0;
  for (int i = 0; i < 20; ++i) {
    pause = accounts_.check("ivanova", Secret("0000")).locked_until_mono_us - clock_.now().mono_us;
    clock_.advance_us(1'000'000'000);
  }
  EXPECT_EQ(pause, Accounts::kLongestLockUs);
}

TEST_F(AccountsTest, ShortPinsBadNamesAndDoublesAreRefused) {
  EXPECT_FALSE(accounts_.add(ivanova_, Secret("471")));
  EXPECT_FALSE(accounts_.add({"lane", "", inspection::Role::inspector, ""}, Secret("4711")));
  EXPECT_FALSE(accounts_.add({"Iv anova", "", inspection::Role::inspector, ""}, Secret("4711")));
  EXPECT_TRUE(accounts_.add(ivanova_, Secret("4711")));
  EXPECT_FALSE(accounts_.add(ivanova_, Secret("4711")));
  EXPECT_FALSE(accounts_.set_pin("nobody", Secret("4711")));
}

TEST_F(AccountsTest, HashesMadeForTestsAreNotKept) {
  EXPECT_FALSE(accounts_.save(path_));
}

TEST_F(AccountsTest, AreKeptAsArgon2idForTheirOwnerOnlyAndReadBack) {
  Accounts real{clock_, HashStrength::lane};
  ASSERT_TRUE(real.add(ivanova_, Secret("4711")));
  ASSERT_TRUE(real.save(path_));
  std::stringstream text;
  text << std::ifstream(path_).rdbuf();
  EXPECT_NE(text.str().find("$argon2id$v=19$m=65536,t=3,p=1$"), std::string::npos);
  EXPECT_EQ(text.str().find("4711"), std::string::npos);
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);

  Accounts again{clock_, HashStrength::test_only};
  ASSERT_TRUE(again.load(path_));
  ASSERT_EQ(again.names().size(), 1U);
  EXPECT_EQ(again.names()[0].role, inspection::Role::inspector);
  EXPECT_TRUE(again.check("ivanova", Secret("4711")).actor);
  EXPECT_FALSE(again.check("ivanova", Secret("4712")).actor);
}

TEST_F(AccountsTest, ABadFileNamesWhatIsWrongAndAddsNothing) {
  const char* bad[] = {"", "[]", "{\"accounts\":3}", "{\"accounts\":[{\"account\":\"ivanova\",\"role\":\"tsar\"}]}",
                       "{\"accounts\":[{\"account\":\"ivanova\",\"role\":\"inspector\",\"pin_hash\":\"4711\"}]}"};
  for (const char* text : bad) {
    std::ofstream(path_) << text;
    const auto loaded = accounts_.load(path_);
    ASSERT_FALSE(loaded) << text;
    EXPECT_NE(loaded.error().where.find(path_), std::string::npos);
    EXPECT_TRUE(accounts_.names().empty());
  }
}

TEST(SecretTest, IsWipedInPlace) {
  std::string pin = "471147114711471147114711";
  const char* where = pin.data();
  wipe(pin);
  EXPECT_TRUE(pin.empty());
  EXPECT_EQ(where[0], '\0');
  EXPECT_EQ(Secret("4711").text(), "4711");
  EXPECT_EQ(Secret().text(), "");
  EXPECT_NE(Secret().text().data(), nullptr);
  EXPECT_NE(Secret("").text().data(), nullptr);
}

}  // namespace
}  // namespace torugart::lane
