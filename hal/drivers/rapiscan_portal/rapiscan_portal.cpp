#include "hal/drivers/rapiscan_portal/rapiscan_portal.h"

#include <fmt/format.h>

#include <array>
#include <mutex>

#include "hal/drivers/common/settings.h"
#include "hal/drivers/rapiscan_portal/monitor_device.h"
#include "hal/drivers/wire/framer.h"
#include "hal/drivers/wire/stream.h"

namespace torugart::hal::drivers::rapiscan {
namespace {

constexpr int kNoiseInARow = 50;
constexpr auto kConnectPatience = std::chrono::seconds(3);

class RapiscanPortal final : public MonitorDevice {
 public:
  RapiscanPortal(const DeviceConfig& config, const Clock& clock, wire::Address address, int silent_s)
      : MonitorDevice(config, clock, "Rapiscan/TSA portal monitor"),
        address_(std::move(address)),
        silent_us_(silent_s * 1'000'000LL) {}
  ~RapiscanPortal() override { close(); }

 private:
  DriverDevice::Figures figures() const override {
    auto out = MonitorDevice::figures();
    const std::lock_guard lock(framer_mutex_);
    out.emplace_back("noise dropped", std::to_string(noise_ + framer_.cut()));
    return out;
  }

  Error session(const std::stop_token& stop) override {
    auto stream = wire::Stream::open(address_, kConnectPatience, stop);
    if (!stream) return named(stream.error());
    {
      const std::lock_guard lock(framer_mutex_);
      framer_.reset();
    }
    noise_in_a_row_ = 0;
    begin_monitor();
    auto last_us = clock_.now().mono_us;
    std::array<char, 2048> bytes{};
    while (!stop.stop_requested()) {
      const auto got = stream->read(bytes, std::chrono::milliseconds(200), stop);
      if (!got) return named(got.error());
      std::vector<PortalLine> lines;
      {
        const std::lock_guard lock(framer_mutex_);
        framer_.push({bytes.data(), *got}, [&](std::string_view line) { take(line, lines); });
      }
      for (const auto& line : lines) {
        last_us = line.at.mono_us;
        deliver(line);
      }
      if (noise_in_a_row_ >= kNoiseInARow)
        return {ErrorCode::bad_data, "what arrives are no lines of a portal monitor", config_.id,
                "check that host and port are the portal monitor's, and its line speed"};
      if (clock_.now().mono_us - last_us > silent_us_)
        return {ErrorCode::timeout,
                fmt::format("the portal monitor has been silent for {} s", silent_us_ / 1'000'000), config_.id,
                "check the portal monitor's power and network cable, then press Test"};
    }
    return {};
  }

  void take(std::string_view bytes, std::vector<PortalLine>& lines) {
    if (!is_line(bytes)) {
      ++noise_;
      ++noise_in_a_row_;
      return;
    }
    noise_in_a_row_ = 0;
    lines.push_back(parse_portal_line(bytes, clock_.now()));
  }

  Error named(Error error) const {
    error.what = error.what.rfind("the line", 0) == 0 ? error.what : "the portal monitor " + error.what;
    return error;
  }

  const wire::Address address_;
  const std::int64_t silent_us_;
  mutable std::mutex framer_mutex_;  // what figures() reads
  wire::LineFramer framer_;
  std::uint64_t noise_ = 0;
  int noise_in_a_row_ = 0;
};

Result<std::unique_ptr<PortalMonitor>> make(const DeviceConfig& config, const Clock& clock) {
  Settings settings(config);
  auto address = wire::address_of(settings, 1001, true);
  const int silent_s = settings.number("silent_s", 15, 2, 600);
  if (auto checked = settings.finish(); !checked) return tl::unexpected(checked.error());
  return std::make_unique<RapiscanPortal>(config, clock, std::move(address), silent_s);
}

}  // namespace

void register_drivers(Registry& registry) {
  registry.add("rapiscan_portal", Factory<PortalMonitor>(make));
}

}  // namespace torugart::hal::drivers::rapiscan
