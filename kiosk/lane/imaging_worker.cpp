#include "kiosk/lane/imaging_worker.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace torugart::lane {
namespace {

constexpr std::int64_t kSnapshotEveryUs = 80'000;

imaging::ScanConfig config_of(const hal::ScannerGeometry& geometry) {
  imaging::ScanConfig config;
  config.detectors = geometry.detectors;
  config.dual_energy = geometry.low_energy_mv > 0;
  config.detector_pitch_mm = geometry.geometry_calibrated ? geometry.detector_pitch_mm : 0;
  config.line_rate_hz = geometry.line_rate_hz;
  config.full_scale = geometry.full_scale;
  return config;
}

imaging::RawLine raw_of(const hal::ScanLine& line) {
  imaging::RawLine out;
  switch (line.kind) {
    case hal::LineKind::dark:
      out.kind = imaging::LineKind::dark;
      break;
    case hal::LineKind::air:
      out.kind = imaging::LineKind::air;
      break;
    case hal::LineKind::object:
      out.kind = imaging::LineKind::object;
      break;
  }
  out.energy = line.low ? imaging::LineEnergy::both : imaging::LineEnergy::high;
  out.index = line.index;
  out.time_us = line.taken.mono_us;
  if (line.reference_high > 0) out.reference_high = line.reference_high;
  if (line.reference_low > 0) out.reference_low = line.reference_low;
  if (line.speed_mm_s > 0) out.speed_mm_s = line.speed_mm_s;
  if (line.high) out.high = *line.high;
  if (line.low) out.low = *line.low;
  return out;
}

}  // namespace

ImagingWorker::ImagingWorker(Store& store, const hal::Clock& clock, std::string work_folder, bool own_thread,
                             Callbacks callbacks)
    : store_(store),
      clock_(clock),
      folder_(std::move(work_folder)),
      callbacks_(std::move(callbacks)),
      worker_(own_thread) {}

ImagingWorker::~ImagingWorker() {
  worker_.stop();
}

void ImagingWorker::begin(const std::string& scan, const hal::ScannerGeometry& geometry) {
  {
    const std::lock_guard lock(mutex_);
    lines_.clear();  // stragglers of the scan before
    offered_ = scan;
  }
  worker_.post([this, scan, geometry] {
    scan_ = scan;
    builder_ = std::make_unique<imaging::ScanBuilder>(config_of(geometry), calibration_);
    last_snapshot_mono_us_ = 0;
    speed_mm_s_ = 0;
    drain();
  });
}

void ImagingWorker::add(const hal::ScanLine& line) {
  {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    if (lines_.size() > 1) return;  // the job that takes them is posted
  }
  worker_.post([this] { drain(); });
}

void ImagingWorker::finish(const std::string& scan, imaging::ScanMetadata metadata) {
  worker_.post([this, scan, metadata = std::move(metadata)] {
    drain();
    do_finish(scan, metadata);
  });
}

void ImagingWorker::drop(const std::string& scan) {
  worker_.post([this, scan] {
    if (scan_ == scan) builder_.reset();
  });
}

void ImagingWorker::drain() {
  std::vector<hal::ScanLine> lines;
  {
    const std::lock_guard lock(mutex_);
    if (scan_ != offered_) return;  // lines of a scan that has not begun here yet
    lines.swap(lines_);
  }
  if (!builder_ || lines.empty()) return;
  for (const auto& line : lines) {
    builder_->add(raw_of(line));
    if (line.kind == hal::LineKind::object) speed_mm_s_ = line.speed_mm_s;
  }
  const auto now = clock_.now().mono_us;
  if (last_snapshot_mono_us_ != 0 && now - last_snapshot_mono_us_ < kSnapshotEveryUs) return;
  const auto statistics = builder_->statistics();
  if (statistics.lines == 0) return;
  last_snapshot_mono_us_ = now;
  callbacks_.on_growing({scan_, builder_->snapshot(), static_cast<int>(statistics.lines),
                         static_cast<int>(statistics.missing_lines + statistics.torn_lines), speed_mm_s_});
}

void ImagingWorker::do_finish(const std::string& scan, const imaging::ScanMetadata& metadata) {
  StoredScan out;
  out.scan = scan;
  if (!builder_ || scan_ != scan) {
    out.problem = "No lines of this scan are here";
    callbacks_.on_stored(std::move(out));
    return;
  }
  out.statistics = builder_->statistics();
  auto finished = builder_->finish();
  builder_.reset();
  if (!finished) {
    out.problem = finished.error().text();
    callbacks_.on_stored(std::move(out));
    return;
  }
  out.picture = finished->corrected;
  out.statistics = out.picture->statistics;
  if (finished->calibration) calibration_ = finished->calibration;
  callbacks_.on_picture(scan, out.picture);
  if (store(*finished->corrected, metadata, false, out) && finished->raw) {
    store(*finished->raw, metadata, true, out);
  }
  callbacks_.on_stored(std::move(out));
}

bool ImagingWorker::store(const imaging::ScanImage& image, const imaging::ScanMetadata& metadata, bool raw,
                          StoredScan& out) {
  const auto stem = metadata.scan_id + (raw ? "-counts" : "");
  const auto written = imaging::write_dicos(image, metadata, folder_, stem, imaging::Compression::jpeg_ls);
  if (!written) {
    out.problem = written.error().text();
    return false;
  }
  bool whole = true;
  for (std::size_t i = 0; i < written->size(); ++i) {
    const auto& object = (*written)[i];
    if (whole) {
      const auto put = store_.put_file(object.file.string(), "application/dicom");
      if (put) {
        const std::string energy = i == 0 ? "high" : "low";
        out.files.push_back({(raw ? "xray_raw_" : "xray_") + energy, put->sha256, put->bytes, "application/dicom"});
        if (!raw) out.objects.push_back(object);
      } else {
        out.problem = put.error().text();
        whole = false;
      }
    }
    std::error_code ignored;  // a left-over in the work folder is removed at the next start
    std::filesystem::remove(object.file, ignored);
  }
  return whole;
}

}  // namespace torugart::lane
