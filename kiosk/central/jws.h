// Statements that the centre signs (receipts, watch lists): JSON Web Signature in compact form (RFC 7515) with EdDSA
// over Ed25519 (RFC 8037). Exactly that and nothing else is accepted: no other algorithm, no key from the statement.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "kiosk/central/error.h"

namespace torugart::central {

struct SigningKey {
  std::array<unsigned char, 32> bytes{};
  std::string id;  // first 16 hex digits of the SHA-256 of the 32 bytes; the statement's "kid"
};

inline constexpr std::string_view kReceiptType = "torugart-receipt+jws";
inline constexpr std::string_view kWatchListType = "torugart-watch-list+jws";
inline constexpr std::string_view kWatchListDeltaType = "torugart-watch-list-delta+jws";

// Every "BEGIN PUBLIC KEY" in the PEM text; an error when there is none or one that is not Ed25519. Reentrant.
tl::expected<std::vector<SigningKey>, Error> signing_keys_from_pem(std::string_view pem, const std::string& where);
tl::expected<std::vector<SigningKey>, Error> signing_keys_from_file(const std::string& path);

// What a statement says that it is; believed only when verified_payload() gives its payload as that. Reentrant.
std::string claimed_type(std::string_view compact);

// The payload, once the signature was verified by one of the keys and the type is the one asked for. Reentrant.
tl::expected<std::string, Error> verified_payload(std::string_view compact, std::string_view type,
                                                  const std::vector<SigningKey>& keys);

}  // namespace torugart::central
