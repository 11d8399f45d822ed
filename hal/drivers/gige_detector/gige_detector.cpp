#include "hal/drivers/gige_detector/gige_detector.h"

#include <fmt/format.h>

#include <optional>

#include "hal/drivers/common/device_clock.h"
#include "hal/drivers/common/driver_device.h"
#include "hal/drivers/gige_detector/link.h"
#include "hal/drivers/gige_detector/truck_watch.h"

namespace torugart::hal::gige_detector {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

class GigeDetector final : public drivers::DriverDevice<XrayScanner> {
 public:
  GigeDetector(const DeviceConfig& config, const Clock& clock, DetectorSettings settings)
      : DriverDevice(config, clock, "GigE Vision detector"),
        settings_(std::move(settings)),
        cutter_(settings_.energies, settings_.low_first) {
    geometry_.detectors = settings_.detectors;
    geometry_.detector_pitch_mm = settings_.pitch_mm;
    geometry_.line_rate_hz = settings_.line_rate_hz;
    geometry_.high_energy_mv = settings_.high_mv;
    geometry_.low_energy_mv = settings_.energies == Energies::single ? 0 : settings_.low_mv;
    geometry_.geometry_calibrated = settings_.calibrated;
  }
  ~GigeDetector() override { close(); }

  void close() override {
    DriverDevice::close();
    const std::lock_guard lock(mutex_);
    run_.reset();
  }

  ScannerGeometry geometry() const override {
    const std::lock_guard lock(mutex_);
    return geometry_;
  }

  Result<void> request_beam(const ScanRequest& request) override {
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    const std::lock_guard lock(mutex_);
    if (run_)
      return tl::unexpected(Error{ErrorCode::refused, "a scan is under way already", config_.id, "wait for its end"});
    run_ = Run{request.scan, clock_.now().mono_us, false};
    return {};
  }

  Result<void> renew_lease() override {
    const std::lock_guard lock(mutex_);
    if (!run_) return tl::unexpected(Error{ErrorCode::refused, "no scan is under way", config_.id, ""});
    run_->renewed_us = clock_.now().mono_us;
    return {};
  }

  void withdraw(const std::string& /*reason*/) override {
    const std::lock_guard lock(mutex_);
    if (run_) run_->withdrawn = true;
  }

 private:
  struct Run {
    std::string scan;
    std::int64_t renewed_us = 0;
    bool withdrawn = false;
  };

  Figures figures() const override {
    const std::lock_guard lock(mutex_);
    const auto n = [](std::uint64_t v) { return std::to_string(v); };
    return {{"lines", n(lines_)},
            {"lost_lines", n(lost_)},
            {"torn_lines", n(torn_)},
            {"blocks", n(counts_.blocks)},
            {"incomplete", n(counts_.incomplete)},
            {"resent", n(counts_.resent)},
            {"missing_packets", n(counts_.missing)},
            {"no_buffer", n(counts_.no_buffer)},
            {"clock_error_us", std::to_string(clock_error_us_)}};
  }

  Error session(const std::stop_token& stop) override {
    {
      const std::lock_guard lock(mutex_);
      run_.reset();
    }
    auto link = Link::open(settings_);
    if (!link) return link.error();
    const auto& shape = (*link)->shape();
    identify(shape.model, shape.serial);
    {
      const std::lock_guard lock(mutex_);
      geometry_.detectors = shape.width;
      geometry_.full_scale = shape.full_scale;
    }
    came_alive();
    while (pause(stop, milliseconds(10))) {
      if ((*link)->lost()) return lost();
      std::optional<Run> run;
      {
        const std::lock_guard lock(mutex_);
        run = run_;
      }
      if (!run) continue;
      if (auto fault = scan(stop, **link, run->scan)) return *fault;
    }
    return {};
  }

  Error lost() const {
    return {ErrorCode::unreachable, "the detector was lost", config_.id, "check the detector's cable and power"};
  }

  void phase(const std::string& scan, ScanPhase phase, ScanEnd end = ScanEnd::complete) {
    ScanPhaseChange change;
    change.scan = scan;
    change.phase = phase;
    change.at = clock_.now();
    change.end = end;
    emit(change);
  }

