// rapiscan_portal on the conformance bench: a server says what a monitor says, background first, then an occupancy.
#include "hal/drivers/rapiscan_portal/rapiscan_portal.h"
#include "tests/conformance/wired_bench.h"
#include "tests/support/faulty_link.h"
#include "tests/support/tcp_server.h"

namespace torugart::hal::conformance {
namespace {

class PortalBench final : public WiredBench {
 public:
  PortalBench() : link_(monitor_.port()) {
    Registry registry;
    drivers::rapiscan::register_drivers(registry);
    lane_ = std::move(*registry.make_lane({{"portal",
                                            DeviceKind::portal_monitor,
                                            "rapiscan_portal",
                                            {{"host", "127.0.0.1"}, {"port", std::to_string(link_.port())}},
                                            "bench:1"}},
                                          clock_));
    talker_ = std::jthread([this](const std::stop_token& stop) {
      for (int n = 0; !stop.stop_requested(); ++n) {
        monitor_.say("GB,000379,000371,000407,000371\r\nNB,000003,000000,000002,000000\r\n");
        if (n % 10 == 5) monitor_.say("GS,000078,000070,000080,000071\r\nGX,000017,006233,000000,000000\r\n");
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    });
  }
  ~PortalBench() override {
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
  tests::TcpServer monitor_;
  tests::FaultyLink link_;
  std::jthread talker_;
};

const Register kPortal{
    {"rapiscan_portal", [] { return std::make_unique<PortalBench>(); }, {DeviceKind::portal_monitor}}};

}  // namespace
}  // namespace torugart::hal::conformance
