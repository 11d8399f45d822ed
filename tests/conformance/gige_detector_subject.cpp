// A GigE Vision line detector and a request for beam on the conformance bench, in real time: the registry makes one
// scanner of the two.
#include <atomic>
#include <stdexcept>
#include <thread>

#include "hal/api/scan_guard.h"
#include "hal/drivers/common/driver_device.h"
#include "hal/drivers/gige_detector/gige_detector.h"
#include "tests/conformance/subject.h"
#include "tests/support/peer_process.h"

namespace torugart::hal::conformance {
namespace {

using Steady = std::chrono::steady_clock;

struct Table {
  peers::PeerProcess detector;
  std::atomic<bool> chain_closed{true};
};

// The controller's output for beam, with the tube on the table behind it.
class BenchBeam final : public drivers::DriverDevice<BeamRequest> {
 public:
  BenchBeam(const DeviceConfig& config, const Clock& clock, Table& table)
      : DriverDevice(config, clock, "Bench"), table_(table) {}
  ~BenchBeam() override { close(); }

  Result<void> request_beam(const ScanRequest& request) override {
    const std::lock_guard lock(mutex_);
    if (state() != DeviceState::ready) return tl::unexpected(not_ready());
    if (!table_.chain_closed)
      return tl::unexpected(Error{ErrorCode::refused, "the chain is open", "beam", "close it"});
    if (!lease_.ask(clock_.now().mono_us))
      return tl::unexpected(Error{ErrorCode::refused, "a request runs", "beam", "wait"});
    scan_ = request.scan;
    asked_ = true;
    return {};
  }
  Result<void> renew_lease() override {
    const std::lock_guard lock(mutex_);
    if (lease_.renew()) return {};
    return tl::unexpected(Error{ErrorCode::refused, "no request runs", "beam", ""});
  }
  void withdraw(const std::string& reason) override {
    const std::lock_guard lock(mutex_);
    lease_.withdraw(ScanEnd::withdrawn, reason);
  }

 private:
  Error session(const std::stop_token& stop) override {
    came_alive();
    bool beam = false;
    Steady::time_point beam_since;
    bool truck = false;
    while (pause(stop, std::chrono::milliseconds(10))) {
      std::optional<BeamLease::Change> change;
      std::string scan;
      bool warning = false;
      {
        const std::lock_guard lock(mutex_);
        if (asked_) warning = true;
        asked_ = false;
        change = lease_.step(clock_.now().mono_us, table_.chain_closed, beam);
        scan = scan_;
        if (lease_.output().request != beam) {
          beam = !beam;
          beam_since = Steady::now();
          truck = false;
          table_.detector.tell(beam ? "beam" : "dark");
        }
      }
      if (beam && !truck && Steady::now() - beam_since > std::chrono::milliseconds(500)) {
        truck = true;
        table_.detector.tell("truck 400");
      }
      if (warning) emit({scan, ScanPhase::warning, clock_.now(), XrayScanner::kWarningUs, {}, {}});
      if (!change) continue;
      ScanPhaseChange out;
      out.scan = scan;
      out.phase = change->phase;
      out.at = clock_.now();
      out.remaining_us = change->remaining_us;
      out.end = change->end;
      emit(out);
    }
    return {};
  }

  Table& table_;
  std::mutex mutex_;
  BeamLease lease_;
  std::string scan_;
  bool asked_ = false;
};

class GigeBench final : public Bench {
 public:
  GigeBench() {
    start();
    Registry registry;
    gige_detector::register_driver(registry);
    registry.add("bench", Factory<BeamRequest>([this](const DeviceConfig& c, const Clock& clock) {
                   return Result<std::unique_ptr<BeamRequest>>(std::make_unique<BenchBeam>(c, clock, table_));
                 }));
    lane_ = std::move(*registry.make_lane(
        {{"xray", DeviceKind::xray_scanner, "gige_detector", {{"address", "127.0.0.1"}, {"rows", "8"}}, "bench:1"},
         {"beam", DeviceKind::beam_request, "bench", {}, "bench:2"}},
        clock_));
  }

  LaneDevices& lane() override { return lane_; }
  const Clock& clock() const override { return clock_; }
  void pass_us(std::int64_t us) override {
    // The truck's way to the tunnel is nothing to a detector.
    const auto until = Steady::now() + std::chrono::microseconds(us >= 10'000'000 ? 100'000 : us);
    if (mend_at_ && *mend_at_ <= until) {
      std::this_thread::sleep_until(*mend_at_);
      mend_at_.reset();
      if (!table_.detector.running()) start();
      table_.chain_closed = true;
    }
    std::this_thread::sleep_until(until);
  }

  bool tear_lines() override { return lose_lines(); }
  bool lose_lines() override {
    table_.detector.tell("lost 40");
    return true;
  }
  bool open_chain() override {
    table_.chain_closed = false;
    mend_at_ = Steady::now() + std::chrono::seconds(2);
    return true;
  }
  bool lose_device(const std::string& id) override {
    if (id.empty()) return true;
    table_.detector.kill();
    mend_at_ = Steady::now() + std::chrono::seconds(2);
    return true;
  }

 private:
  void start() {
    const bool up = table_.detector.start({std::string(TORUGART_BINARY_DIR) + "/bin/gige_line_detector"}) &&
                    !table_.detector.line("serving").empty();
    if (!up) throw std::runtime_error("the detector's counterpart does not start");
  }

  Table table_;
  std::optional<Steady::time_point> mend_at_;
  SystemClock clock_;
  LaneDevices lane_;
};

const Register kGige{{"gige_detector", [] { return std::make_unique<GigeBench>(); }, {DeviceKind::xray_scanner}}};

}  // namespace
}  // namespace torugart::hal::conformance
