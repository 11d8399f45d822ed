#include "hal/drivers/nut_ups/nut_ups.h"

#include <fmt/format.h>

#include <array>

#include "hal/drivers/common/driver_device.h"
#include "hal/drivers/common/settings.h"
#include "hal/drivers/nut_ups/nut_reply.h"
#include "hal/drivers/wire/framer.h"
#include "hal/drivers/wire/stream.h"

namespace torugart::hal::drivers::nut {
namespace {

constexpr auto kAskEvery = std::chrono::milliseconds(1000);
constexpr auto kPatience = std::chrono::milliseconds(2000);
constexpr std::size_t kMostVariables = 500;

class NutUps final : public DriverDevice<Ups> {
 public:
  NutUps(const DeviceConfig& config, const Clock& clock, wire::Address address, std::string ups, double minutes)
      : DriverDevice(config, clock, "UPS"), address_(std::move(address)), ups_(std::move(ups)), minutes_(minutes) {}
  ~NutUps() override { close(); }

 private:
  Error session(const std::stop_token& stop) override {
    auto stream = wire::Stream::open(address_, kPatience, stop);
    if (!stream) return named(stream.error());
    framer_.reset();
    while (!stop.stop_requested()) {
      const auto variables = ask(*stream, stop);
      if (!variables) return named(variables.error());
      if (stop.stop_requested()) break;
      if (const auto error = tell(*variables)) return *error;
      if (!pause(stop, kAskEvery)) break;
    }
    return {};
  }

  Result<std::map<std::string, std::string>> ask(wire::Stream& stream, const std::stop_token& stop) {
    if (auto sent = stream.write(fmt::format("LIST VAR {}\n", ups_), kPatience); !sent)
      return tl::unexpected(sent.error());
    std::map<std::string, std::string> out;
    std::optional<Error> error;
    bool begun = false, ended = false;
    const auto until = std::chrono::steady_clock::now() + kPatience;
    std::array<char, 2048> bytes{};
    while (!ended && !error && !stop.stop_requested()) {
      const auto left = std::chrono::duration_cast<wire::Stream::ms>(until - std::chrono::steady_clock::now());
      if (left.count() <= 0)
        return tl::unexpected(Error{ErrorCode::timeout, "the UPS server did not answer in time", config_.id,
                                    "check that upsd runs on that machine"});
      const auto got = stream.read(bytes, left, stop);
      if (!got) return tl::unexpected(got.error());
      framer_.push({bytes.data(), *got}, [&](std::string_view line) {
        if (error || ended) return;
        if (line == fmt::format("BEGIN LIST VAR {}", ups_)) {
          begun = true;
        } else if (line == fmt::format("END LIST VAR {}", ups_) && begun) {
          ended = true;
        } else if (auto pair = variable(line, ups_); pair && begun && out.size() < kMostVariables) {
          out.insert(std::move(*pair));
        } else {
          error = error_of(line, ups_);
          if (!error)
            error = Error{ErrorCode::bad_data, "what answers is no UPS server", config_.id,
                          "check that host and port are those of upsd"};
        }
      });
    }
    if (error) return tl::unexpected(*error);
    return out;
  }

  std::optional<Error> tell(const std::map<std::string, std::string>& variables) {
    const auto reading = reading_of(variables, minutes_, clock_.now());
    if (reading.source == PowerSource::unknown)
      return Error{ErrorCode::bad_data, "the supply does not say whether it is on mains", config_.id,
                   "check the supply's panel and the cable to its server"};
    const auto text = [&](const char* name) {
      const auto found = variables.find(name);
      return found == variables.end() ? std::string() : found->second;
    };
    if (const auto model = text("device.model"); !model.empty()) identify(model, text("device.serial"));
    auto summary = reading.source == PowerSource::mains ? std::string("on mains") : std::string("on battery");
    if (reading.source == PowerSource::battery && reading.minutes_left)
      summary = fmt::format("on battery, {:.0f} minutes left", *reading.minutes_left);
    if (reading.replace_battery) summary += "; the battery wants replacing";
    if (state() != DeviceState::ready) {
      came_alive(summary);
    } else if (summary != said_) {
      change(DeviceState::ready, summary, reading.replace_battery ? "have the battery replaced" : "");
    }
    said_ = summary;
    emit(reading);
    return std::nullopt;
  }

  Error named(Error error) const {
    if (error.what.rfind("cannot", 0) == 0) error.what = "the UPS server " + error.what;
    error.where = config_.id;
    return error;
  }

  const wire::Address address_;
  const std::string ups_;
  const double minutes_;
  wire::LineFramer framer_;
  std::string said_;
};

Result<std::unique_ptr<Ups>> make(const DeviceConfig& config, const Clock& clock) {
  Settings settings(config);
  wire::Address address;
  address.host = settings.text("host", "127.0.0.1");
  address.port = settings.number("port", 3493, 1, 65535);
  const auto ups = settings.needed("ups", "ups = \"lane\": the supply's name on its server (upsc -l)");
  const double minutes = settings.real("shutdown_minutes", 5, 0, 600);
  if (ups.find_first_of(" \t\r\n\"") != std::string::npos) settings.wrong("ups has a blank in it", "one word");
  if (auto checked = settings.finish(); !checked) return tl::unexpected(checked.error());
  return std::make_unique<NutUps>(config, clock, std::move(address), ups, minutes);
}

}  // namespace

void register_drivers(Registry& registry) {
  registry.add("nut_ups", Factory<Ups>(make));
}

}  // namespace torugart::hal::drivers::nut
