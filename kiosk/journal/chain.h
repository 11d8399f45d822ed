// The links of the chain. Internal to kiosk/journal; README.md has the bytes.
#pragma once

#include <string>
#include <string_view>

namespace torugart::journal {

// 32 raw bytes each.
std::string genesis_hash(std::string_view lane);  // SHA-256(0x01, "torugart journal 1\n", lane)
// SHA-256(0x00, prev_hash, text): at once the link of the chain and, in RFC 6962's words, the leaf hash of the entry that
// consists of prev_hash and text.
std::string leaf_hash(std::string_view prev_hash, std::string_view text);
std::string hex(std::string_view bytes);

}  // namespace torugart::journal
