// Reads a device's settings of lane.toml: each with its range, and none that the driver does not know.
//
//   Settings s(config);
//   const int port = s.number("port", 502, 1, 65535);
//   const auto transport = s.one_of("transport", "tcp", {"tcp", "udp"});
//   if (auto checked = s.finish(); !checked) return tl::unexpected(checked.error());
//
// The first wrong value is the error, with the file's line and what would be right. Thread-bound.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hal/registry/registry.h"

namespace torugart::hal::drivers {

class Settings {
 public:
  explicit Settings(const DeviceConfig& config) : config_(config) {}

  std::string text(const std::string& key, const std::string& otherwise = "");
  // Must be given, and not empty; `expected` says what would be right.
  std::string needed(const std::string& key, const std::string& expected);
  int number(const std::string& key, int otherwise, int low, int high);
  double real(const std::string& key, double otherwise, double low, double high);
  bool flag(const std::string& key, bool otherwise);
  std::string one_of(const std::string& key, const std::string& otherwise, const std::vector<std::string>& choices);
  bool has(const std::string& key) const { return config_.settings.count(key) != 0; }

  // A reason of the driver's own; only the first one is kept.
  void wrong(const std::string& what, const std::string& remedy);
  Result<void> finish();

 private:
  const std::string* find(const std::string& key);

  const DeviceConfig& config_;
  std::set<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace torugart::hal::drivers
