#include "kiosk/app/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <optional>
#include <regex>
#include <set>

#include "kiosk/app/config_keys.h"

namespace torugart::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 1 << 20;

// Levenshtein distance: finds the key that was probably meant.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

class Reader {
 public:
  Reader(const std::string& path, Config& config)
      : path_(path), folder_(fs::path(path).parent_path()), config_(config) {}

  std::vector<ConfigError> read(const toml::table& file) {
    for (const auto& [section, node] : file) {
      if (section == "device") {
        read_devices(node);
      } else if (const auto* table = node.as_table(); table != nullptr && is_section(section.str())) {
        read_section(std::string(section.str()), *table);
      } else {
        unknown(std::string(section.str()), sections(), node);
      }
    }
    for (const auto& key : config_keys()) {
      const auto name = fmt::format("{}.{}", key.section, key.name);
      if (key.required && !seen_.contains(name)) error(0, fmt::format("\"{}\" is missing", name), expected_text(key));
    }
    check_together();
    return std::move(errors_);
  }

 private:
  static std::vector<std::string> sections() {
    std::vector<std::string> out{"device"};
    for (const auto& key : config_keys()) {
      if (std::find(out.begin(), out.end(), key.section) == out.end()) out.emplace_back(key.section);
    }
    return out;
  }
  static bool is_section(std::string_view name) {
    return std::any_of(config_keys().begin(), config_keys().end(), [&](const Key& k) { return k.section == name; });
  }

  void read_section(const std::string& section, const toml::table& table) {
    for (const auto& [name, node] : table) {
      const auto& keys = config_keys();
      const auto key = std::find_if(keys.begin(), keys.end(),
                                    [&](const Key& k) { return k.section == section && k.name == name.str(); });
      if (key == keys.end()) {
        std::vector<std::string> names;
        for (const auto& k : keys) {
          if (k.section == section) names.push_back(fmt::format("{}.{}", k.section, k.name));
        }
        unknown(fmt::format("{}.{}", section, name.str()), names, node);
        continue;
      }
      seen_.insert(fmt::format("{}.{}", section, name.str()));
      if (!store(*key, node)) {
        error(line_of(node), fmt::format("\"{}.{}\" cannot be used", section, name.str()), expected_text(*key));
      }
    }
  }

  bool store(const Key& key, const toml::node& node) {
    if (const auto* rule = std::get_if<TextRule>(&key.rule)) {
      const auto value = node.value_exact<std::string>();
      if (!value || !fits(*rule, *value)) return false;
      key.set_text(config_, rule->path ? resolved(*value) : *value);
      return true;
    }
    if (const auto* rule = std::get_if<IntegerRule>(&key.rule)) {
      const auto value = node.value_exact<std::int64_t>();
      if (!value || *value < rule->least || *value > rule->most) return false;
      key.set_integer(config_, *value);
      return true;
    }
    if (const auto* rule = std::get_if<RealRule>(&key.rule)) {
      const auto value = node.value<double>();
      if (!value || !(*value >= rule->least && *value <= rule->most)) return false;
      key.set_real(config_, *value);
      return true;
    }
    const auto value = node.value_exact<bool>();
    if (!value) return false;
    key.set_flag(config_, *value);
    return true;
  }

  static bool fits(const TextRule& rule, const std::string& value) {
    if (value.empty() || value.size() > 4096) return false;
    if (!rule.one_of.empty()) return std::find(rule.one_of.begin(), rule.one_of.end(), value) != rule.one_of.end();
    return rule.pattern.empty() || std::regex_match(value, std::regex(std::string(rule.pattern)));
  }

  std::string resolved(const std::string& value) const {
    const fs::path path(value);
    return (path.is_absolute() ? path : folder_ / path).lexically_normal().string();
  }

  void read_devices(const toml::node& node) {
    const auto* list = node.as_array();
    if (list == nullptr) {
      error(line_of(node), "\"device\" cannot be used", "one [[device]] for each device of the lane");
      return;
    }
    for (const auto& entry : *list) {
      if (const auto* table = entry.as_table()) {
        read_device(*table);
      } else {
        error(line_of(entry), "a device cannot be used", "a table with id, kind, driver");
      }
    }
  }

  void read_device(const toml::table& table) {
    hal::DeviceConfig device;
    device.where = fmt::format("{}:{}", path_, line_of(table));
    bool kind_known = false;
    for (const auto& [name, node] : table) {
      const auto value = as_text(node);
      if (!value) {
        error(line_of(node), fmt::format("device setting \"{}\" cannot be used", name.str()),
              "text, a number or true/false");
      } else if (name == "id") {
        device.id = *value;
      } else if (name == "driver") {
        device.driver = *value;
      } else if (name == "kind") {
        kind_known = set_kind(device, *value);
        if (!kind_known) error(line_of(node), fmt::format("there is no device kind \"{}\"", *value), kinds());
      } else {
        device.settings[std::string(name.str())] = *value;
      }
    }
    if (device.id.empty()) error(line_of(table), "a device has no id", "id = \"front\"");
    if (device.driver.empty()) error(line_of(table), "a device has no driver", "driver = \"sim\"");
    if (!table.contains("kind")) error(line_of(table), "a device has no kind", kinds());
    const bool twice =
        std::any_of(config_.devices.begin(), config_.devices.end(), [&](const auto& d) { return d.id == device.id; });
    if (twice) error(line_of(table), fmt::format("a second device is called \"{}\"", device.id), "ids that differ");
    config_.devices.push_back(std::move(device));
  }

