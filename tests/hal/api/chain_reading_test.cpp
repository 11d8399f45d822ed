#include <gtest/gtest.h>

#include "hal/api/safety_chain.h"

namespace torugart::hal {
namespace {

constexpr std::int64_t kAt = 10'000'000;

ChainReading reading(std::vector<ContactState> states) {
  ChainReading r;
  r.at.mono_us = kAt;
  for (const auto s : states)
    r.contacts.push_back({"contact", ContactKind::door, s});
  return r;
}

// Every combination of three contacts: closed only when all three are known and closed.
TEST(ChainReading, ClosedIsAllClosedAndNothingElse) {
  const ContactState kStates[] = {ContactState::closed, ContactState::open, ContactState::unknown};
  for (const auto a : kStates)
    for (const auto b : kStates)
      for (const auto c : kStates) {
        const bool all = a == ContactState::closed && b == ContactState::closed && c == ContactState::closed;
        EXPECT_EQ(reading({a, b, c}).closed(kAt), all);
      }
}

TEST(ChainReading, AnEmptyListOfContactsIsOpen) {
  EXPECT_FALSE(reading({}).closed(kAt));
}

TEST(ChainReading, AContactIsOpenUntilSomebodySaysOtherwise) {
  ChainReading r = reading({});
  r.contacts.push_back({});
  EXPECT_FALSE(r.closed(kAt));
}

TEST(ChainReading, StaleIsOpen) {
  const auto r = reading({ContactState::closed});
  EXPECT_TRUE(r.closed(kAt));
  EXPECT_TRUE(r.closed(kAt + 500'000));
  EXPECT_FALSE(r.closed(kAt + 500'001));
}

TEST(ChainReading, AReadingFromTheFutureIsOpen) {
  EXPECT_FALSE(reading({ContactState::closed}).closed(kAt - 1));
}

}  // namespace
}  // namespace torugart::hal
