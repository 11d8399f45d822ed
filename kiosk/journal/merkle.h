// The Merkle tree of RFC 6962, section 2: what makes it possible to prove to somebody who has only 32 bytes that an
// event stands in the journal (inclusion), and that a later journal contains an earlier one unchanged (consistency).
//
//   leaf    SHA-256(0x00, entry)        node    SHA-256(0x01, left, right)
//   empty   SHA-256()                   split   the largest power of two smaller than the number of leaves
//
// Pure; no I/O. Reentrant. Sizes and indices are ≥ 0; index 0 is the first leaf. A proof that cannot be made (an index
// outside the tree) is empty, a check of one is false; nothing here ends the program, whatever it is given.
// Source: RFC 6962 2.1 to 2.1.2; the checks follow RFC 9162 2.1.3.2 and 2.1.4.2.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace torugart::journal::merkle {

using Hash = std::array<unsigned char, 32>;
using Proof = std::vector<Hash>;

Hash sha256(std::string_view bytes);
Hash leaf_hash(std::string_view entry);
// The same over the two parts of an entry, one after the other.
Hash leaf_hash(std::string_view first, std::string_view second);
Hash node_hash(const Hash& left, const Hash& right);

std::string to_bytes(const Hash& hash);                         // 32 raw bytes
std::optional<Hash> from_bytes(std::string_view bytes);         // nothing unless 32
std::string to_hex(const Hash& hash);                           // 64 digits
std::optional<Hash> from_hex(std::string_view digits);          // lower case; nothing unless 64 digits
std::string to_base64(std::string_view bytes);                  // RFC 4648 section 4, padded
std::optional<std::string> from_base64(std::string_view text);  // only what to_base64 writes

// The hash of the complete subtree of 2^level leaves that begins at leaf index·2^level. Nothing when it cannot be had;
// then the proof cannot be had either.
using Subtree = std::function<std::optional<Hash>(int level, std::int64_t index)>;
// Of leaf hashes in memory. The span must outlive the function.
Subtree subtree_of(std::span<const Hash> leaves);

// Each asks for O(log size) subtrees.
std::optional<Hash> root(std::int64_t size, const Subtree& subtree);
std::optional<Proof> inclusion_proof(std::int64_t index, std::int64_t size, const Subtree& subtree);
std::optional<Proof> consistency_proof(std::int64_t old_size, std::int64_t size, const Subtree& subtree);

bool verify_inclusion(std::int64_t index, std::int64_t size, const Hash& leaf, std::span<const Hash> proof,
                      const Hash& root);
// From an empty tree every tree grows: then the proof must be empty.
bool verify_consistency(std::int64_t old_size, std::int64_t size, const Hash& old_root, const Hash& root,
                        std::span<const Hash> proof);

// What must be kept to go on appending: the hashes of the complete subtrees that the leaves divide into, from the
// largest to the smallest, one for each bit of the size. Appending costs one hash on average, log2(size) at most.
class Frontier {
 public:
  Frontier() = default;
  // Of a tree that is there already. Nothing when a subtree cannot be had.
  static std::optional<Frontier> of(std::int64_t size, const Subtree& subtree);

  void append(const Hash& leaf);
  std::int64_t size() const { return size_; }
  Hash root() const;
  // Of the complete subtree of 2^level leaves that the last append completed; level 0 is the leaf itself. Nothing when
  // it completed none that large.
  std::optional<Hash> completed(int level) const;

 private:
  std::int64_t size_ = 0;
  std::vector<Hash> parts_;
  std::vector<Hash> completed_;  // by level, of the last append
};

}  // namespace torugart::journal::merkle
