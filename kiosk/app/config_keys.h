// One row per key of the configuration file. Private to kiosk/app.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kiosk/app/config.h"

namespace torugart::app {

struct TextRule {
  std::vector<std::string_view> one_of;  // empty: any
  std::string_view pattern;              // an ECMAScript expression that must match; empty: any
  bool path = false;                     // relative to the file's folder
};
struct IntegerRule {
  std::int64_t least, most;
};
struct RealRule {
  double least, most;
};
struct FlagRule {};

struct Key {
  std::string_view section, name;
  std::variant<TextRule, IntegerRule, RealRule, FlagRule> rule;
  bool required;
  std::string_view meaning;
  // Where the value goes; exactly one is called, by the rule's type.
  void (*set_text)(Config&, std::string) = nullptr;
  void (*set_integer)(Config&, std::int64_t) = nullptr;
  void (*set_real)(Config&, double) = nullptr;
  void (*set_flag)(Config&, bool) = nullptr;
};

const std::vector<Key>& config_keys();
std::string expected_text(const Key& key);  // "a whole number from 640 to 7680"

}  // namespace torugart::app
