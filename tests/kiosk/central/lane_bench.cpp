#include "tests/kiosk/central/lane_bench.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace torugart::central::testing {
namespace {

template <typename T>
T must(tl::expected<T, journal::Error> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(*result);
}

}  // namespace

LaneBench::LaneBench(const DevCentre& centre, const std::string& lane) {
  config.url = centre.url();
  config.lane = lane;
  config.ca_file = centre.tls("ca.pem");
  config.certificate_file = centre.tls("lane-" + lane + ".pem");
  config.key_file = centre.tls("lane-" + lane + ".key");
  config.signing_keys_file = centre.tls("signing.pub.pem");
  config.risk_deadline_ms = 20'000;  // a busy machine is not a dead centre
  config.connect_deadline_ms = 10'000;
  config.backoff_first_ms = 10;
  config.backoff_max_ms = 50;
  config.chunk_bytes = config.chunk_max_bytes = 64 << 10;
  journal::Options options;
  options.lane = lane;
  journal_ = must(journal::Journal::open(journal_path(), options));
  reader_ = must(journal::Reader::open(journal_path()));
  outbox_ = must(journal::Outbox::open(journal::outbox_path(journal_path())));
  archive_ = std::move(*archive::Archive::open(archive_path()));
}

LaneBench::~LaneBench() {
  stop_client();
}

void LaneBench::start_client() {
  auto made = make_client(config, {reader_.get(), outbox_.get(), archive_.get()}, ambient);
  if (!made) throw std::runtime_error(made.error().what);
  client_ = std::move(*made);
  Callbacks callbacks;
  callbacks.on_uploaded = [this](std::int64_t up_to) {
    {
      const std::lock_guard lock(mutex_);
      uploads_.push_back(up_to);
    }
    append("", inspection::Uploaded{up_to});
    changed_.notify_all();
  };
  callbacks.on_receipt = [this](const inspection::Acknowledged& receipt) {
    if (journals_receipts) append(receipt.crossing, receipt);
    {
      const std::lock_guard lock(mutex_);
      receipts_.push_back(receipt);
    }
    changed_.notify_all();
  };
  callbacks.on_status = [this](const Status&) { changed_.notify_all(); };
  client_->start(std::move(callbacks));
}

void LaneBench::stop_client() {
  if (client_) client_->stop();
}

void LaneBench::close_journal() {
  journal_.reset();
}

std::int64_t LaneBench::append(const std::string& crossing, inspection::Payload payload) {
  inspection::Event event;
  event.crossing = crossing;
  event.actor = "lane";
  const auto wall_us = ambient.wall_us();
  event.mono_us = ambient.mono_us();
  event.wall_us = wall_us;
  event.clock = "synchronised";
  event.boot = "bench";
  event.payload = std::move(payload);
  std::int64_t seq = 0;
  {
    const std::lock_guard lock(journal_mutex_);
    seq = must(journal_->append(std::span(&event, 1)));
  }
  if (client_) client_->events_appended();
  return seq;
}

std::vector<std::string> LaneBench::whole_crossing(const std::string& id, int count, std::size_t bytes) {
  append(id, inspection::Arrived{inspection::Direction::entry, inspection::ArrivedBy::loop, false});
  inspection::Number plate;
  plate.text = "123ABC02";
  append(id, inspection::IdentityConfirmed{{plate}});
  inspection::ScanCompleted scan;
  scan.scan = id + "-scan";
  scan.end = "complete";
  scan.columns = scan.rows = 10;
  scan.saturated_percent = 0.25;
  std::vector<std::string> hashes;
  for (int i = 0; i < count; ++i) {
    std::string content = fmt::format("{} picture {} ", id, i);
    for (std::uint32_t x = 1; content.size() < bytes;)
      content += static_cast<char>((x = x * 1664525u + 1013904223u) >> 24);
    const auto put = archive_->put(content, "application/dicom");
    scan.files.push_back({"xray_high", put->sha256, put->bytes, put->media_type});
    hashes.push_back(put->sha256);
  }
  append(id, scan);
  append(id, inspection::Decided{
                 inspection::Verdict::clear, scan.scan, hashes.empty() ? "" : hashes[0], "nothing found", {}});
  append(id, inspection::Released{});
  append(id, inspection::Departed{});
  return hashes;
}

RiskAnswer LaneBench::assess(const std::string& text) {
  RiskQuery query;
  query.crossing = "c-risk";
  query.direction = inspection::Direction::entry;
  inspection::Number plate;
  plate.text = text;
  query.numbers.push_back(plate);
  std::mutex mutex;
  std::condition_variable arrived;
  std::optional<RiskAnswer> answer;
  client_->assess(query, [&](RiskAnswer given) {
    const std::lock_guard lock(mutex);
    answer = std::move(given);
    arrived.notify_all();
  });
  std::unique_lock lock(mutex);
  arrived.wait(lock, [&] { return answer.has_value(); });
  return *answer;
}

bool LaneBench::wait(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::unique_lock lock(mutex_);
  while (std::chrono::steady_clock::now() < until) {
    lock.unlock();
    if (holds()) return true;
    lock.lock();
    changed_.wait_for(lock, std::chrono::milliseconds(20));
  }
  return false;
}

bool LaneBench::wait_for_receipt(const std::string& crossing) {
  return wait([&] {
    for (const auto& receipt : receipts())
      if (receipt.crossing == crossing) return true;
    return false;
  });
}

std::vector<inspection::Acknowledged> LaneBench::receipts() {
  const std::lock_guard lock(mutex_);
  return receipts_;
}

std::vector<std::int64_t> LaneBench::uploads() {
  const std::lock_guard lock(mutex_);
  return uploads_;
}

}  // namespace torugart::central::testing
