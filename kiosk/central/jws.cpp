#include "kiosk/central/jws.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

namespace torugart::central {
namespace {

std::optional<std::string> base64(std::string_view text, int variant, const char* ignore) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), ignore,
                        &length, nullptr, variant) != 0)
    return std::nullopt;
  out.resize(length);
  return out;
}

std::string key_id(const std::array<unsigned char, 32>& key) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), key.data(), key.size());
  std::string id;
  for (std::size_t i = 0; i < 8; ++i)
    id += fmt::format("{:02x}", hash[i]);
  return id;
}

Error not_signed(std::string what) {
  return {Failure::not_trusted, std::move(what), "", "Tell the centre's administrators; the statement was not used"};
}

// RFC 8410: SubjectPublicKeyInfo of an Ed25519 key is these bytes and the key.
constexpr std::string_view kSpki("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

}  // namespace

tl::expected<std::vector<SigningKey>, Error> signing_keys_from_pem(std::string_view pem, const std::string& where) {
  constexpr std::string_view begin = "-----BEGIN PUBLIC KEY-----", end = "-----END PUBLIC KEY-----";
  std::vector<SigningKey> keys;
  for (std::size_t at = 0; (at = pem.find(begin, at)) != std::string_view::npos;) {
    at += begin.size();
    const auto stop = pem.find(end, at);
    if (stop == std::string_view::npos) break;
    const auto der = base64(pem.substr(at, stop - at), sodium_base64_VARIANT_ORIGINAL, "\r\n \t");
    if (!der || der->size() != kSpki.size() + 32 || !der->starts_with(kSpki))
      return tl::unexpected(Error{Failure::configuration, "A signing key of the centre is not an Ed25519 public key",
                                  where, "Ask the centre for its Ed25519 public key in PEM form"});
    SigningKey key;
    std::copy(der->begin() + kSpki.size(), der->end(), key.bytes.begin());
    key.id = key_id(key.bytes);
    keys.push_back(std::move(key));
    at = stop;
  }
  if (keys.empty())
    return tl::unexpected(Error{Failure::configuration, "The file of the centre's signing keys holds no public key",
                                where, "Ask the centre for its Ed25519 public key in PEM form"});
  return keys;
}

tl::expected<std::vector<SigningKey>, Error> signing_keys_from_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string pem{std::istreambuf_iterator<char>(file), {}};
  if (!file && pem.empty())
    return tl::unexpected(Error{Failure::configuration, "The file of the centre's signing keys cannot be read", path,
                                "Check central.signing_keys_file"});
  return signing_keys_from_pem(pem, path);
}

std::string claimed_type(std::string_view compact) {
  const auto header = base64(compact.substr(0, compact.find('.')), sodium_base64_VARIANT_URLSAFE_NO_PADDING, nullptr);
  const auto json = header ? nlohmann::json::parse(*header, nullptr, false) : nlohmann::json();
  return json.is_object() && json.contains("typ") && json["typ"].is_string() ? json["typ"].get<std::string>()
                                                                             : std::string();
}

tl::expected<std::string, Error> verified_payload(std::string_view compact, std::string_view type,
                                                  const std::vector<SigningKey>& keys) {
  const auto dot1 = compact.find('.');
  const auto dot2 = dot1 == std::string_view::npos ? dot1 : compact.find('.', dot1 + 1);
  if (dot2 == std::string_view::npos)
    return tl::unexpected(not_signed("The centre sent a statement without signature"));
  const auto header = base64(compact.substr(0, dot1), sodium_base64_VARIANT_URLSAFE_NO_PADDING, nullptr);
  const auto payload =
      base64(compact.substr(dot1 + 1, dot2 - dot1 - 1), sodium_base64_VARIANT_URLSAFE_NO_PADDING, nullptr);
  const auto signature = base64(compact.substr(dot2 + 1), sodium_base64_VARIANT_URLSAFE_NO_PADDING, nullptr);
  if (!header || !payload || !signature || signature->size() != crypto_sign_BYTES || header->size() > 1024)
    return tl::unexpected(not_signed("The centre sent a statement whose signature cannot be read"));

  const auto json = nlohmann::json::parse(*header, nullptr, false);
  const auto word = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>()
                                                                             : std::string();
  };
  if (word("alg") != "EdDSA" || word("typ") != type || (json.is_object() && json.contains("crit")))
    return tl::unexpected(not_signed("The centre sent a statement of another kind than the one asked for"));
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const SigningKey& k) { return k.id == word("kid"); });
  if (key == keys.end())
    return tl::unexpected(not_signed("The centre signed with a key that this lane does not know"));
  const auto signed_part = compact.substr(0, dot2);
  if (crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature->data()),
                                  reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size(),
                                  key->bytes.data()) != 0)
    return tl::unexpected(not_signed("The signature of the centre's statement is wrong"));
  return *payload;
}

}  // namespace torugart::central
