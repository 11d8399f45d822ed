// toledo_scale on the conformance bench: a server says what an indicator says, a truck that comes to a stand.
#include "hal/drivers/toledo_scale/toledo_scale.h"
#include "tests/conformance/wired_bench.h"
#include "tests/support/faulty_link.h"
#include "tests/support/tcp_server.h"

namespace torugart::hal::conformance {
namespace {

class ScaleBench final : public WiredBench {
 public:
  ScaleBench() : link_(indicator_.port()) {
    Registry registry;
    drivers::toledo::register_drivers(registry);
    lane_ = std::move(
        *registry.make_lane({{"scale",
                              DeviceKind::weighbridge,
                              "toledo_scale",
                              {{"host", "127.0.0.1"}, {"port", std::to_string(link_.port())}, {"checksum", "false"}},
                              "bench:1"}},
                            clock_));
    talker_ = std::jthread([this](const std::stop_token& stop) {
      for (int n = 0; !stop.stop_requested(); ++n) {
        const bool stands = n % 20 > 10;
        indicator_.say(std::string("\x02\x2a") + (stands ? "\x30" : "\x38") + "\x20" + "038420000000\r");
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    });
  }
  ~ScaleBench() override {
    lane_ = {};
    talker_ = {};
  }
  bool lose_device(const std::string& id) override {
    if (id.empty()) return true;
    link_.set(tests::FaultyLink::Mode::cut);
    after_us(2'000'000, [this] { link_.set(tests::FaultyLink::Mode::pass); });
    return true;
  }

 private:
  tests::TcpServer indicator_;
  tests::FaultyLink link_;
  std::jthread talker_;
};

const Register kScale{{"toledo_scale", [] { return std::make_unique<ScaleBench>(); }, {DeviceKind::weighbridge}}};

}  // namespace
}  // namespace torugart::hal::conformance
