#include "hal/drivers/aspect_portal/aspect_portal.h"

#include <fmt/format.h>

#include "hal/drivers/aspect_portal/aspect_block.h"
#include "hal/drivers/common/settings.h"
#include "hal/drivers/modbus/connection.h"
#include "hal/drivers/rapiscan_portal/monitor_device.h"

namespace torugart::hal::drivers::aspect {
namespace {

constexpr auto kPollEvery = std::chrono::milliseconds(100);
constexpr std::int64_t kStandsStillUs = 10'000'000;

struct Place {
  modbus::Target target;
  modbus::Table table = modbus::Table::input;
  std::uint16_t first = 0;
  bool high_word_first = true;
  int occupied_bit = 0;
};

class AspectPortal final : public rapiscan::MonitorDevice {
 public:
  AspectPortal(const DeviceConfig& config, const Clock& clock, const Place& place)
      : MonitorDevice(config, clock, "Aspect portal monitor"), place_(place), connection_(place.target) {}
  ~AspectPortal() override { close(); }

 private:
  Error session(const std::stop_token& stop) override {
    if (auto opened = connection_.open(); !opened) return named(opened.error());
    begin_monitor();
    Translator translator(static_cast<std::uint16_t>(1U << static_cast<unsigned>(place_.occupied_bit)));
    std::optional<std::uint32_t> time;
    auto moved_us = clock_.now().mono_us;
    do {
      std::array<std::uint16_t, kRegisters> words{};
      if (auto read = connection_.read_words(place_.table, place_.first, words); !read) return named(read.error());
      const auto now = clock_.now();
      const auto block = block_of(words, place_.high_word_first);
      if (!block)
        return {ErrorCode::bad_data, "the registers are not those of an Aspect portal monitor", config_.id,
                "check first, table and high_word_first of this device against the monitor's manual"};
      if (block->time != time) moved_us = now.mono_us;
      time = block->time;
      if (now.mono_us - moved_us > kStandsStillUs)
        return {ErrorCode::timeout, "the portal monitor answers, but its clock stands still", config_.id,
                "switch the portal monitor off and on, or call its service"};
      if ((block->gamma.status & ready) == 0)
        return {ErrorCode::refused, "the portal monitor is not ready to measure", config_.id,
                "wait until it has taken its background; call its service when that lasts"};
      for (const auto& line : translator.lines(*block, now.mono_us))
        deliver(parse_portal_line(line, now));
    } while (pause(stop, kPollEvery));
    return {};
  }

  // The words are those of a controller; here it is the monitor.
  Error named(Error error) const {
    for (auto at = error.what.find("the controller"); at != std::string::npos; at = error.what.find("the controller"))
      error.what.replace(at, 14, "the portal monitor");
    for (auto at = error.remedy.find("controller"); at != std::string::npos; at = error.remedy.find("controller"))
      error.remedy.replace(at, 10, "portal monitor");
    return error;
  }

  const Place place_;
  modbus::Connection connection_;
};

Result<std::unique_ptr<PortalMonitor>> make(const DeviceConfig& config, const Clock& clock) {
  Settings settings(config);
  Place place;
  place.target.host = settings.needed("host", "host = \"10.0.0.31\": the portal monitor's address");
  place.target.port = settings.number("port", 502, 1, 65535);
  place.target.unit = settings.number("unit", 1, 1, 255);
  place.target.timeout_ms = 1000;
  place.table = settings.one_of("table", "input", {"input", "holding"}) == "input" ? modbus::Table::input
                                                                                   : modbus::Table::holding;
  place.first = static_cast<std::uint16_t>(settings.number("first", 0, 0, 65535 - static_cast<int>(kRegisters)));
  place.high_word_first = settings.flag("high_word_first", true);
  place.occupied_bit = settings.number("occupied_bit", 0, 0, 15);
  if (auto checked = settings.finish(); !checked) return tl::unexpected(checked.error());
  return std::make_unique<AspectPortal>(config, clock, place);
}

}  // namespace

void register_drivers(Registry& registry) {
  registry.add("aspect_portal", Factory<PortalMonitor>(make));
}

}  // namespace torugart::hal::drivers::aspect
