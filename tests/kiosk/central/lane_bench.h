// A lane without devices: a journal, an outbox, an archive and a client that is told to reach `centre`.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kiosk/archive/archive.h"
#include "kiosk/central/client.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"
#include "tests/support/dev_centre.h"

namespace torugart::central::testing {

inline constexpr const char* kLane = "kordai-2";

class LaneBench {
 public:
  explicit LaneBench(const DevCentre& centre, const std::string& lane = kLane);
  ~LaneBench();

  // The settings of the next start_client(); short pauses, so that a test does not wait for nothing.
  Config config;
  Ambient ambient = system_ambient();

  void start_client();
  void stop_client();
  Centre& client() { return *client_; }

  // Journals one event (and tells the client). Its number.
  std::int64_t append(const std::string& crossing, inspection::Payload payload);
  // arrived … departed with `files` pictures of `bytes` each; returns their hashes.
  std::vector<std::string> whole_crossing(const std::string& id, int files, std::size_t bytes);

  RiskAnswer assess(const std::string& plate);
  // Until `holds` is true; false when it never became true in 60 s.
  bool wait(const std::function<bool()>& holds);
  bool wait_for_receipt(const std::string& crossing);

  std::vector<inspection::Acknowledged> receipts();
  std::vector<std::int64_t> uploads();
  Status status() { return client_->status(); }
  std::vector<journal::Record> records() { return *reader_->events(1, 10'000); }
  journal::Outbox& outbox() { return *outbox_; }
  archive::Archive& files() { return *archive_; }
  std::string journal_path() const { return folder_ / "journal.db"; }
  std::string archive_path() const { return folder_ / "archive"; }
  const Folder& folder() const { return folder_; }
  void close_journal();  // so that another writer may have it
  // Receipts are journalled as the lane engine does; off: as if the machine had died just before.
  bool journals_receipts = true;

 private:
  Folder folder_;
  std::mutex journal_mutex_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<journal::Reader> reader_;
  std::unique_ptr<journal::Outbox> outbox_;
  std::unique_ptr<archive::Archive> archive_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<inspection::Acknowledged> receipts_;
  std::vector<std::int64_t> uploads_;
  std::unique_ptr<Centre> client_;
};

}  // namespace torugart::central::testing
