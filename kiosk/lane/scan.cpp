// The scan: asked for, kept alive by a lease that is renewed only after the whole chain was read, ended.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "imaging/analyse/analyse.h"
#include "imaging/material/classifier.h"
#include "kiosk/lane/core.h"

namespace torugart::lane {
namespace {

std::string words(hal::ScanEnd end) {
  switch (end) {
    case hal::ScanEnd::complete:
      return {};
    case hal::ScanEnd::withdrawn:
      return "The request was withdrawn";
    case hal::ScanEnd::lease_expired:
      return "The request was not renewed in time";
    case hal::ScanEnd::chain_opened:
      return "The scanner's interlock opened";
    case hal::ScanEnd::timeout:
      return "The truck did not pass through the beam in time";
    case hal::ScanEnd::device_fault:
      return "The scanner reported a fault";
  }
  return {};
}

}  // namespace

std::optional<hal::Error> Core::ask_scan(Visit& v, const std::string& scan) {
  auto* xray = parts_.devices.xray.get();
  if (xray == nullptr) return hal::Error{hal::ErrorCode::unsupported, "This lane has no scanner", "", ""};
  const bool in_cab = v.fold.area_cleared && v.fold.area_cleared->driver == inspection::DriverPlace::in_cab;
  imaging_->begin(scan, xray->geometry());
  const auto asked = xray->request_beam({scan, in_cab});
  if (!asked) {
    imaging_->drop(scan);
    return asked.error();
  }
  scan_ = {};
  scan_.active = true;
  scan_.crossing = v.id;
  scan_.scan = scan;
  scan_.requested_wall_us = clock_.now().wall_us;
  progress_ = {};
  progress_.state = ScanState::requested;
  progress_.crossing = v.id;
  progress_.scan = scan;
  timers_.set("lease", clock_.now().mono_us + hal::XrayScanner::kRenewEveryUs, [this] { renew_lease(); });
  changed(true);
  return std::nullopt;
}

void Core::renew_lease() {
  if (!scan_.active || scan_.withdrawn) return;
  const auto now = clock_.now().mono_us;
  if (guard_.look(now)) note_chain();
  if (!guard_.may_ask()) {
    withdraw(facts().chain_says);
    return;
  }
  const auto renewed = parts_.devices.xray->renew_lease();
  if (!renewed) {
    withdraw(renewed.error().what);
    return;
  }
  timers_.set("lease", now + hal::XrayScanner::kRenewEveryUs, [this] { renew_lease(); });
}

// At once, in this turn of the queue. The scanner says "ended" soon; if it does not, the scan is ended without it.
void Core::withdraw(const std::string& because) {
  if (!scan_.active || scan_.withdrawn) return;
  scan_.withdrawn = true;
  scan_.because = because;
  timers_.clear("lease");
  parts_.devices.xray->withdraw(because);
  timers_.set("scan end", clock_.now().mono_us + config_.limits.scan_end_patience_us, [this] {
    const bool lost = state_of(parts_.devices.xray.get()) == hal::DeviceState::faulted ||
                      state_of(parts_.devices.xray.get()) == hal::DeviceState::recovering;
    end_scan(hal::to_string(lost ? hal::ScanEnd::device_fault : hal::ScanEnd::withdrawn));
  });
  changed(true);
}

void Core::on_scan_phase(const hal::ScanPhaseChange& change) {
  if (!scan_.active || change.scan != scan_.scan) return;
  switch (change.phase) {
    case hal::ScanPhase::warning:
      progress_.state = ScanState::warning;
      progress_.warning_ends_mono_us = change.at.mono_us + change.remaining_us;
      note_scan("warning", "Warning before beam");
      break;
    case hal::ScanPhase::dark_lines:
      break;
    case hal::ScanPhase::beam_on:
      progress_.state = ScanState::beam;
      progress_.beam_since_mono_us = change.at.mono_us;
      note_scan("beam_on", "Beam on");
      if (auto* v = visit(scan_.crossing)) v->moved_on = true;
      break;
    case hal::ScanPhase::ended:
      if (change.dose_usv) scan_.dose_usv = change.dose_usv;
      if (scan_.because.empty()) scan_.because = words(change.end);
      end_scan(hal::to_string(change.end));
      return;
  }
  changed(true);
}

void Core::end_scan(const std::string& end) {
  if (!scan_.active) return;
  timers_.clear("lease");
  timers_.clear("scan end");
  if (progress_.state == ScanState::beam) note_scan("beam_off", "Beam off");
  scan_.active = false;
  scan_.end = end;
  progress_.state = ScanState::ended;
  progress_.dose_usv = scan_.dose_usv;
  progress_.ended_because = scan_.because;
  auto* v = visit(scan_.crossing);
  imaging::ScanMetadata metadata;
  if (v != nullptr) {
    if (end != hal::to_string(hal::ScanEnd::complete)) v->moved_on = v->fold.usable_scan();  // it backs up
    metadata = metadata_of(*v, scan_.scan, scan_.requested_wall_us);
    v->metadata[scan_.scan] = metadata;
  } else {
    Visit gone;
    gone.id = scan_.crossing;
    metadata = metadata_of(gone, scan_.scan, scan_.requested_wall_us);
  }
  ended_[scan_.scan] = scan_;
  imaging_->finish(scan_.scan, std::move(metadata));
  changed(true);
}

// The phases of a request are events with their own time; ScanCompleted comes when the files are written.
void Core::note_scan(const std::string& state, const std::string& summary) {
  const auto id = parts_.devices.xray->info().id;
  record(scan_.crossing, inspection::DeviceChanged{id, state, summary}, by_device(id));
}

void Core::on_growing(const GrowingScan& growing) {
  if (growing.scan != scan_.scan) return;
  progress_.growing = growing.view;
  progress_.lines = growing.lines;
  progress_.missing = growing.missing;
  progress_.speed_mm_s = growing.speed_mm_s;
  changed();
}

void Core::on_picture(const std::string& scan, const imaging::ScanImagePtr& picture) {
  const auto ended = ended_.find(scan);
  if (ended == ended_.end()) return;
  keep_image(ended->second.crossing, scan, picture, ended->second.requested_wall_us);
  changed(true);
}

void Core::on_stored(const StoredScan& stored) {
  const auto it = ended_.find(stored.scan);
  if (it == ended_.end()) return;
  const auto run = it->second;
  ended_.erase(it);
  note_archive(stored.picture && stored.files.empty() ? stored.problem : std::string());
  ask_space();
  if (auto* v = visit(run.crossing)) v->objects[stored.scan] = stored.objects;
  const auto& statistics = stored.statistics;
  inspection::ScanCompleted completed;
  completed.scan = stored.scan;
  completed.end = run.end;
  completed.lines = static_cast<int>(statistics.lines);
  completed.lines_missing = static_cast<int>(statistics.missing_lines + statistics.torn_lines);
  if (stored.picture) {
    completed.columns = stored.picture->columns();
    completed.rows = stored.picture->rows();
  }
  completed.calibrated = stored.picture != nullptr && statistics.calibrated;
  completed.calibration_note = stored.picture ? statistics.calibration_reason : stored.problem;
  completed.saturated_percent = statistics.no_signal_percent;
  completed.dose_usv = run.dose_usv;
  completed.simulated = parts_.devices.xray->info().simulated;
  completed.files = stored.files;
  record(run.crossing, completed, by_device(parts_.devices.xray->info().id));
  changed(true);
}

void Core::keep_image(const std::string& crossing, const std::string& scan, imaging::ScanImagePtr image,
                      std::int64_t taken_wall_us) {
  ImageView shown;
  shown.crossing = crossing;
  shown.scan = scan;
  shown.image = std::move(image);
  shown.taken_wall_us = taken_wall_us;
  keep_image(std::move(shown));
  if (visit(crossing) != nullptr) find_earlier(crossing);
}

void Core::keep_image(ImageView shown) {
  // One of a scan; of the library, one for each crossing.
  std::erase_if(images_, [&](const ImageView& i) {
    return i.earlier_of == shown.earlier_of &&
           (shown.reference.empty() ? i.scan == shown.scan : !i.reference.empty());
  });
  images_.push_back(shown);
  changed();
  look_closer(shown);
}

// What takes a while and nobody has to wait for: the material classes that fit this picture, and the aids.
void Core::look_closer(const ImageView& shown) {
  verify_worker_.post([this, scan = shown.scan, image = shown.image] {
    auto table = imaging::MaterialTable::make(imaging::config_for(*image));
    std::vector<Aid> aids;
    if (const auto found = imaging::analyse(*image, *table)) {
      constexpr std::size_t kMostAids = 5;  // more would be noise to the person who looks
      for (const auto& p : found->proposals) {
        if (aids.size() == kMostAids) break;
        aids.push_back({imaging::key_of(p.kind), p.box.x, p.box.y, p.box.w, p.box.h, p.score, p.why});
      }
    }
    inbox_.post([this, scan, image, has_low = image->view.has_low, table = std::move(table), aids = std::move(aids)] {
      for (auto& kept : images_) {
        if (kept.scan != scan || kept.image != image) continue;
        if (has_low) kept.materials = table;
        kept.aids = aids;
        kept.aids_done = true;
      }
      changed(true);
    });
  });
}

// Pictures are large: those of open crossings and of the record on screen stay.
void Core::drop_images() {
  std::erase_if(images_, [&](const ImageView& i) {
    if (!i.earlier_of.empty()) return visit(i.earlier_of) == nullptr;
    return visit(i.crossing) == nullptr && i.crossing != record_.crossing;
  });
}

imaging::ScanMetadata Core::metadata_of(const Visit& v, const std::string& scan, std::int64_t wall_us) const {
  imaging::ScanMetadata out;
  const auto& numbers = v.fold.numbers;
  out.ooi_id = numbers.empty() ? v.id : numbers.front().text;
  for (const auto& number : numbers) {
    if (number.kind == inspection::NumberKind::container) out.ooi_id = number.text;
  }
  out.scan_id = scan;
  out.accession = v.id;
  out.uid_seed = config_.lane_id + "/" + scan;
  out.scan_start = imaging::DicomTime::from_unix_us(wall_us);
  out.institution = config_.crossing_point.empty() ? config_.lane_id : config_.crossing_point;
  out.institution_address = config_.address;
  out.station = config_.lane_id;
  out.software_version = config_.software_version;
  if (const auto* xray = parts_.devices.xray.get()) {
    const auto info = xray->info();
    const auto geometry = xray->geometry();
    out.model = info.model;
    out.device_serial = info.serial;
    out.high_mev = geometry.high_energy_mv;
    out.low_mev = geometry.low_energy_mv;
  }
  return out;
}

}  // namespace torugart::lane