  // One scan, from the request to its end; the fault when the device is the reason.
  std::optional<Error> scan(const std::stop_token& stop, Link& link, const std::string& name) {
    change(DeviceState::busy, "scanning", "");
    phase(name, ScanPhase::dark_lines);
    cutter_.restart();
    TruckWatch truck(link.shape().full_scale, settings_.tail_lines);
    drivers::DeviceClock device_clock;
    std::optional<ScanEnd> end;
    std::optional<Error> fault;
    if (auto started = link.start(); !started) fault = started.error();

    const auto began = Steady::now();
    auto last_block = began;
    LineKind kind = LineKind::dark;
    last_us_ = last_device_us_ = 0;
    while (!end && !fault && !stop.stop_requested()) {
      const bool came = link.take(10'000, [&](const Link::Taken& taken) {
        last_block = Steady::now();
        lines_of(taken, device_clock, truck, name, kind);
      });
      count(link, device_clock);
      if (truck.left()) end = ScanEnd::complete;
      if (const auto asked = ended_by_lease()) end = asked;
      if (link.lost()) fault = lost();
      const auto now = Steady::now();
      if (!came && !settings_.encoder && now - last_block > milliseconds(settings_.silent_ms))
        fault = Error{ErrorCode::timeout, "the detector sends no lines", config_.id,
                      "check the detector's data cable and its trigger"};
      if (kind != LineKind::object && now - began > milliseconds(settings_.timeout_ms)) end = ScanEnd::timeout;
    }
    link.stop();
    count(link, device_clock);
    {
      const std::lock_guard lock(mutex_);
      run_.reset();
    }
    if (stop.stop_requested()) return std::nullopt;
    phase(name, ScanPhase::ended, fault ? ScanEnd::device_fault : *end);
    if (!fault) change(DeviceState::ready, "ready", "");
    return fault;
  }

  std::optional<ScanEnd> ended_by_lease() const {
    const std::lock_guard lock(mutex_);
    if (!run_ || run_->withdrawn) return ScanEnd::withdrawn;
    if (clock_.now().mono_us - run_->renewed_us > kLeaseUs) return ScanEnd::lease_expired;
    return std::nullopt;
  }

  void lines_of(const Link::Taken& taken, drivers::DeviceClock& device_clock, TruckWatch& truck,
                const std::string& scan, LineKind& kind) {
    const TimeStamp now = clock_.now();
    const int rows = cutter_.lines_of(taken.block.height);
    // The rows of a block are spread over the time since the block before.
    const auto block_us =
        last_device_us_ == 0 ? 0 : std::clamp<std::int64_t>(taken.device_us - last_device_us_, 0, 1'000'000);
    last_device_us_ = taken.device_us;
    const auto begins_us = device_clock.map(taken.device_us, now.mono_us);
    for (auto& cut : cutter_.cut(taken.block)) {
      const auto seen = truck.look(cut.high);
      if (seen != kind && kind == LineKind::dark) phase(scan, ScanPhase::beam_on);
      kind = seen;
      ScanLine line;
      line.index = cut.index;
      line.kind = kind;
      const auto at = std::min(begins_us - block_us + block_us * (cut.row + 1) / rows, now.mono_us);
      last_us_ = std::max(last_us_, at);
      line.taken = now;
      line.taken.mono_us = last_us_;
      line.taken.wall_us = now.wall_us - (now.mono_us - last_us_);
      if (settings_.encoder && settings_.mm_per_line > 0 && block_us > 0)
        line.speed_mm_s = settings_.mm_per_line * rows * 1e6 / static_cast<double>(block_us);
      line.high = std::make_shared<const std::vector<std::uint16_t>>(std::move(cut.high));
      if (settings_.energies != Energies::single)
        line.low = std::make_shared<const std::vector<std::uint16_t>>(std::move(cut.low));
      {
        const std::lock_guard lock(mutex_);
        ++lines_;
      }
      emit(line);
    }
  }

  void count(const Link& link, const drivers::DeviceClock& device_clock) {
    const std::lock_guard lock(mutex_);
    counts_ = link.counts();
    lost_ = cutter_.lost_lines();
    torn_ = cutter_.torn_lines();
    clock_error_us_ = device_clock.error_us();
  }

  const DetectorSettings settings_;
  LineCutter cutter_;  // with last_…: the device's thread
  std::int64_t last_us_ = 0, last_device_us_ = 0;

  mutable std::mutex mutex_;
  ScannerGeometry geometry_;
  std::optional<Run> run_;
  Link::Counts counts_;
  std::uint64_t lines_ = 0, lost_ = 0, torn_ = 0;
  std::int64_t clock_error_us_ = 0;
};

}  // namespace

void register_driver(Registry& registry) {
  registry.add("gige_detector", Factory<XrayScanner>([](const DeviceConfig& c,
                                                        const Clock& clock) -> Result<std::unique_ptr<XrayScanner>> {
                 auto settings = read_settings(c);
                 if (!settings) return tl::unexpected(settings.error());
                 return std::make_unique<GigeDetector>(c, clock, std::move(*settings));
               }));
}

}  // namespace torugart::hal::gige_detector
