// Signed notes and checkpoints against the texts of c2sp.org: the example of signed-note and a note of the Go checksum
// database, whose key is public.
#include "kiosk/journal/note.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/kiosk/journal/scratch.h"

namespace torugart::journal {
namespace {

using testing::Scratch;

// The key and note of the example in golang.org/x/mod/sumdb/note.
constexpr const char* kPeter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string kPetersNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(Note, VerifiesANoteOfOtherPeople) {
  const auto note = parse_note(kPetersNote);
  const auto key = parse_vkey(kPeter);
  ASSERT_TRUE(note.has_value());
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->name, "PeterNeumann");
  EXPECT_EQ(key->id(), 0xc74f20a3U);
  EXPECT_EQ(key->vkey(), kPeter);
  EXPECT_TRUE(signed_by(*note, *key));
  EXPECT_EQ(to_text(*note), kPetersNote);
}

TEST(Note, NoChangedBitGoesUnnoticed) {
  const auto key = parse_vkey(kPeter).value();
  for (std::size_t at = 0; at < kPetersNote.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = kPetersNote;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      const auto note = parse_note(bad);
      EXPECT_FALSE(note && signed_by(*note, key)) << at << "." << bit;
    }
}

TEST(Note, SignsAndCosigns) {
  const auto key = SigningKey::generate().value();
  const auto again = SigningKey::from_pem(key.pem().value(), "").value();
  const auto witness = SigningKey::generate().value();
  const auto name = origin_of("kordai 2+é");
  EXPECT_EQ(name, "torugart.journal/kordai%202%2B%C3%A9");
  Note note{"first line\n\nthird line\n", {}};
  note.signatures.push_back(again.sign(note.text, name).value());
  EXPECT_TRUE(signed_by(note, key.public_key(name)));
  EXPECT_FALSE(signed_by(note, key.public_key("another")));
  EXPECT_FALSE(signed_by(note, witness.public_key(name)));
  const auto watcher = witness.public_key("centre.example/w", PublicKey::kCosignature);
  EXPECT_FALSE(cosigned_by(note, watcher).has_value());
  note.signatures.push_back(witness.cosign(note.text, "centre.example/w", 1'679'315'147).value());
  EXPECT_EQ(cosigned_by(note, watcher), 1'679'315'147);
  const auto read = parse_note(to_text(note));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text, note.text);
  EXPECT_TRUE(signed_by(*read, key.public_key(name)));
  EXPECT_EQ(cosigned_by(*read, watcher), 1'679'315'147);
  // a cosignature is no signature, and the other way round
  EXPECT_FALSE(signed_by(*read, watcher));
  EXPECT_FALSE(cosigned_by(*read, key.public_key(name)).has_value());
  auto later = *read;
  later.signatures[1].bytes[7] = static_cast<char>(later.signatures[1].bytes[7] ^ 1);  // another second
  EXPECT_FALSE(cosigned_by(later, watcher).has_value());
}

// Of the line in c2sp.org/tlog-cosignature, whose key is not given there: only its form.
TEST(Note, ReadsACosignatureLine) {
  const auto lines = parse_signature_lines(
      "\xe2\x80\x94 witness.example.com/w1 "
      "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n");
  ASSERT_TRUE(lines.has_value());
  EXPECT_EQ(lines->at(0).key_id, 0x8d66cf3fU);
  EXPECT_EQ(lines->at(0).bytes.size(), 72U);
}

TEST(Note, RefusesWhatIsNone) {
  const std::string line = kPetersNote.substr(kPetersNote.rfind("\n\n") + 2);
  EXPECT_FALSE(parse_note("").has_value());
  EXPECT_FALSE(parse_note("text\n").has_value());
  EXPECT_FALSE(parse_note("text\n\n").has_value());
  EXPECT_FALSE(parse_note("text\n" + line).has_value());
  EXPECT_FALSE(parse_note("text\n\n" + line.substr(0, line.size() - 1)).has_value());
  EXPECT_FALSE(parse_note("te\txt\n\n" + line).has_value());
  EXPECT_FALSE(parse_note("te\xff\n\n" + line).has_value());
  EXPECT_FALSE(parse_note("te\xc3\n\n" + line).has_value());
  EXPECT_FALSE(parse_note("text\n\n- PeterNeumann AAAAAAA=\n").has_value());
  EXPECT_FALSE(parse_note("text\n\n\xe2\x80\x94 A AAAA\n").has_value());
  EXPECT_TRUE(parse_note("text\n\n" + line + line).has_value());
  EXPECT_FALSE(parse_vkey("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").has_value());
  EXPECT_FALSE(parse_vkey("PeterNeumann+c74f20a3").has_value());
  EXPECT_FALSE(parse_vkey("").has_value());
}

TEST(Note, CheckpointText) {
  const std::string text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const auto read = parse_checkpoint(text);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->size, 20'852'163);
  EXPECT_FALSE(read->previous.has_value());
  EXPECT_EQ(checkpoint_text(*read), text);
  auto ours = *read;
  ours.previous = 17;
  EXPECT_EQ(checkpoint_text(ours), text + "previous 17\n");
  EXPECT_EQ(parse_checkpoint(text + "something else\nprevious 17\n")->previous, 17);
  for (const char* bad : {"", "a\n", "a\n1\n", "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                          "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "a\n1\nCsUYapGG\n",
                          "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
                          "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
                          "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nprevious 01\n",
                          "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nprevious 1\nprevious 1\n"})
    EXPECT_FALSE(parse_checkpoint(bad).has_value()) << bad;
}

TEST(KeyFile, IsMadeForItsOwnerAlone) {
  const Scratch scratch;
  const auto path = key_path(scratch.path());
  EXPECT_EQ(path, scratch.folder() + "/journal.key");
  bool made = false;
  const auto key = signing_key_from_file(path, made).value();
  EXPECT_TRUE(made);
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(signing_key_from_file(path, made).value().public_key("x"), key.public_key("x"));
  EXPECT_FALSE(made);
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto open_to_others = signing_key_from_file(path, made);
  ASSERT_FALSE(open_to_others.has_value());
  EXPECT_NE(open_to_others.error().remedy.find("chmod 600"), std::string::npos);
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  std::ofstream(path, std::ios::trunc) << "no key";
  EXPECT_FALSE(signing_key_from_file(path, made).has_value());
}

}  // namespace
}  // namespace torugart::journal
