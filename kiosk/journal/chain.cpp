#include "kiosk/journal/chain.h"

#include <openssl/evp.h>

#include <array>
#include <initializer_list>
#include <memory>

namespace torugart::journal {
namespace {

// Empty when OpenSSL has no SHA-256 for us, which a healthy machine always has; an empty hash fits no column of ours.
std::string sha256(std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return {};
  for (const std::string_view part : parts)
    if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return {};
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

// The first byte keeps a beginning from ever looking like an event.
std::string genesis_hash(std::string_view lane) {
  return sha256({std::string_view("\x01", 1), "torugart journal 1\n", lane});
}

std::string leaf_hash(std::string_view prev_hash, std::string_view text) {
  return sha256({std::string_view("\x00", 1), prev_hash, text});
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
