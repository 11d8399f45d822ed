#include "hal/registry/paired_scanner.h"

#include <mutex>
#include <utility>

namespace torugart::hal {
namespace {

constexpr std::int64_t kDarkUs = 1'000'000;

int badness(DeviceState state) {
  switch (state) {
    case DeviceState::ready:
      return 0;
    case DeviceState::busy:
      return 1;
    case DeviceState::opening:
      return 2;
    case DeviceState::recovering:
      return 3;
    case DeviceState::faulted:
      return 4;
    case DeviceState::closed:
      return 5;
  }
  return 5;
}

class PairedScanner final : public XrayScanner {
 public:
  PairedScanner(std::unique_ptr<XrayScanner> detector, std::unique_ptr<BeamRequest> beam)
      : detector_(std::move(detector)), beam_(std::move(beam)) {}
  ~PairedScanner() override { close(); }

  DeviceInfo info() const override { return detector_->info(); }

  Health health() const override {
    Health a = detector_->health(), b = beam_->health();
    Health& worse = badness(b.state) > badness(a.state) ? b : a;
    const Health& other = &worse == &a ? b : a;
    worse.figures.insert(worse.figures.end(), other.figures.begin(), other.figures.end());
    return worse;
  }

  void close() override {
    // The request first: beam goes before its lines.
    beam_->close();
    detector_->close();
    const std::lock_guard lock(mutex_);
    run_ = {};
  }

  Result<void> open(Handler on_message, HealthHandler on_health) override {
    {
      const std::lock_guard lock(deliver_);
      if (beam_->health().state == DeviceState::closed) {
        on_message_ = std::move(on_message);
        on_health_ = std::move(on_health);
      }
    }
    auto opened = beam_->open([this](const ScanPhaseChange& change) { on_beam(change); },
                              [this](const Health&) { report_health(); });
    if (!opened) return opened;
    opened = detector_->open([this](const XrayMessage& message) { on_detector(message); },
                             [this](const Health&) { report_health(); });
    if (!opened) beam_->close();
    return opened;
  }

  ScannerGeometry geometry() const override { return detector_->geometry(); }

  Result<void> request_beam(const ScanRequest& request) override {
    if (const auto ready = detector_->health(); ready.state != DeviceState::ready) {
      return tl::unexpected(Error{ErrorCode::refused, detector_->info().id + " is " + ready.summary,
                                  detector_->info().id, "wait until it is ready"});
    }
    {
      const std::lock_guard lock(mutex_);
      if (run_.active) {
        return tl::unexpected(
            Error{ErrorCode::refused, "a scan runs already", detector_->info().id, "wait until it has ended"});
      }
      run_ = {};
      run_.active = true;
      run_.scan = request.scan;
    }
    auto asked = beam_->request_beam(request);
    if (asked) {
      asked = detector_->request_beam(request);
      if (!asked) beam_->withdraw(asked.error().what);
    }
    if (!asked) {
      const std::lock_guard lock(mutex_);
      run_ = {};
    }
    return asked;
  }

  Result<void> renew_lease() override {
    auto renewed = beam_->renew_lease();
    if (!renewed) return renewed;
    return detector_->renew_lease();
  }

  void withdraw(const std::string& reason) override {
    beam_->withdraw(reason);
    detector_->withdraw(reason);
  }

 private:
  struct Run {
    bool active = false, beam = false, dark = false, counted = false;
    std::string scan;
    std::int64_t dark_from_us = 0;
    std::uint32_t first = 0;
    std::optional<ScanEnd> end;  // the detector's
  };

  void on_beam(ScanPhaseChange change) {
    bool over = false;
    {
      const std::lock_guard lock(mutex_);
      if (!run_.active || change.scan != run_.scan) return;
      if (change.phase == ScanPhase::warning) run_.dark_from_us = change.at.mono_us + change.remaining_us - kDarkUs;
      if (change.phase == ScanPhase::beam_on) run_.beam = true;
      if (change.phase == ScanPhase::ended) {
        over = true;
        if (run_.end) change.end = *run_.end;
        run_ = {};
      }
    }
    if (over) detector_->withdraw("The request for beam has ended");
    deliver(change);
  }

  void on_detector(const XrayMessage& message) {
    if (const auto* phase = std::get_if<ScanPhaseChange>(&message)) {
      if (phase->phase != ScanPhase::ended) return;  // the request's phases are those of the scan
      {
        const std::lock_guard lock(mutex_);
        if (!run_.active || phase->scan != run_.scan || run_.end) return;
        run_.end = phase->end;
      }
      beam_->withdraw(phase->end == ScanEnd::complete ? "The scan is complete" : "The detector has ended");
      return;
    }
    ScanLine line = std::get<ScanLine>(message);
    std::optional<ScanPhaseChange> begins;
    {
      const std::lock_guard lock(mutex_);
      if (!run_.active || run_.end || line.taken.mono_us < run_.dark_from_us || run_.dark_from_us == 0) return;
      if (!run_.counted) run_.first = line.index;
      run_.counted = true;
      line.index -= run_.first;
      if (!run_.beam) {
        line.kind = LineKind::dark;
      } else if (line.kind == LineKind::dark) {
        line.kind = LineKind::air;
      }
      if (!run_.dark) begins = ScanPhaseChange{run_.scan, ScanPhase::dark_lines, line.taken, 0, {}, {}};
      run_.dark = true;
    }
    if (begins) deliver(*begins);
    deliver(std::move(line));
  }

  // States are told when they change; figures are asked for.
  void report_health() {
    const auto now = health();
    const std::lock_guard lock(deliver_);
    if (now.state == DeviceState::closed || !on_health_) return;
    on_health_(now);
  }

  void deliver(const XrayMessage& message) {
    const std::lock_guard lock(deliver_);
    if (on_message_) on_message_(message);
  }

  const std::unique_ptr<XrayScanner> detector_;
  const std::unique_ptr<BeamRequest> beam_;
  std::mutex mutex_;    // the run
  std::mutex deliver_;  // one handler at a time
  Handler on_message_;
  HealthHandler on_health_;
  Run run_;
};

}  // namespace

std::unique_ptr<XrayScanner> pair_scanner(std::unique_ptr<XrayScanner> detector, std::unique_ptr<BeamRequest> beam) {
  return std::make_unique<PairedScanner>(std::move(detector), std::move(beam));
}

}  // namespace torugart::hal