  static constexpr hal::DeviceKind kKinds[] = {
      hal::DeviceKind::camera,         hal::DeviceKind::xray_scanner, hal::DeviceKind::safety_chain,
      hal::DeviceKind::portal_monitor, hal::DeviceKind::weighbridge,  hal::DeviceKind::lane_signals,
      hal::DeviceKind::code_reader,    hal::DeviceKind::beam_request, hal::DeviceKind::ups};

  static std::string kinds() {
    std::vector<std::string> names;
    for (const auto kind : kKinds)
      names.emplace_back(hal::to_string(kind));
    return fmt::format("one of {}", fmt::join(names, ", "));
  }
  static bool set_kind(hal::DeviceConfig& device, const std::string& text) {
    for (const auto kind : kKinds) {
      if (text == hal::to_string(kind)) {
        device.kind = kind;
        return true;
      }
    }
    return false;
  }

  static std::optional<std::string> as_text(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return text;
    if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
    if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
    if (const auto real = node.value_exact<double>()) return fmt::format("{}", *real);
    return std::nullopt;
  }

  void check_together() {
    const auto& central = config_.central;
    if (!central.url.empty() &&
        (central.ca.empty() || central.certificate.empty() || central.key.empty() || central.signing_keys.empty())) {
      error(0, "\"central.url\" is set, but the keys to it are not all there",
            "central.ca, central.certificate, central.key and central.signing_keys");
    }
    const auto uses = [this](std::string_view driver) {
      return std::any_of(config_.devices.begin(), config_.devices.end(),
                         [&](const auto& d) { return d.driver == driver; });
    };
    if (uses("sim") && config_.sim.scenario.empty()) error(0, "a device is simulated", "sim.scenario");
    if (uses("replay") && config_.replay.directory.empty()) error(0, "a device is replayed", "replay.directory");
  }

  void unknown(const std::string& key, const std::vector<std::string>& known, const toml::node& node) {
    const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
      return distance(a, key) < distance(b, key);
    });
    auto expected = fmt::format("one of {}", fmt::join(known, ", "));
    if (nearest != known.end() && distance(*nearest, key) <= 3) {
      expected += fmt::format("; did you mean \"{}\"?", *nearest);
    }
    error(line_of(node), fmt::format("unknown key \"{}\"", key), expected);
  }

  static int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }
  void error(int line, std::string what, std::string expected) {
    errors_.push_back({path_, line, std::move(what), std::move(expected)});
  }

  std::string path_;
  fs::path folder_;
  Config& config_;
  std::set<std::string> seen_;
  std::vector<ConfigError> errors_;
};

}  // namespace

std::string ConfigError::text() const {
  const auto place = line > 0 ? fmt::format("{}:{}", file, line) : file;
  return expected.empty() ? fmt::format("{}: {}", place, what)
                          : fmt::format("{}: {}; expected {}", place, what, expected);
}

tl::expected<Config, std::vector<ConfigError>> parse_config(std::string_view text, const std::string& path) {
  Config config;
  config.path = path;
  try {
    const auto file = toml::parse(text, path);
    auto errors = Reader(path, config).read(file);
    if (!errors.empty()) return tl::unexpected(std::move(errors));
    return config;
  } catch (const toml::parse_error& e) {
    return tl::unexpected(std::vector<ConfigError>{
        {path, static_cast<int>(e.source().begin.line), std::string(e.description()), "a TOML file"}});
  }
}

tl::expected<Config, std::vector<ConfigError>> load_config(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return tl::unexpected(std::vector<ConfigError>{
        {path, 0, "cannot be opened", "a readable file; torugart --config FILE names another"}});
  }
  std::string text(kLargestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kLargestFile) {
    return tl::unexpected(std::vector<ConfigError>{{path, 0, "is larger than 1 MiB", "a lane's configuration"}});
  }
  return parse_config(text, path);
}

std::string describe_keys() {
  std::string out;
  for (const auto& key : config_keys()) {
    out += fmt::format("{}.{}{}\n    {}; {}\n", key.section, key.name, key.required ? " (required)" : "",
                       expected_text(key), key.meaning);
  }
  out += fmt::format("[[device]] id, kind, driver, and the driver's own settings\n");
  return out;
}

}  // namespace torugart::app
