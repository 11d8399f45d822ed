#include "kiosk/journal/chain.h"

#include "kiosk/journal/merkle.h"

namespace torugart::journal {

// The first byte keeps a beginning from ever looking like an event.
std::string genesis_hash(std::string_view lane) {
  return merkle::to_bytes(merkle::sha256(std::string("\x01torugart journal 1\n").append(lane)));
}

std::string leaf_hash(std::string_view prev_hash, std::string_view text) {
  return merkle::to_bytes(merkle::leaf_hash(prev_hash, text));
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto u = static_cast<unsigned char>(c);
    out += kDigits[u >> 4];
    out += kDigits[u & 15];
  }
  return out;
}

}  // namespace torugart::journal
