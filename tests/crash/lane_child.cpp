// usage: lane_child FOLDER RUN CALL URL TLS_FOLDER
//
// The lane from the engine down, with journal, archive, outbox and uploader as the kiosk has them, on scripted devices:
// takes trucks through whole inspections (a picture, a decision, a release) and uploads to the centre at URL. Writes
// the number of each event that a screen would call recorded, 8 bytes each, to its standard output.
//
// At its CALL-th write, sync, rename, remove or new name below FOLDER it kills itself (SIGKILL), just before or just
// after that call as RUN is even or odd. CALL 0: it lives, and writes how many there were, as a negative number.
//
// With TORUGART_CHILD_BOASTS it calls recorded what was only handed over, so that the test can be seen to fail.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "kiosk/archive/archive.h"
#include "kiosk/central/client.h"
#include "kiosk/journal/appender.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"
#include "kiosk/lane/ledger.h"
#include "tests/kiosk/lane/bench.h"
#include "tests/support/file_calls.h"

namespace torugart::tests {
namespace {

using torugart::testing::FileCall;
using torugart::testing::FileHook;

class KillAt final : public FileHook {
 public:
  KillAt(std::string root, std::int64_t call, bool after) : root_(std::move(root)), call_(call), after_(after) {}
  bool wants(const std::string& path) override { return path.starts_with(root_); }
  int before(const FileCall& call) override {
    if (!counts(call)) return kGo;
    const auto now = ++calls_;
    if (now == call_ && !after_) ::kill(::getpid(), SIGKILL);
    return kGo;
  }
  void after(const FileCall& call) override {
    if (counts(call) && after_ && calls_ >= call_ && call_ > 0) ::kill(::getpid(), SIGKILL);
  }
  std::optional<std::int64_t> free_bytes(const std::string&) override { return std::nullopt; }
  std::int64_t calls() const { return calls_; }

 private:
  static bool counts(const FileCall& call) {
    return call.kind != FileCall::Kind::close && (call.kind != FileCall::Kind::open || (call.flags & O_CREAT) != 0);
  }
  std::string root_;
  std::int64_t call_;
  bool after_;
  std::atomic<std::int64_t> calls_{0};
};

template <typename T, typename E>
T must(tl::expected<T, E> result) {
  if (result) return std::move(*result);
  std::cerr << "lane_child: " << result.error().what << " (" << result.error().where << ")\n";
  std::_Exit(3);
}

class Lane {
 public:
  Lane(const std::string& folder, int run, const std::string& url, const std::string& tls) {
    journal::Options options;
    options.lane = "kordai-2";
    appender_ = std::make_unique<journal::Appender>(must(journal::Journal::open(folder + "/journal.db", options)));
    reader_ = must(journal::Reader::open(folder + "/journal.db"));
    centre_reader_ = must(journal::Reader::open(folder + "/journal.db"));
    outbox_ = must(journal::Outbox::open(folder + "/journal.state.db"));
    archive::Options roomy;
    roomy.reserve_bytes = 0;
    archive_ = must(archive::Archive::open(folder + "/archive", roomy));
    central::Config config;
    config.url = url;
    config.lane = "kordai-2";
    config.ca_file = tls + "/ca.pem";
    config.certificate_file = tls + "/lane-kordai-2.pem";
    config.key_file = tls + "/lane-kordai-2.key";
    config.signing_keys_file = tls + "/signing.pub.pem";
    config.backoff_first_ms = 10;
    config.backoff_max_ms = 50;
    config.chunk_bytes = 64 << 10;
    centre_ = must(central::make_client(config, {centre_reader_.get(), outbox_.get(), archive_.get()}));
    ledger_ = lane::make_ledger(*appender_, *reader_, folder + "/journal.db");
    store_ = lane::make_store(*archive_);
    bench_.real_ledger = ledger_.get();
    bench_.real_store = store_.get();
    bench_.real_centre = centre_.get();
    bench_.clock.advance_us(std::int64_t{run} * 600'000'000);
    bench_.start();
    bench_.pass_ms(300);
    bench_.sign_in();
  }
  ~Lane() {
    centre_->stop();
    appender_->close();
  }

  void work() {
    while (bench_.view()->focus)
      bench_.leave();  // what stood in the lane when the last run was killed has left
    for (int truck = 0; truck < 2; ++truck)
      inspect();
    wait([this] { return centre_->status().events_waiting == 0 && centre_->status().files_waiting == 0; });
  }

 private:
  void inspect() {
    bench_.arrive();
    bench_.confirm();
    tell();
    wait([this] { return bench_.view()->focus && bench_.view()->focus->risk; });
    bench_.clear_and_ask();
    bench_.beam();
    bench_.end_scan();
    wait([this] { return bench_.view()->focus && !bench_.view()->focus->scans.empty(); });
    bench_.post(inspection::Decide{inspection::Verdict::clear, ""});
    tell();
    bench_.post(inspection::Release{});
    tell();
    bench_.leave();
    tell();
  }
  template <typename Holds>
  void wait(const Holds& holds) {
    for (int i = 0; i < 10'000 && !holds(); ++i) {
      ::usleep(1000);
      bench_.pump();
      tell();
    }
  }
  void tell() {
    static const bool kBoasts = std::getenv("TORUGART_CHILD_BOASTS") != nullptr;
    const std::int64_t durable = kBoasts ? ledger_->last_seq() : ledger_->durable_seq();
    if (durable == told_) return;
    told_ = durable;
    if (::write(STDOUT_FILENO, &durable, sizeof durable) != sizeof durable) std::_Exit(5);
  }

  std::unique_ptr<journal::Appender> appender_;
  std::unique_ptr<journal::Reader> reader_, centre_reader_;
  std::unique_ptr<journal::Outbox> outbox_;
  std::unique_ptr<archive::Archive> archive_;
  std::unique_ptr<central::Centre> centre_;
  std::unique_ptr<lane::Ledger> ledger_;
  std::unique_ptr<lane::Store> store_;
  Bench bench_;
  std::int64_t told_ = 0;
};

}  // namespace
}  // namespace torugart::tests

int main(int argc, char** argv) {
  using namespace torugart::tests;
  if (argc != 6) return 2;
  const std::int64_t call = std::atoll(argv[3]);
  KillAt hook(argv[1], call, std::atoi(argv[2]) % 2 == 1);
  torugart::testing::set_file_hook(&hook);
  {
    Lane lane(argv[1], std::atoi(argv[2]), argv[4], argv[5]);
    lane.work();
  }
  torugart::testing::set_file_hook(nullptr);
  const std::int64_t calls = -hook.calls();
  return ::write(STDOUT_FILENO, &calls, sizeof calls) == sizeof calls ? 0 : 5;
}
