#include "hal/replay/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <optional>
#include <thread>
#include <type_traits>

#include "hal/replay/wrapped.h"

namespace torugart::hal::replay {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kStillEveryUs = 1'000'000;
constexpr int kMostStills = 30;
constexpr std::size_t kMostQueuedStills = 16;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

std::string wall_text(std::int64_t wall_us) {
  const std::time_t seconds = wall_us / 1'000'000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03} +00", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, wall_us / 1000 % 1000);
}

// One open crossing. Writer's thread only.
struct OpenFolder {
  fs::path folder;
  std::map<std::string, std::pair<int, std::int64_t>> stills;  // position -> count, time of the last
  std::vector<ScanLine> lines;
  std::vector<std::string> documents;
  std::optional<double> weight_kg;
  std::string recorded;
};

}  // namespace

struct Recorder::Impl {
  Impl(std::string directory, const Clock& time) : root(std::move(directory)), clock(time) {
    thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Impl() {
    thread.request_stop();
    thread.join();
  }

  void queue(std::function<void()> job) {
    const std::lock_guard lock(mutex);
    jobs.push_back(std::move(job));
    wake.notify_all();
  }

  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait(lock, stop, [this] { return !jobs.empty(); });
      if (jobs.empty()) break;
      const auto job = std::move(jobs.front());
      jobs.pop_front();
      busy = true;
      lock.unlock();
      try {
        job();
      } catch (const std::exception& e) {  // file systems and imgcodecs throw
        fail(e.what());
      }
      lock.lock();
      busy = false;
      if (jobs.empty()) idle.notify_all();
    }
    lock.unlock();
    finish();
  }

  void fail(const std::string& why) {
    const std::lock_guard lock(mutex);
    trouble = fmt::format("recording stopped: {}; check the disk that holds {}", why, root.string());
    folder.reset();
  }

  // -- what arrives, on the devices' threads
  // ---------------------------------------------------------------------------
  void on(const Frame& frame) {
    {
      const std::lock_guard lock(mutex);
      if (frame.damaged || !frame.bgr || stills_queued >= kMostQueuedStills) {
        if (frame.bgr && !frame.damaged) ++dropped;
        return;
      }
      auto& next = next_still_us[frame.position];
      if (frame.taken.mono_us < next) return;
      next = frame.taken.mono_us + kStillEveryUs;
      ++stills_queued;
    }
    queue([this, frame] {
      {
        const std::lock_guard lock(mutex);
        --stills_queued;
      }
      write_still(frame);
    });
  }
  void on(const XrayMessage& message) {
    queue([this, message] {
      if (!folder) return;
      if (const auto* line = std::get_if<ScanLine>(&message)) {
        folder->lines.push_back(*line);
      } else if (std::get<ScanPhaseChange>(message).phase == ScanPhase::ended) {
        write_scan();
      } else if (std::get<ScanPhaseChange>(message).phase == ScanPhase::warning) {
        folder->lines.clear();
      }
    });
  }
  void on(const PortalLine& line) {
    queue([this, line] {
      if (!folder) return;
      std::ofstream out(folder->folder / "portal.csv", std::ios::app);
      out << line.raw << ',' << wall_text(line.at.wall_us) << '\n';
      if (!out) fail("portal.csv cannot be written");
    });
  }
  void on(const WeightReading& reading) {
    if (reading.status != WeightStatus::stable) return;
    queue([this, reading] {
      if (folder) folder->weight_kg = reading.gross_kg;
    });
  }
  void on(const CodeRead& read) {
    queue([this, read] {
      if (folder) folder->documents.push_back(read.text);
    });
  }
  void on(const ChainReading&) {}
  void on(const SignalMessage& message) {
    const auto* loop = std::get_if<LoopChange>(&message);
    if (loop == nullptr) return;
    if (loop->loop == LoopPlace::arrival && loop->state == LoopState::occupied) {
      queue([this, at = loop->at] { begin(at); });
    } else if (loop->loop == LoopPlace::departure && loop->state == LoopState::free) {
      queue([this] { finish(); });
    }
  }

  // -- writer's thread
  // -------------------------------------------------------------------------------------------------
  void begin(TimeStamp at) {
    finish();
    fs::create_directories(root);
    int number = 1;
    while (fs::exists(root / fmt::format("crossing-{:04}", number)))
      ++number;
    folder.emplace();
    folder->folder = root / fmt::format("crossing-{:04}", number);
    folder->recorded = wall_text(at.wall_us);
    fs::create_directories(folder->folder);
  }

  void write_still(const Frame& frame) {
    if (!folder) return;
    auto& [count, last] = folder->stills[frame.position];
    if (count >= kMostStills) return;
    const auto place = folder->folder / frame.position;
    fs::create_directories(place);
    const cv::Mat picture(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr->data()));
    const auto file = place / fmt::format("{:04}.jpg", ++count);
    if (!cv::imwrite(file.string(), picture, {cv::IMWRITE_JPEG_QUALITY, 92})) fail("a still cannot be written");
  }

  void write_scan() {
    const auto place = folder->folder / "xray";
    std::size_t rows = 0;
    for (const auto& line : folder->lines)
      rows = std::max(rows, line.high ? line.high->size() : 0U);
    if (rows > 0) {
      fs::create_directories(place);
      const std::pair<LineKind, const char*> kinds[] = {
          {LineKind::dark, "dark"}, {LineKind::air, "air"}, {LineKind::object, ""}};
      for (const auto& [kind, name] : kinds) {
        const std::string stem(name);
        write_lines(kind, &ScanLine::high, rows, place / (stem.empty() ? "high.png" : stem + ".png"));
        write_lines(kind, &ScanLine::low, rows, place / (stem.empty() ? "low.png" : stem + "_low.png"));
      }
    }
    folder->lines.clear();
  }

  void write_lines(LineKind kind, std::shared_ptr<const std::vector<std::uint16_t>> ScanLine::*energy,
                   std::size_t rows, const fs::path& file) {
    std::vector<const std::vector<std::uint16_t>*> columns;
    std::optional<std::uint32_t> last;
    bool any = false;
    for (const auto& line : folder->lines) {
      if (line.kind != kind) continue;
      // a gap in the numbers is a gap in the picture
      for (std::uint32_t lost = last.value_or(line.index); lost + 1 < line.index && columns.size() < 65'535; ++lost) {
        columns.push_back(nullptr);
      }
      last = line.index;
      columns.push_back((line.*energy).get());
      any = any || columns.back() != nullptr;
    }
    if (!any) return;
    cv::Mat picture = cv::Mat::zeros(static_cast<int>(rows), static_cast<int>(columns.size()), CV_16UC1);
    for (std::size_t x = 0; x < columns.size(); ++x) {
      if (columns[x] == nullptr) continue;
      for (std::size_t y = 0; y < std::min(rows, columns[x]->size()); ++y) {
        picture.at<std::uint16_t>(static_cast<int>(y), static_cast<int>(x)) = (*columns[x])[y];
      }
    }
    if (!cv::imwrite(file.string(), picture)) fail("an x-ray picture cannot be written");
  }

  void finish() {
    if (!folder) return;
    std::ofstream out(folder->folder / "crossing.toml");
    out << "note = " << quoted("recorded " + folder->recorded) << '\n';
    if (folder->weight_kg) out << fmt::format("weight_kg = {:.1f}\n", *folder->weight_kg);
    for (const auto& number : folder->documents) {
      out << "[[document]]\nkind = \"other\"\nnumber = " << quoted(number) << '\n';
    }
    const bool good = out.good();
    folder.reset();
    if (!good) fail("crossing.toml cannot be written");
  }

  const fs::path root;
  const Clock& clock;
  mutable std::mutex mutex;
  std::condition_variable_any wake;
  std::condition_variable idle;
  std::deque<std::function<void()>> jobs;
  bool busy = false;
  std::size_t stills_queued = 0;
  std::int64_t dropped = 0;
  std::map<std::string, std::int64_t> next_still_us;
  std::string trouble;
  std::optional<OpenFolder> folder;  // writer's thread
  std::jthread thread;
};

