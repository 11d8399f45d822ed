// The tree against the vectors that certificate-transparency implementations share, and against the definition of
// RFC 6962 written down as it stands there, for every size, index and pair of sizes up to 70.
#include "kiosk/journal/merkle.h"

#include <gtest/gtest.h>

#include <map>

namespace torugart::journal::merkle {
namespace {

const std::vector<std::string> kEntries = {"",
                                           std::string("\x00", 1),
                                           "\x10",
                                           "\x20\x21",
                                           "\x30\x31",
                                           "\x40\x41\x42\x43",
                                           "\x50\x51\x52\x53\x54\x55\x56\x57",
                                           "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
const std::vector<std::string> kRoots = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
constexpr const char* kLeaf1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
constexpr const char* kNode23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
constexpr const char* kNode4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
constexpr const char* kLeaf4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
constexpr const char* kNode67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
constexpr const char* kNode45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

std::vector<Hash> known_leaves() {
  std::vector<Hash> leaves;
  for (const auto& entry : kEntries)
    leaves.push_back(leaf_hash(entry));
  return leaves;
}

std::vector<std::string> hex_of(const std::optional<Proof>& proof) {
  std::vector<std::string> out;
  for (const Hash& hash : proof.value_or(Proof{}))
    out.push_back(to_hex(hash));
  return out;
}

TEST(Merkle, KnownRoots) {
  const auto leaves = known_leaves();
  Frontier frontier;
  for (std::size_t n = 0; n <= leaves.size(); ++n) {
    if (n > 0) frontier.append(leaves[n - 1]);
    EXPECT_EQ(to_hex(root(static_cast<std::int64_t>(n), subtree_of(leaves)).value()), kRoots[n]);
    EXPECT_EQ(to_hex(frontier.root()), kRoots[n]);
  }
}

TEST(Merkle, KnownInclusionProofs) {
  const auto leaves = known_leaves();
  const auto tree = subtree_of(leaves);
  using Words = std::vector<std::string>;
  EXPECT_EQ(hex_of(inclusion_proof(0, 1, tree)), Words{});
  EXPECT_EQ(hex_of(inclusion_proof(0, 8, tree)), (Words{kLeaf1, kNode23, kNode4567}));
  EXPECT_EQ(hex_of(inclusion_proof(5, 8, tree)), (Words{kLeaf4, kNode67, kRoots[4]}));
  EXPECT_EQ(hex_of(inclusion_proof(2, 3, tree)), (Words{kRoots[2]}));
  EXPECT_EQ(hex_of(inclusion_proof(1, 5, tree)), (Words{kRoots[1], kNode23, kLeaf4}));
}

TEST(Merkle, KnownConsistencyProofs) {
  const auto leaves = known_leaves();
  const auto tree = subtree_of(leaves);
  using Words = std::vector<std::string>;
  EXPECT_EQ(hex_of(consistency_proof(1, 1, tree)), Words{});
  EXPECT_EQ(hex_of(consistency_proof(1, 8, tree)), (Words{kLeaf1, kNode23, kNode4567}));
  EXPECT_EQ(hex_of(consistency_proof(6, 8, tree)), (Words{kNode45, kNode67, kRoots[4]}));
  EXPECT_EQ(hex_of(consistency_proof(2, 5, tree)), (Words{kNode23, kLeaf4}));
}

// ---- the definitions, word by word

using Leaves = std::span<const Hash>;

std::size_t k_of(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n)
    k *= 2;
  return k;
}
Hash mth(Leaves d) {
  if (d.empty()) return sha256({});
  if (d.size() == 1) return d[0];
  const auto k = k_of(d.size());
  return node_hash(mth(d.first(k)), mth(d.subspan(k)));
}
Proof rfc_path(std::size_t m, Leaves d) {
  if (d.size() == 1) return {};
  const auto k = k_of(d.size());
  Proof proof = m < k ? rfc_path(m, d.first(k)) : rfc_path(m - k, d.subspan(k));
  proof.push_back(m < k ? mth(d.subspan(k)) : mth(d.first(k)));
  return proof;
}
Proof rfc_subproof(std::size_t m, Leaves d, bool b) {
  if (m == d.size()) return b ? Proof{} : Proof{mth(d)};
  const auto k = k_of(d.size());
  Proof proof = m <= k ? rfc_subproof(m, d.first(k), b) : rfc_subproof(m - k, d.subspan(k), false);
  proof.push_back(m <= k ? mth(d.subspan(k)) : mth(d.first(k)));
  return proof;
}

constexpr int kSizes = 70;

std::vector<Hash> many_leaves() {
  std::vector<Hash> leaves;
  for (int i = 0; i < kSizes; ++i)
    leaves.push_back(leaf_hash("entry " + std::to_string(i)));
  return leaves;
}

TEST(Merkle, EveryInclusionUpToSeventy) {
  const auto leaves = many_leaves();
  const auto tree = subtree_of(leaves);
  for (int n = 1; n <= kSizes; ++n) {
    const Leaves d(leaves.data(), static_cast<std::size_t>(n));
    const Hash top = mth(d);
    ASSERT_EQ(root(n, tree).value(), top) << n;
    for (int i = 0; i < n; ++i) {
      const Hash leaf = leaves[static_cast<std::size_t>(i)];
      auto proof = inclusion_proof(i, n, tree).value();
      ASSERT_EQ(proof, rfc_path(static_cast<std::size_t>(i), d)) << i << " of " << n;
      ASSERT_TRUE(verify_inclusion(i, n, leaf, proof, top));
      EXPECT_FALSE(verify_inclusion(i, n, node_hash(leaf, leaf), proof, top));
      EXPECT_FALSE(verify_inclusion(i, n, leaf, proof, leaf) && n > 1);
      for (int other = 0; other < n; ++other) {
        if (other != i) {
          EXPECT_FALSE(verify_inclusion(other, n, leaf, proof, top)) << i << " as " << other << " of " << n;
        }
      }
      for (auto& part : proof) {
        part[7] ^= 1;
        EXPECT_FALSE(verify_inclusion(i, n, leaf, proof, top));
        part[7] ^= 1;
      }
      proof.push_back(leaf);
      EXPECT_FALSE(verify_inclusion(i, n, leaf, proof, top));
      proof.pop_back();
      if (!proof.empty()) {
        proof.pop_back();
        EXPECT_FALSE(verify_inclusion(i, n, leaf, proof, top));
      }
    }
  }
}

TEST(Merkle, EveryConsistencyUpToSeventy) {
  const auto leaves = many_leaves();
  const auto tree = subtree_of(leaves);
  std::vector<Hash> roots;
  for (int n = 0; n <= kSizes; ++n)
    roots.push_back(mth(Leaves(leaves.data(), static_cast<std::size_t>(n))));
  for (int n = 0; n <= kSizes; ++n) {
    const Hash top = roots[static_cast<std::size_t>(n)];
    for (int m = 0; m <= n; ++m) {
      const Hash old = roots[static_cast<std::size_t>(m)];
      auto proof = consistency_proof(m, n, tree).value();
      if (m > 0) {
        ASSERT_EQ(proof,
                  rfc_subproof(static_cast<std::size_t>(m), Leaves(leaves.data(), static_cast<std::size_t>(n)), true))
            << m << " to " << n;
      }
      ASSERT_TRUE(verify_consistency(m, n, old, top, proof)) << m << " to " << n;
      Hash wrong = old;
      wrong[0] ^= 128;
      EXPECT_FALSE(verify_consistency(m, n, wrong, top, proof));
      wrong = top;
      wrong[31] ^= 1;
      if (m > 0) {
        EXPECT_FALSE(verify_consistency(m, n, old, wrong, proof));
      }
      for (auto& part : proof) {
        part[3] ^= 4;
        EXPECT_FALSE(verify_consistency(m, n, old, top, proof));
        part[3] ^= 4;
      }
      proof.push_back(top);
      EXPECT_FALSE(verify_consistency(m, n, old, top, proof));
    }
  }
}

TEST(Merkle, AFrontierGoesOnWhereItWasKept) {
  const auto leaves = many_leaves();
  const auto tree = subtree_of(leaves);
  for (int n = 0; n < kSizes; ++n) {
    auto frontier = Frontier::of(n, tree).value();
    for (int i = n; i < kSizes; ++i) {
      frontier.append(leaves[static_cast<std::size_t>(i)]);
      for (int level = 0; level < 8; ++level) {
        const bool ends = (i + 1) % (1 << level) == 0;
        ASSERT_EQ(frontier.completed(level), ends ? tree(level, i >> level) : std::nullopt);
      }
      ASSERT_EQ(frontier.root(), root(i + 1, tree).value()) << n << " then " << i;
    }
  }
}

TEST(Merkle, RefusesWhatIsNotInTheTree) {
  const auto leaves = known_leaves();
  const auto tree = subtree_of(leaves);
  EXPECT_FALSE(inclusion_proof(8, 8, tree).has_value());
  EXPECT_FALSE(inclusion_proof(-1, 8, tree).has_value());
  EXPECT_FALSE(inclusion_proof(0, 9, tree).has_value());
  EXPECT_FALSE(consistency_proof(9, 8, tree).has_value());
  EXPECT_FALSE(consistency_proof(-1, 8, tree).has_value());
  EXPECT_FALSE(root(9, tree).has_value());
  EXPECT_FALSE(tree(62, 0).has_value());
  EXPECT_FALSE(tree(0, 8).has_value());
  EXPECT_FALSE(Frontier::of(9, tree).has_value());
  const Hash top = root(8, tree).value();
  EXPECT_FALSE(verify_inclusion(8, 8, leaves[7], {}, top));
  EXPECT_FALSE(verify_inclusion(-1, 8, leaves[7], {}, top));
  EXPECT_FALSE(verify_consistency(9, 8, top, top, {}));
}

TEST(Merkle, Writing) {
  const Hash hash = sha256("abc");
  EXPECT_EQ(to_hex(hash), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(from_hex(to_hex(hash)), hash);
  EXPECT_FALSE(from_hex("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD").has_value());
  EXPECT_FALSE(from_hex("ba").has_value());
  EXPECT_EQ(from_bytes(to_bytes(hash)), hash);
  EXPECT_FALSE(from_bytes("short").has_value());
  for (const std::string text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    EXPECT_EQ(from_base64(to_base64(text)), text);
  EXPECT_EQ(to_base64("fooba"), "Zm9vYmE=");
  for (const char* bad : {"Zm9vYmF=", "Zm9v YmE", "Zm9v\nYmE=", "Zm9", "====", "Zg=A", "Z-_v", " Zm9"})
    EXPECT_FALSE(from_base64(bad).has_value()) << bad;
}

}  // namespace
}  // namespace torugart::journal::merkle
