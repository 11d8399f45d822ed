// Mutated evidence: whatever the bytes, the readers of notes, proofs, lists and bundles answer; what they accept they write
// the same again; and no bundle but the one that was signed is good.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "kiosk/exchange/bundle.h"
#include "kiosk/exchange/bundle_form.h"
#include "kiosk/exchange/zip.h"
#include "kiosk/journal/note.h"
#include "tests/fuzz/mutate.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::exchange {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view kBytes = "\n \xe2\x80\x94+/=0123456789aZ\x00\xff"sv;

void expect_same_again(const std::string& text) {
  if (const auto note = journal::parse_note(text)) {
    EXPECT_EQ(journal::to_text(*note), text);
    if (const auto manifest = bundle::parse_manifest(note->text)) {
      EXPECT_EQ(bundle::to_text(*manifest), note->text);
    }
    (void)journal::parse_checkpoint(note->text);
  }
  if (const auto proof = bundle::parse_proof(text)) {
    EXPECT_EQ(bundle::to_text(*proof), text);
  }
  if (const auto key = journal::parse_vkey(text)) {
    EXPECT_EQ(key->vkey(), text);
  }
  (void)journal::parse_signature_lines(text);
  (void)bundle::files_named_in(text);
}

TEST(FuzzEvidence, MutatedBundlesAreNeverGood) {
  using namespace journal::testing;
  const Scratch scratch;
  std::string key;
  {
    auto journal = open_or_fail(scratch.path());
    key = journal->public_key();
    ASSERT_TRUE(journal->append(one_of_each()).has_value());
    ASSERT_TRUE(journal->rotate_key().has_value());
    const auto last = inspection::samples::event("c1", inspection::Decided{});
    ASSERT_TRUE(journal->append({&last, 1}).has_value());
  }
  const auto reader = journal::Reader::open(scratch.path()).value();
  bool made = false;
  const auto signing = journal::signing_key_from_file(journal::key_path(scratch.path()), made).value();
  BundleWish wish;
  wish.crossing = "c1";
  ASSERT_TRUE(write_bundle(*reader, signing, wish, scratch.path("c1.zip")).has_value());
  std::ifstream in(scratch.path("c1.zip"), std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), {}};
  const BundleCheck check{key, {}};
  ASSERT_TRUE(verify_bundle(good, check).ok) << verify_bundle(good, check).what;

  std::mt19937 random(11);
  const auto zip = read_zip(good);
  ASSERT_FALSE(zip.wrong_at.has_value());
  for (int i = 0; i < 400; ++i) {
    const auto bad = fuzz::mutated(good, random, kBytes);
    EXPECT_TRUE(bad == good || !verify_bundle(bad, check).ok);
    const auto& part = zip.entries[random() % zip.entries.size()];
    expect_same_again(fuzz::mutated(std::string(part.bytes), random, kBytes));
    expect_same_again(fuzz::mutated(key, random, kBytes));
  }
}

}  // namespace
}  // namespace torugart::exchange
