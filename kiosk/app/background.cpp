#include "kiosk/app/background.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <vector>

#include "base/disk/disk.h"
#include "kiosk/central/retention.h"
#include "kiosk/exchange/crossing_export.h"
#include "kiosk/journal/reader.h"

namespace torugart::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr int kMostRows = 500;
constexpr int kBatch = 2000;

std::int64_t wall_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// "+06:00" -> microseconds east of UTC; the configuration has checked the form.
std::int64_t offset_us(const std::string& text) {
  const auto hours = std::stoll(text.substr(1, 2)), minutes = std::stoll(text.substr(4, 2));
  const auto us = (hours * 60 + minutes) * 60'000'000;
  return text[0] == '-' ? -us : us;
}

}  // namespace

struct Background::Impl {
  explicit Impl(Assembly& parts) : assembly(parts) {
    thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::function<void()> job;
      {
        std::unique_lock lock(mutex);
        wake.wait_for(lock, stop, seconds(20), [this] { return !jobs.empty(); });
        if (stop.stop_requested()) return;
        if (!jobs.empty()) {
          job = std::move(jobs.front());
          jobs.pop_front();
        }
      }
      if (job) {
        job();
      } else {
        compute();
        let_go();
      }
    }
  }

  void compute() {
    const auto offset = offset_us(assembly.config().lane.utc_offset);
    const auto now = wall_us();
    const auto midnight = (now + offset) / kDayUs * kDayUs - offset;
    auto& reader = assembly.reader();
    const auto rows = reader.crossings("", kMostRows, 0);
    if (!rows) return;
    std::int64_t first = 0;
    for (const auto& row : *rows) {
      if (row.arrived_wall_us >= midnight && (first == 0 || row.first_seq < first)) first = row.first_seq;
    }
    std::vector<inspection::Event> events;
    while (first > 0) {
      const auto batch = reader.events(first, kBatch);
      if (!batch || batch->empty()) break;
      for (const auto& record : *batch)
        events.push_back(record.event);
      first = batch->back().event.seq + 1;
    }
    auto fresh = std::make_shared<const reports::ShiftFigures>(reports::shift_figures(events, midnight, now));
    const std::lock_guard lock(mutex);
    latest = std::move(fresh);
  }

  // Pictures whose time is over leave; looked at every ten minutes.
  void let_go() {
    auto* const retention = assembly.retention();
    const auto now = std::chrono::steady_clock::now();
    if (retention == nullptr || (swept && now - *swept < std::chrono::minutes(10))) return;
    swept = now;
    const auto done = retention->sweep();
    if (!done) {
      std::clog << fmt::format("torugart: pictures whose time is over could not be freed: {} ({})\n",
                               done.error().what, done.error().where);
    } else if (done->files > 0) {
      std::clog << fmt::format("torugart: {} pictures of {} receipts were freed: their time is over\n", done->files,
                               done->receipts);
    }
  }

  std::optional<std::chrono::steady_clock::time_point> swept;
  Assembly& assembly;
  mutable std::mutex mutex;
  std::condition_variable_any wake;
  std::deque<std::function<void()>> jobs;
  std::shared_ptr<const reports::ShiftFigures> latest;
  std::jthread thread;
};

Background::Background(Assembly& assembly) : impl_(std::make_unique<Impl>(assembly)) {
  const std::lock_guard lock(impl_->mutex);
  impl_->jobs.push_back([impl = impl_.get()] { impl->compute(); });
  impl_->wake.notify_all();
}
Background::~Background() = default;

std::shared_ptr<const reports::ShiftFigures> Background::figures() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->latest;
}

void Background::export_record(const std::string& crossing, std::function<void(screens::ExportResult)> done) {
  const std::lock_guard lock(impl_->mutex);
  impl_->jobs.push_back([impl = impl_.get(), crossing, done = std::move(done)] {
    const auto folder = (fs::path(impl->assembly.config().storage.directory) / "export").string();
    done(export_crossing(impl->assembly, crossing, folder));
  });
  impl_->wake.notify_all();
}

screens::ExportResult export_crossing(Assembly& assembly, const std::string& crossing, const std::string& folder) {
  const auto json = exchange::crossing_json(assembly.reader(), crossing);
  if (!json) return {false, json.error().text()};
  std::error_code failed;
  fs::create_directories(folder, failed);
  const auto file = fs::path(folder) / (crossing + ".json");
  if (const auto done = disk::replace(file.string(), json->dump(2) + "\n"); !done)
    return {false, done.error().text() + "; check the disk"};
  return {true, file.string()};
}

}  // namespace torugart::app
