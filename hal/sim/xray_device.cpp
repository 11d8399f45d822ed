// The simulated scanner: lease, warning, lines. The lane's truck drives through its beam.
#include <algorithm>
#include <cmath>

#include "hal/sim/detector.h"
#include "hal/sim/device_base.h"
#include "hal/sim/factories.h"
#include "hal/sim/ray_column.h"
#include "hal/sim/test_object.h"
#include "hal/sim/truck_body.h"

namespace torugart::hal::sim {
namespace {

constexpr double kColumnMm = 4;             // grid of computed columns; lines between two are blended
constexpr double kFineColumnMm = 1;         // the test object has wires
constexpr double kLead = 200, kTail = 350;  // object lines begin before the bumper and end behind the tail
constexpr double kCabClear = kCabLength + 350;
constexpr int kDarkLines = 64;
constexpr double kCarriageSpeed = 600, kCarriageFrom = -800;  // of the test object; air comes before it

class SimXray final : public SimDevice<XrayScanner> {
 public:
  SimXray(const DeviceConfig& c, const Clock& clock, std::shared_ptr<World> w)
      : SimDevice(c, clock, std::move(w), "Simulated drive-through scanner 6/4 MV"),
        warning_us_(setting("warning_ms", 5000) * 1000LL),
        timeout_us_(setting("timeout_ms", 45'000) * 1000LL),
        attenuator_(std::make_shared<Attenuator>(6.0, 4.0)) {
    fan_.detectors = setting("detectors", 640);
    fan_.pitch_mm = 4864.0 / fan_.detectors;  // always the height of a high-cube container on its chassis
    line_us_ = 1e6 / setting("line_rate", 400);
    // Fewer photons are a weak source: what the daily check is there to find.
    const double strength = setting("photons", 90'000) / detector_.photons;
    detector_.photons *= strength;
    detector_.photons_low *= strength;
  }
  ~SimXray() override { close(); }

  ScannerGeometry geometry() const override {
    return {fan_.detectors, fan_.pitch_mm, 1e6 / line_us_, 6, 4, 65535, true};
  }

  Result<void> request_beam(const ScanRequest& request) override {
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    const std::lock_guard lock(scan_mutex_);
    if (wanted_)
      return tl::unexpected(Error{ErrorCode::refused, "a scan is under way already", config_.id, "wait for its end"});
    {
      const auto world = lock_world();
      if (model().lost(config_.id, config_.kind))
        return tl::unexpected(Error{ErrorCode::unreachable, "the scanner does not answer", config_.id, "check it"});
      if (model().chain_open())
        return tl::unexpected(
            Error{ErrorCode::refused, "the scanner's interlock input is open", config_.id, "close the safety chain"});
      const auto* v = model().scan_vehicle();
      if (request.test_object && v != nullptr && v->stage != TruckStage::identification)
        return tl::unexpected(
            Error{ErrorCode::refused, "a truck stands in the beam's way", config_.id, "let it leave"});
    }
    wanted_ = true;
    withdrawn_ = false;
    request_ = request;
    renewed_us_ = clock_.now().mono_us;
    return {};
  }

  Result<void> renew_lease() override {
    const std::lock_guard lock(scan_mutex_);
    if (!wanted_) return tl::unexpected(Error{ErrorCode::refused, "no scan is under way", config_.id, ""});
    renewed_us_ = clock_.now().mono_us;
    return {};
  }

  void withdraw(const std::string& /*reason*/) override {
    const std::lock_guard lock(scan_mutex_);
    if (wanted_) withdrawn_ = true;
  }

 private:
  enum class Step { idle, warning, dark, beam };

  void was_lost() override { end(ScanEnd::device_fault, false); }
  void shut_down() override {
    {
      const auto world = lock_world();
      if (step_ != Step::idle && !request_.test_object) model().beam(Beam::off, false);
    }
    step_ = Step::idle;
    // Never taken under the world's lock: request_beam() takes them the other way round.
    const std::lock_guard lock(scan_mutex_);
    wanted_ = false;
  }

  std::vector<std::pair<std::string, std::string>> figures() const override {
    return {{"scans", std::to_string(scans_.load())}, {"lines", std::to_string(lines_.load())}};
  }

  void tick() override {
    bool wanted = false, withdrawn = false, expired = false;
    {
      const std::lock_guard lock(scan_mutex_);
      wanted = wanted_;
      withdrawn = withdrawn_;
      expired = clock_.now().mono_us - renewed_us_ > kLeaseUs;
    }
    if (!wanted) return;
    if (step_ == Step::idle) begin();
    bool open = false;
    {
      const auto world = lock_world();
      open = model().chain_open();
    }
    if (open) return end(ScanEnd::chain_opened, false);
    if (withdrawn) return end(ScanEnd::withdrawn, false);
    if (expired) return end(ScanEnd::lease_expired, false);
    switch (step_) {
      case Step::warning:
        return warn();
      case Step::dark:
        return dark();
      case Step::beam:
        return beam();
      case Step::idle:
        return;
    }
  }

  std::int64_t lane_us() {
    const auto world = lock_world();
    return model().now_us();
  }

  void phase(ScanPhase p, std::int64_t remaining = 0, ScanEnd why = ScanEnd::complete) {
    ScanPhaseChange c;
    c.scan = request_.scan;
    c.phase = p;
    c.at = clock_.now();
    c.remaining_us = remaining;
    c.end = why;
    // 0.6 µSv/s at the object: a scan of such a machine gives a few µSv.
    if (p == ScanPhase::ended) c.dose_usv = static_cast<double>(beam_lines_) * line_us_ * 1e-6 * 0.6;
    emit(XrayMessage(c));
  }

  void begin() {
    step_ = Step::warning;
    index_ = 0;
    beam_lines_ = 0;
    ++scans_;
    change(DeviceState::busy, "scan under way", "");
    {
      const auto world = lock_world();
      if (!request_.test_object) {  // else the lane's trucks stay where they are
        model().beam(Beam::warning, false);
        model().call_back();
      }
      start_us_ = model().now_us();
    }
    phase(ScanPhase::warning, warning_us_);
  }

  void warn() {
    {
      const auto world = lock_world();
      const auto* v = request_.test_object ? nullptr : model().scan_vehicle();
      // Beam stays off while something stands in it or backs out of it.
      const bool clear = v == nullptr || v->front_mm < kBeamAt - kLead;
      if (model().now_us() - start_us_ < warning_us_ || !clear) return;
      start_us_ = model().now_us();
      const int truck = v == nullptr ? -1 : v->index;
      vehicle_ = truck;
      scan_of_truck_ = truck < 0 ? 0 : model().truth()[static_cast<std::size_t>(truck)].scans;
    }
    const auto seed = world_->scenario().seed;
    if (request_.test_object) scan_of_truck_ = ++checks_;
    column_ = std::make_unique<DetectorColumn>(fan_.detectors, seed,
                                               Random::of(seed, 0x5CA7 + static_cast<std::uint64_t>(vehicle_ + 1),
                                                          static_cast<std::uint64_t>(scan_of_truck_))
                                                   .next(),
                                               detector_);
    step_ = Step::dark;
    phase(ScanPhase::dark_lines);
  }

  void dark() {
    const auto now = lane_us();
    while (index_ < kDarkLines && static_cast<double>(now - start_us_) >= line_us_ * static_cast<double>(index_ + 1))
      send(column_->dark(), LineKind::dark, 0,
           now - start_us_ - static_cast<std::int64_t>(line_us_ * static_cast<double>(index_)));
    if (index_ < kDarkLines) return;
    {
      const auto world = lock_world();
      tracer_.reset();
      if (request_.test_object) {
        tracer_ = std::make_unique<ColumnTracer>(test_object_solids(), fan_, attenuator_);
        length_mm_ = kTestObjectLength;
        column_mm_ = kFineColumnMm;
      } else {
        model().beam(Beam::on, false);
        column_mm_ = kColumnMm;
        const auto* v = model().scan_vehicle();
        if (v != nullptr) tracer_ = std::make_unique<ColumnTracer>(all_solids(v->truck), fan_, attenuator_);
        length_mm_ = v == nullptr ? 0 : v->length_mm;
        prepare_truth();
      }
    }
    cached_at_ = {-1'000'000, -1'000'000};
    step_ = Step::beam;
    start_us_ = now;
    sent_lines_ = 0;
    entered_ = false;
    still_since_us_ = now;
    phase(ScanPhase::beam_on);
  }

  // The carriage goes on evenly, whatever the lane's trucks do.
  void test_object() {
    const auto now = lane_us();
    while (line_us_ * static_cast<double>(sent_lines_ + 1) <= static_cast<double>(now - start_us_)) {
      ++sent_lines_;
      const double t = line_us_ * static_cast<double>(sent_lines_);
      const double x = kCarriageFrom + kCarriageSpeed * t * 1e-6;
      const auto age = static_cast<std::int64_t>(static_cast<double>(now - start_us_) - t);
      if (x < -kLead) {
        send(column_->air(), LineKind::air, 0, age);
        continue;
      }
      if (x > length_mm_ + kTail) return end(ScanEnd::complete, true);
      object(x, kCarriageSpeed, age);
    }
  }

  void beam() {
    if (request_.test_object) return test_object();
    double from = kAppears, to = kAppears;
    std::int64_t now = 0;
    bool gone = true;
    {
      const auto world = lock_world();
      now = model().now_us();
      const auto* v = model().scan_vehicle();
      if (v != nullptr && v->index == vehicle_) {
        gone = false;
        from = v->previous_front_mm - kBeamAt;  // what part of the truck is in the beam
        to = v->front_mm - kBeamAt;
      }
    }
    if (gone && vehicle_ >= 0) return end(ScanEnd::timeout, false);
    if (std::abs(to - from) > 0.5) still_since_us_ = now;
    const bool waits = !entered_ && now - start_us_ > timeout_us_;
    const bool stuck = entered_ && now - still_since_us_ > timeout_us_ / 3;
    if (waits || stuck) return end(ScanEnd::timeout, false);

    const double step_start = static_cast<double>(now - kStepUs - start_us_);
    while (line_us_ * static_cast<double>(sent_lines_ + 1) <= static_cast<double>(now - start_us_)) {
      ++sent_lines_;
      const double t = line_us_ * static_cast<double>(sent_lines_);
      const double f = std::clamp((t - step_start) / static_cast<double>(kStepUs), 0.0, 1.0);
      const double x = from + f * (to - from);
      const double speed = (to - from) * 1e6 / static_cast<double>(kStepUs);
      const auto age = static_cast<std::int64_t>(static_cast<double>(now - start_us_) - t);
      if (vehicle_ < 0 || x < -kLead) {
        send(column_->air(), LineKind::air, 0, age);
        continue;
      }
      entered_ = true;
      if (request_.driver_in_cab && x < kCabClear) continue;  // beam off while the cab passes
      if (x > length_mm_ + kTail) return end(ScanEnd::complete, true);
      mark_truth(x);
      object(x, speed, age);
    }
  }

  void object(double x, double speed, std::int64_t age) {
    const auto k = static_cast<std::int64_t>(std::floor(x / column_mm_));
    const auto mix = static_cast<float>(x / column_mm_ - static_cast<double>(k));
    for (std::size_t i = 0; i < 2; ++i) {
      const auto want = k + static_cast<std::int64_t>(i);
      if (cached_at_[i] == want) continue;
      if (i == 0 && cached_at_[1] == want) {
        std::swap(cached_[0], cached_[1]);
        std::swap(cached_at_[0], cached_at_[1]);
        continue;
      }
      cached_[i] = tracer_->column(static_cast<double>(want) * column_mm_);
      cached_at_[i] = want;
    }
    // The lane's speed sensor: half a per cent of noise, resolution 1 mm/s.
    const double seen = std::round(speed * (1 + 0.005 * static_cast<double>(speed_noise_.gauss())));
    send(column_->object(cached_[0], cached_[1], mix), LineKind::object, seen, age);
  }

  void send(RawLine raw, LineKind kind, double speed, std::int64_t age_us) {
    bool torn = false, missing = false;
    if (kind == LineKind::object) {
      const auto world = lock_world();
      torn = model().take_line_fault(FaultKind::torn_lines);
      missing = model().take_line_fault(FaultKind::missing_lines);
    }
    ScanLine line;
    line.index = static_cast<std::uint32_t>(index_++);
    if (kind != LineKind::dark) ++beam_lines_;
    if (missing) return;
    ++lines_;
    line.kind = kind;
    line.taken = clock_.now();
    const std::int64_t back = std::max<std::int64_t>(0, std::min(age_us, line.taken.mono_us - last_taken_us_ - 1));
    line.taken.mono_us -= back;
    line.taken.wall_us -= back;
    last_taken_us_ = line.taken.mono_us;
    line.reference_high = raw.reference_high;
    line.reference_low = raw.reference_low;
    line.speed_mm_s = speed;
    if (torn) {
      raw.high.resize(raw.high.size() / 3);
      raw.low.resize(raw.low.size() / 2);
    }
    line.high = std::make_shared<const std::vector<std::uint16_t>>(std::move(raw.high));
    line.low = std::make_shared<const std::vector<std::uint16_t>>(std::move(raw.low));
    emit(XrayMessage(line));
  }

  void end(ScanEnd why, bool complete) {
    if (step_ == Step::idle) return;
    step_ = Step::idle;
    {
      const auto world = lock_world();
      if (!request_.test_object) model().beam(Beam::off, complete);
    }
    {
      const std::lock_guard lock(scan_mutex_);
      wanted_ = false;
      withdrawn_ = false;
    }
    tracer_.reset();
    phase(ScanPhase::ended, 0, why);
    if (why != ScanEnd::device_fault) change(DeviceState::ready, "ready", "");
  }

  // Where hidden objects lie in the raw lines. World's mutex is held.
  void prepare_truth() {
    if (vehicle_ < 0) return;
    for (auto& h : model().truth()[static_cast<std::size_t>(vehicle_)].contraband) {
      h.first_line = h.last_line = -1;
      double low = 1e9, high = -1e9;
      for (const double y : {h.at_mm.y - h.size_mm.y / 2, h.at_mm.y + h.size_mm.y / 2})
        for (const double z : {h.at_mm.z - h.size_mm.z / 2, h.at_mm.z + h.size_mm.z / 2}) {
          low = std::min(low, fan_.detector_at(y, z));
          high = std::max(high, fan_.detector_at(y, z));
        }
      h.first_detector = std::clamp(static_cast<int>(std::floor(low)), 0, fan_.detectors - 1);
      h.last_detector = std::clamp(static_cast<int>(std::ceil(high)), 0, fan_.detectors - 1);
    }
  }

  void mark_truth(double x) {
    const auto world = lock_world();
    for (auto& h : model().truth()[static_cast<std::size_t>(vehicle_)].contraband) {
      if (std::abs(x - h.at_mm.x) > h.size_mm.x / 2) continue;
      if (h.first_line < 0) h.first_line = index_;
      h.last_line = index_;
    }
  }

  FanGeometry fan_;
  DetectorModel detector_;
  double line_us_ = 2500;
  const std::int64_t warning_us_, timeout_us_;
  std::shared_ptr<const Attenuator> attenuator_;

  std::mutex scan_mutex_;  // the four below
  bool wanted_ = false, withdrawn_ = false;
  std::int64_t renewed_us_ = 0;
  ScanRequest request_;

  // The world's thread only.
  Step step_ = Step::idle;
  std::unique_ptr<DetectorColumn> column_;
  std::unique_ptr<ColumnTracer> tracer_;
  std::array<std::vector<Attenuator::Pair>, 2> cached_;
  std::array<std::int64_t, 2> cached_at_{};
  Random speed_noise_{77};
  std::int64_t start_us_ = 0, index_ = 0, sent_lines_ = 0, beam_lines_ = 0, still_since_us_ = 0, last_taken_us_ = 0;
  int vehicle_ = -1, scan_of_truck_ = 0, checks_ = 0;
  double length_mm_ = 0, column_mm_ = kColumnMm;
  bool entered_ = false;
  std::atomic<std::int64_t> scans_{0}, lines_{0};
};

}  // namespace

Result<std::unique_ptr<XrayScanner>> make_xray(const DeviceConfig& c, const Clock& clock,
                                               const std::shared_ptr<World>& w) {
  return std::make_unique<SimXray>(c, clock, w);
}

}  // namespace torugart::hal::sim
