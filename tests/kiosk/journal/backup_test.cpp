#include "kiosk/journal/backup.h"

#include "kiosk/journal/appender.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::journal {
namespace {

using namespace testing;
using inspection::samples::event;

TEST(Backup, IsWholeWhileTheJournalIsWritten) {
  const Scratch scratch;
  std::int64_t durable = 0;
  std::string key;
  {
    auto journal = open_or_fail(scratch.path());
    key = journal->public_key();
    Appender appender(std::move(journal));
    for (int i = 0; i < 8; ++i) {
      for (int k = 0; k < 20; ++k)
        ASSERT_TRUE(appender.append({event("c1", inspection::Decided{})}).has_value());
      durable = appender.durable_seq();
      ASSERT_TRUE(backup(scratch.path(), scratch.path("copy.db")).has_value());
      VerifyOptions options;
      options.key = key;
      const auto report = verify(scratch.path("copy.db"), options).value();
      EXPECT_TRUE(report.ok) << report.what;
      EXPECT_GE(report.events, durable) << "what was durable is in it";
    }
  }
  // Put back with its key: it goes on where it was.
  std::filesystem::copy_file(key_path(scratch.path()), key_path(scratch.path("copy.db")));
  const auto last = verify(scratch.path("copy.db")).value().events;
  auto journal = open_or_fail(scratch.path("copy.db"));
  EXPECT_EQ(journal->last_seq(), last);
  EXPECT_EQ(journal->public_key(), key);
  const auto one = event("c2", inspection::Decided{});
  EXPECT_EQ(journal->append({&one, 1}).value(), last + 1);
  EXPECT_TRUE(verify(scratch.path("copy.db")).value().ok);
}

TEST(Backup, SaysWhatItCannotDo) {
  const Scratch scratch;
  EXPECT_FALSE(backup(scratch.path("none.db"), scratch.path("copy.db")).has_value());
  open_or_fail(scratch.path()).reset();
  EXPECT_FALSE(backup(scratch.path(), scratch.path("no/such/folder.db")).has_value());
}

}  // namespace
}  // namespace torugart::journal
