// What the record costs: a durable append beside one bare SQLite insert with the same settings, start-up, verify, the
// bundle of one inspection.
//
//   bench_journal [EVENTS] [FOLDER]     EVENTS in the journal (1000000); FOLDER on the disk to measure (bench-journal-out)
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "kiosk/exchange/bundle.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/inspection/samples.h"

namespace {

using namespace torugart;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Percentiles {
  double p50_us = 0, p99_us = 0;
};

class Timer {  // of one kind of step
 public:
  template <typename Step>
  void time(const Step& step) {
    const auto start = Clock::now();
    step();
    all_.push_back(seconds_since(start) * 1e6);
  }
  Percentiles percentiles() {
    std::sort(all_.begin(), all_.end());
    return {all_[all_.size() / 2], all_[all_.size() * 99 / 100]};
  }

 private:
  std::vector<double> all_;
};

inspection::Event typical(int i, inspection::Payload payload) {
  return inspection::samples::event(fmt::format("kordai-2-{:06}", i / 40), std::move(payload));
}

template <typename T>
T must(journal::Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "bench_journal: {}\n", result.error().text());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  const int events = argc > 1 ? std::max(1000, std::atoi(argv[1])) : 1'000'000;
  const std::string folder = argc > 2 ? argv[2] : "bench-journal-out";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/journal.db";
  constexpr int kAppends = 400;

  sqlite3* bare = nullptr;
  sqlite3_open((folder + "/bare.db").c_str(), &bare);
  sqlite3_exec(bare,
               "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)",
               nullptr, nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(bare, "INSERT INTO t(b) VALUES(?1)", -1, &insert, nullptr);
  const std::string text(460, 'x');
  journal::Options options;
  options.lane = "kordai-2";
  {
    auto journal = must(journal::Journal::open(path, options));
    // In turn, so that whatever else the machine does meets all three alike.
    Timer of_bare, of_append, of_decision;
    for (int i = 0; i < kAppends; ++i) {
      of_bare.time([&] {
        sqlite3_bind_text(insert, 1, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
        sqlite3_step(insert);
        sqlite3_reset(insert);
      });
      const auto event = typical(i, inspection::ReviewRequested{"suspect"});
      of_append.time([&] { must(journal->append({&event, 1})); });
      const auto decision = typical(i, inspection::Decided{});
      of_decision.time([&] { must(journal->append({&decision, 1})); });
    }
    sqlite3_finalize(insert);
    sqlite3_close(bare);
    const auto plain = of_bare.percentiles(), one = of_append.percentiles(), decided = of_decision.percentiles();
    fmt::print("bare insert            p50 {:.0f} us, p99 {:.0f} us\n", plain.p50_us, plain.p99_us);
    fmt::print("append                 p50 {:.0f} us ({:.2f}x), p99 {:.0f} us ({:.2f}x)\n", one.p50_us,
               one.p50_us / plain.p50_us, one.p99_us, one.p99_us / plain.p99_us);
    fmt::print("append of a decision   p50 {:.0f} us ({:.2f}x), p99 {:.0f} us ({:.2f}x)\n", decided.p50_us,
               decided.p50_us / plain.p50_us, decided.p99_us, decided.p99_us / plain.p99_us);
    std::vector<inspection::Event> batch;
    const auto start = Clock::now();
    for (int i = 2 * kAppends; i < events; ++i) {
      batch.push_back(typical(i, inspection::RecordViewed{"kordai-2-000017"}));
      if (std::ssize(batch) == journal::Journal::kMaxBatch || i + 1 == events) {
        must(journal->append(batch));
        batch.clear();
      }
    }
    fmt::print("{} events written in {:.1f} s\n", events, seconds_since(start));
  }
  {
    const auto start = Clock::now();
    const auto journal = must(journal::Journal::open(path, options));
    fmt::print("start with {} events {:.3f} s\n", journal->last_seq(), seconds_since(start));
  }
  {
    const auto start = Clock::now();
    const auto report = must(journal::verify(path));
    const double took = seconds_since(start);
    fmt::print("verify {:.2f} s, {:.0f} events/s: {}\n", took, static_cast<double>(report.events) / took,
               report.ok ? "good" : report.what);
  }
  const auto reader = must(journal::Reader::open(path));
  bool made = false;
  const auto key = must(journal::signing_key_from_file(journal::key_path(path), made));
  exchange::BundleWish wish;
  wish.crossing = fmt::format("kordai-2-{:06}", events / 80);
  const auto start = Clock::now();
  const auto bundle = must(exchange::write_bundle(*reader, key, wish, folder + "/bundle.zip"));
  fmt::print("bundle of {} events {:.3f} s, {} bytes\n", bundle.events, seconds_since(start), bundle.bytes);
  return 0;
}
