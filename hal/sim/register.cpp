#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "hal/sim/factories.h"

namespace torugart::hal::sim {

Result<std::vector<Contact>> parse_contacts(const std::string& text) {
  static const std::vector<ContactKind> kKinds = {
      ContactKind::door, ContactKind::light_barrier,   ContactKind::emergency_stop,
      ContactKind::key,  ContactKind::person_detector, ContactKind::beam_permit};
  std::vector<Contact> out;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    std::string part = text.substr(from, comma - from);
    from = comma + 1;
    part.erase(0, part.find_first_not_of(' '));
    const std::size_t colon = part.rfind(':');
    const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](ContactKind k) {
      return colon != std::string::npos && part.substr(colon + 1) == to_string(k);
    });
    if (kind == kKinds.end() || colon == 0)
      return tl::unexpected(Error{ErrorCode::bad_setting, fmt::format("contact \"{}\" cannot be meant", part), "",
                                  "write name:kind, kinds are door, light_barrier, emergency_stop, key, "
                                  "person_detector, beam_permit"});
    out.push_back({part.substr(0, colon), *kind, ContactState::closed});
  }
  return out;
}

Result<void> check_settings(const DeviceConfig& config, const std::vector<NumberSetting>& numbers,
                            const std::vector<std::string>& texts) {
  for (const auto& [key, value] : config.settings) {
    if (std::count(texts.begin(), texts.end(), key) != 0) continue;
    const auto number =
        std::find_if(numbers.begin(), numbers.end(), [&k = key](const auto& n) { return n.key == k; });
    if (number == numbers.end()) {
      std::vector<std::string> known = texts;
      for (const auto& n : numbers)
        known.emplace_back(n.key);
      return tl::unexpected(Error{
          ErrorCode::bad_setting, fmt::format("device \"{}\": driver sim has no setting \"{}\"", config.id, key),
          config.where, known.empty() ? "remove it" : fmt::format("use one of: {}", fmt::join(known, ", "))});
    }
    int parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (error != std::errc{} || end != value.data() + value.size() || parsed < number->low || parsed > number->high)
      return tl::unexpected(Error{ErrorCode::bad_setting,
                                  fmt::format("device \"{}\": {} = \"{}\"", config.id, key, value), config.where,
                                  fmt::format("write a whole number from {} to {}", number->low, number->high)});
  }
  return {};
}

void register_drivers(Registry& registry, std::shared_ptr<World> world) {
  const auto with = [&world](auto make, std::vector<NumberSetting> numbers, std::vector<std::string> texts = {}) {
    return
        [world, make, numbers, texts](const DeviceConfig& c, const Clock& clock) -> decltype(make(c, clock, world)) {
          if (auto checked = check_settings(c, numbers, texts); !checked) return tl::unexpected(checked.error());
          return make(c, clock, world);
        };
  };
  registry.add("sim", Factory<Camera>(with(
                          make_camera,
                          {{"fps", 1, 25}, {"width", 160, 3840}, {"height", 120, 2160}, {"silent_ms", 500, 60'000}},
                          {"position"})));
  registry.add("sim", Factory<XrayScanner>(with(make_xray, {{"warning_ms", 0, 60'000},
                                                            {"detectors", 16, 4096},
                                                            {"line_rate", 10, 4000},
                                                            {"photons", 10, 10'000'000},
                                                            {"timeout_ms", 1000, 600'000}})));
  registry.add("sim", Factory<SafetyChain>(with(make_safety_chain, {}, {"contacts"})));
  registry.add("sim", Factory<PortalMonitor>(with(make_portal, {})));
  registry.add("sim", Factory<Weighbridge>(with(make_weighbridge, {})));
  registry.add("sim", Factory<LaneSignals>(with(make_signals, {{"moving_ms", 0, 10'000}})));
  registry.add("sim", Factory<CodeReader>(with(make_code_reader, {})));
}

}  // namespace torugart::hal::sim
