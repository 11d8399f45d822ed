#include "kiosk/journal/appender.h"

#include <future>
#include <mutex>
#include <thread>

#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/journal/scratch.h"
#include "tests/support/traced_disk.h"

namespace torugart::journal {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using inspection::samples::event;

std::vector<inspection::Event> some(int n) {
  return std::vector<inspection::Event>(static_cast<std::size_t>(n), event("c1", inspection::Arrived{}));
}

TEST(Appender, GivesNumbersAtOnceAndSaysDoneInOrder) {
  const Scratch scratch;
  std::vector<std::int64_t> done;
  {
    Appender appender(open_or_fail(scratch.path()));
    std::int64_t expected = 1;
    for (int i = 1; i <= 50; ++i) {
      const int n = i % 4 + 1;
      const auto first =
          appender.append(some(n), [&](Result<std::int64_t> seq) { done.push_back(seq.value_or(-1)); });
      EXPECT_EQ(first.value(), expected);
      expected += n;
    }
    EXPECT_EQ(appender.last_seq(), expected - 1);
    EXPECT_TRUE(appender.flush(60s));
    EXPECT_EQ(appender.durable_seq(), expected - 1);
    EXPECT_EQ(appender.backlog(), 0U);
    EXPECT_FALSE(appender.trouble().has_value());
  }
  ASSERT_EQ(done.size(), 50U);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_TRUE(verify(scratch.path()).value().ok);
}

TEST(Appender, ManyThreadsHandOver) {
  const Scratch scratch;
  {
    Appender appender(open_or_fail(scratch.path()));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i)
          EXPECT_TRUE(appender.append(some(2)).has_value());
      });
    for (auto& thread : threads)
      thread.join();
  }  // close() writes what waits
  const auto report = verify(scratch.path()).value();
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.events, 400);
}

TEST(Appender, OneBadEventStopsNobodyElse) {
  const Scratch scratch;
  Appender appender(open_or_fail(scratch.path()));
  auto other = some(1);
  other[0].lane = "kordai-3";
  EXPECT_EQ(appender.append(other).error().code, Error::Code::refused);
  EXPECT_EQ(appender.append({}).error().code, Error::Code::refused);
  auto wrong = some(1);
  wrong[0].seq = 7;
  EXPECT_EQ(appender.append(wrong).error().code, Error::Code::sequence);
  wrong[0].seq = 1;
  EXPECT_EQ(appender.append(wrong).value(), 1);
  EXPECT_TRUE(appender.flush(60s));
}

struct FullDisk {
  Scratch scratch;
  torugart::testing::TracedDisk disk{scratch.folder()};
  std::unique_ptr<Journal> journal = open_or_fail(scratch.path());
};

TEST(Appender, KeepsEventsWhileTheDiskIsFull) {
  FullDisk full;
  std::promise<Error> began;
  std::promise<void> ended;
  Appender::Options options;
  options.retry = 1ms;
  options.max_waiting = 10;
  options.on_trouble = [&](const std::optional<Error>& trouble) {
    if (trouble) {
      began.set_value(*trouble);
    } else {
      ended.set_value();
    }
  };
  Appender appender(std::move(full.journal), options);
  full.disk.refuse_changes(ENOSPC);
  std::atomic<int> done{0};
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(appender.append(some(2), [&](auto) { ++done; }).has_value());
  EXPECT_EQ(began.get_future().get().code, Error::Code::disk_full);
  EXPECT_EQ(appender.trouble()->code, Error::Code::disk_full);
  EXPECT_EQ(appender.durable_seq(), 0);
  EXPECT_EQ(appender.backlog(), 10U);
  EXPECT_FALSE(appender.flush(5ms));
  const auto refused = appender.append(some(1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Error::Code::queue_full);
  EXPECT_EQ(done, 0);
  full.disk.allow();
  ended.get_future().get();
  EXPECT_TRUE(appender.flush(60s));
  EXPECT_EQ(done, 5);
  EXPECT_EQ(appender.durable_seq(), 10);
  EXPECT_EQ(appender.append(some(1)).value(), 11) << "a refused event takes no number";
  appender.close();
  EXPECT_EQ(appender.append(some(1)).error().code, Error::Code::closed);
  EXPECT_EQ(verify(full.scratch.path()).value().events, 11);
}

TEST(Appender, SaysWhatCouldNotBeWrittenAtTheEnd) {
  FullDisk full;
  Appender::Options options;
  options.retry = 1ms;
  Appender appender(std::move(full.journal), options);
  full.disk.refuse_changes(EIO);
  std::vector<Error::Code> failed;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(
        appender
            .append(some(1),
                    [&](Result<std::int64_t> seq) { failed.push_back(seq ? Error::Code::closed : seq.error().code); })
            .has_value());
  appender.close(20ms);
  EXPECT_EQ(failed, std::vector<Error::Code>(3, Error::Code::io));
}

}  // namespace
}  // namespace torugart::journal
