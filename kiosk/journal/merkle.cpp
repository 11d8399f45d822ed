#include "kiosk/journal/merkle.h"

#include <openssl/evp.h>

#include <bit>
#include <cstdlib>
#include <initializer_list>
#include <memory>

namespace torugart::journal::merkle {
namespace {

// Largest power of two smaller than n; n ≥ 2.
std::int64_t split(std::int64_t n) {
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(n - 1)));
}

int level_of(std::int64_t power) {
  return std::countr_zero(static_cast<std::uint64_t>(power));
}

struct Digest {
  std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

// A machine whose OpenSSL has no SHA-256, or no memory for it, can prove nothing: no answer is better than a wrong one.
Hash sha256_of(std::initializer_list<std::string_view> parts) {
  thread_local const Digest digest;  // made once a thread: fetching the algorithm costs more than a hash
  Hash out{};
  unsigned int size = 0;
  bool good = digest.algorithm && digest.context &&
              EVP_DigestInit_ex2(digest.context.get(), digest.algorithm.get(), nullptr) == 1;
  for (const std::string_view part : parts)
    good = good && EVP_DigestUpdate(digest.context.get(), part.data(), part.size()) == 1;
  good = good && EVP_DigestFinal_ex(digest.context.get(), out.data(), &size) == 1 && size == out.size();
  if (!good) std::abort();
  return out;
}

std::string_view view(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

constexpr std::string_view kLeaf("\x00", 1), kNode("\x01", 1);

// The hash of leaves [begin, begin + n); begin is a multiple of the power of two that n fits into, as everywhere in
// the tree.
std::optional<Hash> range(std::int64_t begin, std::int64_t n, const Subtree& subtree) {
  if (std::has_single_bit(static_cast<std::uint64_t>(n))) return subtree(level_of(n), begin / n);
  const std::int64_t k = split(n);
  const auto left = range(begin, k, subtree);
  const auto right = range(begin + k, n - k, subtree);
  if (!left || !right) return std::nullopt;
  return node_hash(*left, *right);
}

// RFC 6962 2.1.1, PATH; from the leaf upwards.
bool path(std::int64_t index, std::int64_t begin, std::int64_t n, const Subtree& subtree, Proof& out) {
  if (n == 1) return true;
  const std::int64_t k = split(n);
  const bool left = index < begin + k;
  if (!(left ? path(index, begin, k, subtree, out) : path(index, begin + k, n - k, subtree, out))) return false;
  const auto sibling = left ? range(begin + k, n - k, subtree) : range(begin, k, subtree);
  if (sibling) out.push_back(*sibling);
  return sibling.has_value();
}

// RFC 6962 2.1.2, SUBPROOF; `whole` says that the old tree is a subtree that the verifier knows.
bool subproof(std::int64_t old, std::int64_t begin, std::int64_t n, bool whole, const Subtree& subtree, Proof& out) {
  if (old == n) {
    if (whole) return true;
    const auto all = range(begin, n, subtree);
    if (all) out.push_back(*all);
    return all.has_value();
  }
  const std::int64_t k = split(n);
  std::optional<Hash> other;
  if (old <= k) {
    if (!subproof(old, begin, k, whole, subtree, out)) return false;
    other = range(begin + k, n - k, subtree);
  } else {
    if (!subproof(old - k, begin + k, n - k, false, subtree, out)) return false;
    other = range(begin, k, subtree);
  }
  if (other) out.push_back(*other);
  return other.has_value();
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

Hash sha256(std::string_view bytes) {
  return sha256_of({bytes});
}
Hash leaf_hash(std::string_view entry) {
  return sha256_of({kLeaf, entry});
}
Hash leaf_hash(std::string_view first, std::string_view second) {
  return sha256_of({kLeaf, first, second});
}
Hash node_hash(const Hash& left, const Hash& right) {
  return sha256_of({kNode, view(left), view(right)});
}

std::string to_bytes(const Hash& hash) {
  return std::string(view(hash));
}

std::optional<Hash> from_bytes(std::string_view bytes) {
  Hash hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i)
    hash[i] = static_cast<unsigned char>(bytes[i]);
  return hash;
}

std::string to_hex(const Hash& hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : hash) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::optional<Hash> from_hex(std::string_view digits) {
  Hash hash{};
  if (digits.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const int high = digit_of(digits[2 * i]), low = digit_of(digits[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    hash[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return hash;
}

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > (std::size_t{1} << 20)) return std::nullopt;
  if (text.empty()) return std::string();
  std::string out(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) < 0)
    return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  out.resize(out.size() - padding);
  // OpenSSL is lenient about spaces and stray bits at the end; one text for one value is what can be compared.
  if (to_base64(out) != text) return std::nullopt;
  return out;
}

Subtree subtree_of(std::span<const Hash> leaves) {
  struct Made {
    std::span<const Hash> leaves;
    std::optional<Hash> operator()(int level, std::int64_t index) const {
      if (level < 0 || level > 61 || index < 0) return std::nullopt;
      const std::int64_t width = std::int64_t{1} << level;
      if (index > std::ssize(leaves) / width || (index + 1) * width > std::ssize(leaves)) return std::nullopt;
      if (level == 0) return leaves[static_cast<std::size_t>(index)];
      const auto left = (*this)(level - 1, 2 * index), right = (*this)(level - 1, 2 * index + 1);
      if (!left || !right) return std::nullopt;
      return node_hash(*left, *right);
    }
  };
  return Made{leaves};
}

std::optional<Hash> root(std::int64_t size, const Subtree& subtree) {
  if (size < 0) return std::nullopt;
  return size == 0 ? sha256({}) : range(0, size, subtree);
}

std::optional<Proof> inclusion_proof(std::int64_t index, std::int64_t size, const Subtree& subtree) {
  Proof proof;
  if (index < 0 || index >= size || !path(index, 0, size, subtree, proof)) return std::nullopt;
  return proof;
}

std::optional<Proof> consistency_proof(std::int64_t old_size, std::int64_t size, const Subtree& subtree) {
  Proof proof;
  if (old_size < 0 || old_size > size) return std::nullopt;
  if (old_size > 0 && !subproof(old_size, 0, size, true, subtree, proof)) return std::nullopt;
  return proof;
}

bool verify_inclusion(std::int64_t index, std::int64_t size, const Hash& leaf, std::span<const Hash> proof,
                      const Hash& root) {
  if (index < 0 || index >= size) return false;
  std::int64_t fn = index, sn = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (sn == 0) return false;
    if ((fn & 1) == 1 || fn == sn) {
      hash = node_hash(sibling, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && hash == root;
}

bool verify_consistency(std::int64_t old_size, std::int64_t size, const Hash& old_root, const Hash& root,
                        std::span<const Hash> proof) {
  if (old_size < 0 || old_size > size) return false;
  if (old_size == 0) return proof.empty() && old_root == sha256({}) && (size != 0 || root == old_root);
  if (old_size == size) return proof.empty() && old_root == root;
  // When the old tree is one complete subtree, its root is where the proof begins.
  const bool complete = std::has_single_bit(static_cast<std::uint64_t>(old_size));
  if (!complete && proof.empty()) return false;
  Hash old_hash = complete ? old_root : proof.front();
  Hash hash = old_hash;
  if (!complete) proof = proof.subspan(1);
  std::int64_t fn = old_size - 1, sn = size - 1;
  while ((fn & 1) == 1) {
    fn >>= 1;
    sn >>= 1;
  }
  for (const Hash& part : proof) {
    if (sn == 0) return false;
    if ((fn & 1) == 1 || fn == sn) {
      old_hash = node_hash(part, old_hash);
      hash = node_hash(part, hash);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      hash = node_hash(hash, part);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && old_hash == old_root && hash == root;
}

std::optional<Frontier> Frontier::of(std::int64_t size, const Subtree& subtree) {
  if (size < 0) return std::nullopt;
  Frontier frontier;
  frontier.size_ = size;
  std::int64_t begin = 0;
  for (int level = 62; level >= 0; --level) {
    const std::int64_t width = std::int64_t{1} << level;
    if ((size & width) == 0) continue;
    const auto part = subtree(level, begin / width);
    if (!part) return std::nullopt;
    frontier.parts_.push_back(*part);
    begin += width;
  }
  return frontier;
}

void Frontier::append(const Hash& leaf) {
  completed_.assign(1, leaf);
  for (std::int64_t full = size_; (full & 1) == 1; full >>= 1) {
    completed_.push_back(node_hash(parts_.back(), completed_.back()));
    parts_.pop_back();
  }
  parts_.push_back(completed_.back());
  ++size_;
}

Hash Frontier::root() const {
  if (parts_.empty()) return sha256({});
  Hash hash = parts_.back();
  for (auto part = parts_.rbegin() + 1; part != parts_.rend(); ++part)
    hash = node_hash(*part, hash);
  return hash;
}

std::optional<Hash> Frontier::completed(int level) const {
  if (level < 0 || static_cast<std::size_t>(level) >= completed_.size()) return std::nullopt;
  return completed_[static_cast<std::size_t>(level)];
}

}  // namespace torugart::journal::merkle
