#include "hal/drivers/toledo_scale/toledo_scale.h"

#include <fmt/format.h>

#include <array>
#include <mutex>

#include "hal/drivers/common/driver_device.h"
#include "hal/drivers/common/settings.h"
#include "hal/drivers/toledo_scale/toledo_frame.h"
#include "hal/drivers/wire/stream.h"

namespace torugart::hal::drivers::toledo {
namespace {

constexpr std::int64_t kSilentUs = 3'000'000;
constexpr std::uint64_t kNoiseBytes = 2000;  // a second of 19200 baud

class ToledoScale final : public DriverDevice<Weighbridge> {
 public:
  ToledoScale(const DeviceConfig& config, const Clock& clock, wire::Address address, bool checksum, std::string unit)
      : DriverDevice(config, clock, "Toledo indicator"),
        address_(std::move(address)),
        unit_(std::move(unit)),
        finder_(checksum) {}
  ~ToledoScale() override { close(); }

 private:
  DriverDevice::Figures figures() const override {
    const std::lock_guard lock(mutex_);
    return {{"frames", std::to_string(frames_)}, {"damaged", std::to_string(finder_.damaged())}};
  }

  Error session(const std::stop_token& stop) override {
    auto stream = wire::Stream::open(address_, std::chrono::seconds(3), stop);
    if (!stream) return named(stream.error());
    {
      const std::lock_guard lock(mutex_);
      finder_.reset();
    }
    auto last_us = clock_.now().mono_us;
    std::uint64_t noise = 0;
    std::array<char, 512> bytes{};
    while (!stop.stop_requested()) {
      const auto got = stream->read(bytes, std::chrono::milliseconds(200), stop);
      if (!got) return named(got.error());
      std::vector<Frame> frames;
      {
        const std::lock_guard lock(mutex_);
        finder_.push({bytes.data(), *got}, [&](const Frame& f) { frames.push_back(f); });
        frames_ += frames.size();
      }
      const auto now = clock_.now();
      noise = frames.empty() ? noise + *got : 0;
      if (!frames.empty()) last_us = now.mono_us;
      for (const auto& frame : frames) {
        if (const auto wrong = refused(frame)) return *wrong;
        came_alive();
        emit(*reading_of(frame, now));
      }
      if (noise > kNoiseBytes)
        return {ErrorCode::bad_data, "what arrives are no frames of a Toledo indicator", config_.id,
                "check baud, framing and checksum against the indicator's set-up"};
      if (now.mono_us - last_us > kSilentUs)
        return {ErrorCode::timeout, "the weighbridge has been silent for 3 s", config_.id,
                "check the indicator's power and cable, and that its continuous output is on"};
    }
    return {};
  }

  std::optional<Error> refused(const Frame& frame) const {
    if (unit_ != to_string(frame.unit)) {
      return Error{ErrorCode::bad_setting,
                   fmt::format("the indicator weighs in {}, this lane expects {}", to_string(frame.unit), unit_),
                   config_.id, "set the indicator's unit, or unit of this device in lane.toml"};
    }
    if (frame.not_zeroed)
      return Error{ErrorCode::refused, "the indicator was switched on and not set to zero", config_.id,
                   "clear the bridge and press zero on the indicator"};
    return std::nullopt;
  }

  Error named(Error error) const {
    error.what = error.what.rfind("the line", 0) == 0 ? error.what : "the weighbridge " + error.what;
    return error;
  }

  const wire::Address address_;
  const std::string unit_;
  mutable std::mutex mutex_;  // what figures() reads
  FrameFinder finder_;
  std::uint64_t frames_ = 0;
};

Result<std::unique_ptr<Weighbridge>> make(const DeviceConfig& config, const Clock& clock) {
  Settings settings(config);
  auto address = wire::address_of(settings, 1701, true);
  const bool checksum = settings.flag("checksum", true);
  const auto unit = settings.one_of("unit", "kg", {"kg", "lb", "t"});
  if (auto checked = settings.finish(); !checked) return tl::unexpected(checked.error());
  return std::make_unique<ToledoScale>(config, clock, std::move(address), checksum, unit);
}

}  // namespace

void register_drivers(Registry& registry) {
  registry.add("toledo_scale", Factory<Weighbridge>(make));
}

}  // namespace torugart::hal::drivers::toledo
