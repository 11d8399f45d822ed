#include "kiosk/journal/outbox.h"

#include <thread>

#include "kiosk/journal/outbox_peek.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::journal {
namespace {

using namespace testing;

TEST(Outbox, KeepsOverARestart) {
  const Scratch scratch;
  const std::string path = outbox_path(scratch.path());
  EXPECT_EQ(path, scratch.folder() + "/journal.state.db");
  EXPECT_EQ(outbox_path("x"), "x.state.db");
  const std::string blob("\0\xff'binary", 10);
  {
    auto outbox = Outbox::open(path).value();
    EXPECT_FALSE(outbox->get("a").value().has_value());
    EXPECT_TRUE(outbox->put("upload/c1", "41").has_value());
    EXPECT_TRUE(outbox->put("upload/c2", "").has_value());
    EXPECT_TRUE(outbox->put("watch_list", blob).has_value());
    EXPECT_TRUE(outbox->put("upload/c1", "42").has_value());
  }
  auto outbox = Outbox::open(path).value();
  EXPECT_EQ(outbox->get("upload/c1").value(), "42");
  EXPECT_EQ(outbox->get("upload/c2").value(), "");
  EXPECT_EQ(outbox->get("watch_list").value(), blob);
  const auto list = outbox->list("upload/").value();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].first, "upload/c1");
  EXPECT_EQ(outbox->list("").value().size(), 3U);
  EXPECT_TRUE(outbox->put_all({{"upload/c1", std::nullopt}, {"upload/c3", "1"}}).has_value());
  EXPECT_FALSE(outbox->get("upload/c1").value().has_value());
  EXPECT_TRUE(outbox->erase("upload/c3").has_value());
  EXPECT_FALSE(outbox->get("upload/c3").value().has_value());
}

TEST(Outbox, CanBeLookedIntoWithoutBeingTouched) {
  const Scratch scratch;
  const auto path = scratch.path("s.db");
  auto outbox = Outbox::open(path).value();
  ASSERT_TRUE(outbox->put("a", "1").has_value());
  EXPECT_EQ(peek_outbox(path, "a").value(), "1");
  EXPECT_FALSE(peek_outbox(path, "b").value().has_value());
  outbox.reset();
  std::filesystem::permissions(scratch.folder(),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  EXPECT_EQ(peek_outbox(path, "a").value(), "1");
  std::filesystem::permissions(scratch.folder(), std::filesystem::perms::owner_all);
  EXPECT_FALSE(peek_outbox(scratch.path("none.db"), "a").has_value());
}

TEST(Outbox, AllOrNothing) {
  const Scratch scratch;
  auto outbox = Outbox::open(scratch.path("s.db")).value();
  EXPECT_EQ(outbox->put_all({{"a", "1"}, {"", "2"}}).error().code, Error::Code::refused);
  EXPECT_FALSE(outbox->get("a").value().has_value());
  EXPECT_EQ(outbox->put(std::string(257, 'k'), "").error().code, Error::Code::refused);
}

TEST(Outbox, TwoProgramsMayUseIt) {
  const Scratch scratch;
  auto one = Outbox::open(scratch.path("s.db")).value();
  auto two = Outbox::open(scratch.path("s.db")).value();
  std::thread other([&] {
    for (int i = 0; i < 20; ++i)
      EXPECT_TRUE(two->put("two/" + std::to_string(i), "x").has_value());
  });
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(one->put("one/" + std::to_string(i), "x").has_value());
  other.join();
  EXPECT_EQ(one->list("").value().size(), 40U);
}

TEST(Outbox, IsNoJournal) {
  const Scratch scratch;
  open_or_fail(scratch.path()).reset();
  EXPECT_EQ(Outbox::open(scratch.path()).error().code, Error::Code::not_ours);
}

}  // namespace
}  // namespace torugart::journal
