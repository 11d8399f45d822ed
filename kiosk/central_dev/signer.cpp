#include "kiosk/central_dev/signer.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

namespace torugart::central_dev {
namespace {

std::string encode(const unsigned char* data, std::size_t size, int variant) {
  std::string out(sodium_base64_encoded_len(size, variant), '\0');
  sodium_bin2base64(out.data(), out.size(), data, size, variant);
  out.pop_back();  // the terminating zero
  return out;
}

std::string url_safe(std::string_view text) {
  return encode(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

}  // namespace

std::string sign(const nlohmann::json& payload, const std::string& type, const TestKeys& keys) {
  const nlohmann::json header{{"alg", "EdDSA"}, {"kid", keys.signing_key_id}, {"typ", type}};
  const std::string signed_part = url_safe(header.dump()) + "." + url_safe(payload.dump());
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(signed_part.data()),
                       signed_part.size(), keys.signing_key.data());
  return signed_part + "." + encode(signature.data(), signature.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::string hex;
  for (const unsigned char byte : hash)
    hex += fmt::format("{:02x}", byte);
  return hex;
}

std::string base64(std::string_view text) {
  return encode(reinterpret_cast<const unsigned char*>(text.data()), text.size(), sodium_base64_VARIANT_ORIGINAL);
}

bool from_base64(std::string_view text, std::string& out) {
  out.assign(text.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                        &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
    return false;
  out.resize(size);
  return true;
}

std::string now_rfc3339(std::int64_t plus_s) {
  const auto us =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count() +
      plus_s * 1'000'000;
  const std::time_t seconds = us / 1'000'000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  return fmt::format("{}.{:06}Z", text.data(), us % 1'000'000);
}

}  // namespace torugart::central_dev
