// Records: what the journal and the archive know, read on a worker. Looking is itself recorded.
#include <algorithm>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <utility>

#include "kiosk/lane/core.h"
#include "kiosk/lane/decode.h"
#include "kiosk/lane/summary.h"

namespace torugart::lane {
namespace {

constexpr int kRows = 100;
constexpr std::size_t kCrops = 32;
constexpr int kCropSide = 1024;  // pixels

// The plate crops of a record; one that cannot be read is left out, the event still names it.
std::vector<std::pair<std::string, Picture>> crops_of(const std::vector<inspection::Event>& events,
                                                      const Store& store) {
  std::vector<std::pair<std::string, Picture>> out;
  for (const auto& event : events) {
    const auto* read = std::get_if<inspection::NumberRead>(&event.payload);
    if (read == nullptr || !read->crop || out.size() == kCrops) continue;
    const auto bytes = store.get(read->crop->sha256);
    if (!bytes) continue;
    try {
      const cv::Mat bgr = cv::imdecode(*bytes, cv::IMREAD_COLOR);
      if (bgr.empty() || bgr.cols > kCropSide || bgr.rows > kCropSide) continue;
      Picture picture;
      picture.width = bgr.cols;
      picture.height = bgr.rows;
      picture.bgr = std::make_shared<const std::vector<std::uint8_t>>(bgr.data, bgr.data + bgr.total() * 3);
      out.emplace_back(read->crop->sha256, std::move(picture));
    } catch (const std::exception&) {  // OpenCV's edge
      continue;
    }
  }
  return out;
}

}  // namespace

CrossingSummary summary_of(const inspection::Crossing& crossing) {
  CrossingSummary out;
  out.id = crossing.id;
  out.title = crossing.title();
  out.stage = crossing.stage;
  out.colour = crossing.colour;
  out.arrived_wall_us = crossing.arrived_wall_us;
  if (!crossing.open() && !crossing.stage_times.empty()) out.closed_wall_us = crossing.stage_times.back().wall_us;
  out.acknowledged = !crossing.open() && crossing.acknowledged_up_to > 0;
  out.released = crossing.released;
  out.suspect = crossing.suspect();
  out.without_release = crossing.departed_without_release;
  return out;
}

void Core::search(const std::string& query) {
  if (!session_.actor) return;
  still_here();
  search_ = {query, true, {}};
  const auto attempt = ++search_try_;
  changed(true);
  record_worker_.post([this, query, attempt] {
    std::vector<CrossingSummary> rows;
    const auto found = parts_.ledger->crossings(query, kRows);
    if (found) {
      for (const auto& row : *found) {
        const auto crossing = parts_.ledger->crossing(row.id);
        if (crossing && *crossing) rows.push_back(summary_of(**crossing));
      }
    }
    inbox_.post([this, attempt, rows = std::move(rows)]() mutable {
      if (attempt != search_try_) return;
      search_.running = false;
      search_.rows = std::move(rows);
      changed(true);
    });
  });
}

void Core::open_record(const std::string& crossing) {
  if (!session_.actor || crossing.empty()) return;
  still_here();
  record_ = {};
  record_.crossing = crossing;
  record_.loading = true;
  drop_images();
  changed(true);
  record_worker_.post([this, crossing] {
    RecordView read;
    read.crossing = crossing;
    auto events = parts_.ledger->events_of(crossing);
    if (!events) {
      read.problem = events.error().text();
    } else if (events->empty()) {
      read.problem = "There is no such record";
    } else {
      inspection::Crossing fold;
      for (const auto& event : *events)
        inspection::apply(fold, event);
      read.fold = std::move(fold);
      read.pictures = crops_of(*events, *parts_.store);
      read.events = std::move(*events);
    }
    inbox_.post([this, read = std::move(read)]() mutable {
      if (record_.crossing != read.crossing || !session_.actor) return;
      if (read.fold) record(read.crossing, inspection::RecordViewed{read.crossing}, by_person(*session_.actor));
      record_ = std::move(read);
      changed(true);
    });
  });
}

void Core::close_record() {
  record_ = {};
  drop_images();
  changed(true);
}

void Core::want_images(const std::string& crossing) {
  if (const auto* v = visit(crossing)) {
    decode_images(v->fold);
    return;
  }
  if (record_.crossing != crossing || crossing.empty()) return;
  record_worker_.post([this, crossing] {
    const auto fold = parts_.ledger->crossing(crossing);
    if (!fold || !*fold) return;
    inbox_.post([this, fold = **fold] { decode_images(fold); });
  });
}

void Core::decode_images(const inspection::Crossing& crossing) {
  for (const auto& scan : crossing.scans) {
    const bool here = std::any_of(images_.begin(), images_.end(),
                                  [&](const auto& i) { return i.scan == scan.scan && i.earlier_of.empty(); });
    if (here || scan.files.empty() || !decoding_.insert(scan.scan).second) continue;
    record_worker_.post([this, id = crossing.id, scan, taken_wall_us = time_of_scan(crossing, scan)] {
      auto image = decode(scan, *parts_.store);
      inbox_.post([this, id, scan = scan.scan, taken_wall_us, image = std::move(image)] {
        decoding_.erase(scan);
        if (visit(id) == nullptr && record_.crossing != id) return;
        if (image) {
          keep_image(id, scan, *image, taken_wall_us);
        } else if (record_.crossing == id) {
          record_.problem = image.error();
        } else {
          note_archive(image.error());
        }
        changed(true);
      });
    });
  }
}

void Core::verify_journal() {
  verify_worker_.post([this] {
    const auto report = parts_.ledger->verify();
    inbox_.post([this, report] {
      journal_verified_ = report && report->ok;
      journal_verified_up_to_ = report ? report->events : 0;
      journal_problem_ = !report ? report.error().text() : report->what;
      changed(true);
    });
  });
}

void Core::ask_space() {
  record_worker_.post([this] {
    const auto space = parts_.store->space();
    inbox_.post([this, space] {
      constexpr std::int64_t kWorthShowing = std::int64_t{64} << 20;
      const auto moved = space.free_bytes - space_.free_bytes;
      if (space.trucks != space_.trucks || moved > kWorthShowing || moved < -kWorthShowing) changed();
      space_ = space;
      timers_.set("space", clock_.now().mono_us + config_.limits.space_every_us, [this] { ask_space(); });
    });
  });
}

void Core::test_device(const std::string& device) {
  const auto it = std::find_if(devices_.begin(), devices_.end(), [&](const auto& d) { return d.info.id == device; });
  if (it == devices_.end()) return;
  still_here();
  hal::Camera* camera = nullptr;
  for (auto& c : parts_.devices.cameras) {
    if (c.get() == it->device) camera = c.get();
  }
  device_worker_.post([this, camera, device, asked = it->device] {
    if (camera != nullptr) (void)camera->trigger_still();  // a camera without a trigger shows its stream instead
    const auto health = asked->health();
    inbox_.post([this, device, health] {
      on_health(device, health);
      changed(true);
    });
  });
}

}  // namespace torugart::lane
