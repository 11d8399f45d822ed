// A serial hand scanner on the conformance bench, in real time: the driver on a pseudo-terminal.
#include <thread>

#include "hal/drivers/code_scanner/code_scanner.h"
#include "tests/conformance/subject.h"
#include "tests/support/pseudo_terminal.h"

namespace torugart::hal::conformance {
namespace {

using Steady = std::chrono::steady_clock;

class CodeScannerBench final : public Bench {
 public:
  CodeScannerBench() {
    Registry registry;
    code_scanner::register_driver(registry);
    lane_ = std::move(*registry.make_lane(
        {{"hand", DeviceKind::code_reader, "code_scanner", {{"port", line_.path()}}, "bench:1"}}, clock_));
  }

  LaneDevices& lane() override { return lane_; }
  const Clock& clock() const override { return clock_; }
  // The driver of the truck shows a carnet ten times a second.
  void pass_us(std::int64_t us) override {
    const auto until = Steady::now() + std::chrono::microseconds(us);
    for (auto now = Steady::now(); now < until; now = Steady::now()) {
      if (mend_at_ && *mend_at_ <= now) {
        mend_at_.reset();
        line_.plug_in();
      }
      if (!mend_at_ && lane_.code_readers[0]->health().state == DeviceState::ready) line_.send("]C1XD72581267\r");
      std::this_thread::sleep_until(std::min(until, now + std::chrono::milliseconds(100)));
    }
  }
  bool lose_device(const std::string& id) override {
    if (id.empty()) return true;
    line_.unplug();
    mend_at_ = Steady::now() + std::chrono::seconds(2);
    return true;
  }

 private:
  peers::PseudoTerminal line_;
  std::optional<Steady::time_point> mend_at_;
  SystemClock clock_;
  LaneDevices lane_;
};

const Register kCodeScanner{
    {"code_scanner", [] { return std::make_unique<CodeScannerBench>(); }, {DeviceKind::code_reader}}};

}  // namespace
}  // namespace torugart::hal::conformance
