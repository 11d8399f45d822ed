#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/central/certificate.h"
#include "kiosk/central/config.h"
#include "kiosk/central/http.h"
#include "kiosk/central/jws.h"
#include "kiosk/central/wire.h"
#include "kiosk/central/wire_json.h"

#include <chrono>

namespace torugart::central {
namespace {

Error wrong(std::string what, std::string where, std::string remedy) {
  return {Failure::configuration, std::move(what), std::move(where), std::move(remedy)};
}

void check_file(const std::string& path, const char* key, bool secret, std::vector<Error>& out) {
  struct stat info {};
  if (path.empty()) {
    out.push_back(wrong(fmt::format("{} is not set", key), key, "Name the PEM file"));
  } else if (::stat(path.c_str(), &info) != 0 || ::access(path.c_str(), R_OK) != 0) {
    out.push_back(wrong(fmt::format("{} cannot be read", key), path, "Check the name and the permissions"));
  } else if (secret && (info.st_mode & 077) != 0) {
    out.push_back(wrong("The lane's key can be read by other accounts of this machine", path,
                        fmt::format("chmod 600 {}, and have a new key issued if others used this machine", path)));
  }
}

}  // namespace

std::vector<Error> check(const Config& config, std::int64_t wall_us) {
  std::vector<Error> out;
  if (!config.url.starts_with("https://") || config.url.size() < 9 || config.url.ends_with("/"))
    out.push_back(wrong("central.url is not an https address without a slash at its end", config.url,
                        "Write it as https://name:port"));
  if (config.lane.empty()) out.push_back(wrong("The lane has no name", "lane", "Name the lane"));
  check_file(config.ca_file, "central.ca_file", false, out);
  check_file(config.certificate_file, "central.certificate_file", false, out);
  check_file(config.key_file, "central.key_file", true, out);
  check_file(config.signing_keys_file, "central.signing_keys_file", false, out);
  if (!out.empty()) return out;
  if (const auto keys = signing_keys_from_file(config.signing_keys_file); !keys) out.push_back(keys.error());
  const auto certificate = certificate_from_file(config.certificate_file);
  if (!certificate) {
    out.push_back(certificate.error());
    return out;
  }
  if (certificate->common_name != config.lane)
    out.push_back(wrong(fmt::format("The certificate is for \"{}\", the lane is \"{}\"",
                                    printable(certificate->common_name, 100), config.lane),
                        config.certificate_file, "Have a certificate issued for this lane"));
  if (certificate->not_after_wall_us < wall_us || certificate->not_before_wall_us > wall_us)
    out.push_back(Error{Failure::too_old, "The lane's certificate is out of date, or the machine's clock is wrong",
                        config.certificate_file, "Check the clock; have the certificate renewed"});
  return out;
}

tl::expected<Reached, Error> probe(const Config& config) {
  const std::string path = "/v1/time";
  Http http(config);
  const auto response = http.call(
      {"GET", path, {"Accept: application/json"}, {}, config.connect_deadline_ms + config.call_deadline_ms}, {});
  if (!response) return tl::unexpected(response.error());
  if (auto error = error_of(*response, path)) return tl::unexpected(std::move(*error));
  const auto body = wire::parse(response->body);
  const auto time =
      body.is_object() ? wall_us_from_rfc3339(wire::text_field(body, "time", 40).value_or("")) : std::nullopt;
  if (!time) return wire::bad(path, "The centre does not tell its time");
  const auto now_us =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  Reached reached;
  reached.round_trip_us = response->round_trip_us;
  reached.clock_skew_ms = (now_us - response->round_trip_us / 2 - *time) / 1000;
  reached.development = response->header("x-torugart-development") != nullptr;
  return reached;
}

}  // namespace torugart::central
