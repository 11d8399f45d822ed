// One HTTPS call after another to the centre, with a deadline, a size limit and a way to break it off. Keeps its
// connection between calls. Used inside kiosk/central only; http.cpp is the one place that knows libcurl.
//
// Always: TLS ≥ 1.2, the centre's certificate verified against the configured CA alone, host name checked, our client
// certificate shown, no redirects followed, no proxy from the environment, no compressed bodies.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/central/certificate.h"
#include "kiosk/central/config.h"

namespace torugart::central {

struct HttpRequest {
  std::string method;                // "GET", "POST", "HEAD", "PATCH"
  std::string path;                  // "/v1/events"
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  std::int64_t deadline_ms = 0;  // whole call; connecting has Config::connect_deadline_ms inside it
};

struct HttpResponse {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; at most 64 are kept
  std::string body;
  std::optional<std::int64_t> date_s;  // the Date header, seconds since 1970
  std::int64_t round_trip_us = 0;

  const std::string* header(const std::string& lower_case_name) const;
};

// Thread-bound.
class Http {
 public:
  explicit Http(const Config& config);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  // The lane's certificate is looked at before every call and taken anew when it was renewed (certificate.h); this does it
  // without one. True when another is shown from now on.
  bool refresh_identity();
  const ClientIdentity& identity() const;

  // Any HTTP status is an answer here; see error_of(). An error says that there was no whole, trusted answer.
  tl::expected<HttpResponse, Error> call(const HttpRequest& request, std::stop_token stop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// 2xx gives nothing. Else what the status means, with the centre's own words where it sent problem+json (RFC 9457).
std::optional<Error> error_of(const HttpResponse& response, const std::string& path);

}  // namespace torugart::central