Result<std::unique_ptr<Recorder>> Recorder::open(const std::string& directory, const Clock& clock) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed) {
    return tl::unexpected(Error{ErrorCode::bad_setting, "cannot be made: " + failed.message(), directory,
                                "name a folder that can be written"});
  }
  return std::make_unique<Recorder>(std::make_unique<Impl>(directory, clock));
}

Recorder::Recorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Recorder::~Recorder() = default;

LaneDevices Recorder::wrap(LaneDevices devices) {
  const auto wrap_in = [this]<class Wrapper, class Device>(std::type_identity<Wrapper>,
                                                           std::unique_ptr<Device>& slot) {
    if (slot) slot = std::make_unique<Wrapper>(std::move(slot), *impl_);
  };
  for (auto& camera : devices.cameras)
    wrap_in(std::type_identity<WrappedCamera<Impl>>{}, camera);
  for (auto& reader : devices.code_readers)
    wrap_in(std::type_identity<Wrapped<CodeReader, Impl>>{}, reader);
  wrap_in(std::type_identity<WrappedScanner<Impl>>{}, devices.xray);
  wrap_in(std::type_identity<Wrapped<SafetyChain, Impl>>{}, devices.safety);
  wrap_in(std::type_identity<Wrapped<PortalMonitor, Impl>>{}, devices.portal);
  wrap_in(std::type_identity<Wrapped<Weighbridge, Impl>>{}, devices.weighbridge);
  wrap_in(std::type_identity<WrappedSignals<Impl>>{}, devices.signals);
  return devices;
}

void Recorder::flush() {
  std::unique_lock lock(impl_->mutex);
  impl_->idle.wait(lock, [this] { return impl_->jobs.empty() && !impl_->busy; });
}

std::string Recorder::problem() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->trouble;
}

std::int64_t Recorder::stills_dropped() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->dropped;
}

}  // namespace torugart::hal::replay
