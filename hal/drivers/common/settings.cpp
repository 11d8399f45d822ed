#include "hal/drivers/common/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace torugart::hal::drivers {
namespace {

template <class Number>
std::optional<Number> parsed(const std::string& text, Number low, Number high) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(value >= low && value <= high)) return std::nullopt;
  return value;
}

}  // namespace

const std::string* Settings::find(const std::string& key) {
  known_.insert(key);
  const auto found = config_.settings.find(key);
  return found == config_.settings.end() ? nullptr : &found->second;
}

void Settings::wrong(const std::string& what, const std::string& remedy) {
  if (error_) return;
  error_ = Error{ErrorCode::bad_setting, fmt::format("device \"{}\": {}", config_.id, what), config_.where, remedy};
}

std::string Settings::text(const std::string& key, const std::string& otherwise) {
  const auto* given = find(key);
  return given == nullptr ? otherwise : *given;
}

std::string Settings::needed(const std::string& key, const std::string& expected) {
  const auto* given = find(key);
  if (given != nullptr && !given->empty()) return *given;
  wrong(fmt::format("{} is missing", key), expected);
  return "";
}

int Settings::number(const std::string& key, int otherwise, int low, int high) {
  const auto* given = find(key);
  if (given == nullptr) return otherwise;
  if (const auto value = parsed(*given, low, high)) return *value;
  wrong(fmt::format("{} = \"{}\"", key, *given), fmt::format("write a whole number from {} to {}", low, high));
  return otherwise;
}

double Settings::real(const std::string& key, double otherwise, double low, double high) {
  const auto* given = find(key);
  if (given == nullptr) return otherwise;
  if (const auto value = parsed(*given, low, high)) return *value;
  wrong(fmt::format("{} = \"{}\"", key, *given), fmt::format("write a number from {} to {}", low, high));
  return otherwise;
}

bool Settings::flag(const std::string& key, bool otherwise) {
  return one_of(key, otherwise ? "true" : "false", {"true", "false"}) == "true";
}

std::string Settings::one_of(const std::string& key, const std::string& otherwise,
                             const std::vector<std::string>& choices) {
  const auto* given = find(key);
  if (given == nullptr) return otherwise;
  if (std::find(choices.begin(), choices.end(), *given) != choices.end()) return *given;
  wrong(fmt::format("{} = \"{}\"", key, *given), fmt::format("write one of: {}", fmt::join(choices, ", ")));
  return otherwise;
}

Result<void> Settings::finish() {
  for (const auto& [key, value] : config_.settings) {
    if (known_.count(key) == 0)
      wrong(fmt::format("driver {} has no setting \"{}\"", config_.driver, key),
            fmt::format("use one of: {}", fmt::join(known_, ", ")));
  }
  if (error_) return tl::unexpected(*error_);
  return {};
}

}  // namespace torugart::hal::drivers
