// What the development centre thinks of trucks: rules by plate, container or document, from a TOML file (read again
// when it changes) or handed over while running (POST /v1/dev/rules; kept in DIR/rules.json). The same rules, signed,
// are the watch list.
//
//   [default]              # when no rule hits
//   colour = "yellow"
//   scan_required = false
//   [watch_list]
//   valid_hours = 24
//   [[rule]]
//   kind = "plate"         # plate | container | document
//   match = "prefix"       # exact | prefix; numbers are compared in capitals without spaces and hyphens
//   value = "555"
//   colour = "red"         # green | blue | yellow | red; of several hits the strictest counts
//   scan_required = true
//   profiles = [{id = "P-17", text = "First trip of this carrier"}]
//   holds = [{id = "H-3", agency = "Veterinary service", text = "Certificate missing"}]
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "kiosk/central_dev/reply.h"
#include "kiosk/central_dev/test_ca.h"

namespace torugart::central_dev {

// {"default":{…},"watch_list":{…},"rule":[…]} checked and completed; the error names what is wrong.
tl::expected<nlohmann::json, std::string> checked_rules(nlohmann::json rules);
tl::expected<nlohmann::json, std::string> rules_from_toml(const std::string& path);

// Thread-safe.
class Rules {
 public:
  // `file` may be empty. Fails when it cannot be read.
  static tl::expected<std::unique_ptr<Rules>, std::string> open(std::string folder, std::string file);

  Reply assess(const std::string& lane, const std::string& body);
  // The whole list; or, to a lane that says which version it has, the change since, when that one is remembered.
  Reply watch_list(const TestKeys& keys, std::optional<std::int64_t> since = std::nullopt);
  Reply replace(const std::string& body);

 private:
  Rules(std::string folder, std::string file) : folder_(std::move(folder)), file_(std::move(file)) {}
  void refresh();
  void adopt(nlohmann::json rules);
  std::string list_path(std::int64_t version) const;

  std::string folder_, file_;
  std::filesystem::file_time_type file_time_{};
  std::mutex mutex_;
  nlohmann::json rules_;      // under mutex_
  std::int64_t version_ = 0;  // of the watch list; grows with every change, over restarts too
  std::int64_t assessments_ = 0;
};

}  // namespace torugart::central_dev
