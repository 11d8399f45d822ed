// Signs receipts and watch lists: JWS in compact form (RFC 7515), EdDSA (RFC 8037).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "kiosk/central_dev/test_ca.h"

namespace torugart::central_dev {

std::string sign(const nlohmann::json& payload, const std::string& type, const TestKeys& keys);

std::string sha256_hex(std::string_view bytes);
std::string base64(std::string_view text);
bool from_base64(std::string_view text, std::string& out);
std::string now_rfc3339(std::int64_t plus_s = 0);

}  // namespace torugart::central_dev
