#include "kiosk/exchange/bundle.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "kiosk/exchange/bundle_form.h"
#include "kiosk/exchange/zip.h"
#include "tests/kiosk/journal/scratch.h"

namespace torugart::exchange {
namespace {

using namespace journal::testing;
namespace merkle = journal::merkle;
using inspection::samples::event;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A journal with two crossings that took turns, pictures, a change of keys in between.
struct Made {
  Scratch scratch;
  std::map<std::string, std::string> pictures;  // by hash
  std::string first_key, last_key;
  std::unique_ptr<journal::Reader> reader;

  inspection::FileRef picture(const std::string& content, const std::string& type) {
    const auto hash = merkle::to_hex(merkle::sha256(content));
    pictures[hash] = content;
    return {"xray_high", hash, static_cast<std::int64_t>(content.size()), type};
  }

  Made() {
    auto journal = open_or_fail(scratch.path());
    first_key = journal->public_key();
    const auto add = [&](const std::string& crossing, inspection::Payload payload) {
      const auto one = event(crossing, std::move(payload));
      EXPECT_TRUE(journal->append({&one, 1}).has_value());
    };
    add("c1", inspection::Arrived{});
    add("c2", inspection::Arrived{});
    auto scan = inspection::samples::scan();
    scan.files = {picture("high energy", "application/dicom"), picture("low energy", "image/jpeg")};
    add("c1", scan);
    EXPECT_TRUE(journal->rotate_key().has_value());
    add("c1", inspection::Cancelled{"<script>alert('it is text')</script> & so on"});
    add("c1", inspection::Decided{});
    add("c2", inspection::Decided{});
    for (int i = 0; i < 300; ++i)
      add("c3", inspection::ReviewRequested{"more"});
    last_key = journal->public_key();
    EXPECT_TRUE(journal->checkpoint().has_value());
    journal.reset();
    reader = journal::Reader::open(scratch.path()).value();
  }

  journal::SigningKey key() const {
    bool made = false;
    return journal::signing_key_from_file(journal::key_path(scratch.path()), made).value();
  }
  BundleWish wish(const std::string& crossing = "c1") const {
    BundleWish out;
    out.crossing = crossing;
    out.wall_us = 1'700'000'100'000'000;
    out.file = [this](const inspection::FileRef& file) -> std::optional<std::string> {
      const auto found = pictures.find(file.sha256);
      return found == pictures.end() ? std::nullopt : std::optional(found->second);
    };
    return out;
  }
  std::string bundle(const BundleWish& wish) const {
    const auto path = scratch.path("out.zip");
    const auto made = write_bundle(*reader, key(), wish, path);
    EXPECT_TRUE(made.has_value()) << made.error().text();
    return read(path);
  }
};

BundleCheck with(const std::string& key) {
  return {key, {}};
}

TEST(Bundle, ProvesACrossingToSomebodyWithAKey) {
  const Made made;
  const auto bytes = made.bundle(made.wish());
  for (const auto& key : {made.first_key, made.last_key}) {
    const auto report = verify_bundle(bytes, with(key));
    EXPECT_TRUE(report.ok) << report.where << ": " << report.what;
    EXPECT_EQ(report.lane, "kordai-2");
    EXPECT_EQ(report.crossing, "c1");
    EXPECT_EQ(report.events, 4);
    EXPECT_EQ(report.files, 2);
    EXPECT_EQ(report.absent, 0);
    EXPECT_EQ(report.signer, made.last_key);
    EXPECT_EQ(report.made, "2023-11-14T22:15:00Z");
  }
  const auto stranger = journal::SigningKey::generate().value().public_key("torugart.journal/kordai-2").vkey();
  EXPECT_FALSE(verify_bundle(bytes, with(stranger)).ok);
  EXPECT_FALSE(verify_bundle(bytes, with("")).ok);
}

TEST(Bundle, SaysWhatHasLeftTheArchive) {
  const Made made;
  auto wish = made.wish();
  wish.file = [](const inspection::FileRef&) { return std::nullopt; };
  const auto report = verify_bundle(made.bundle(wish), with(made.first_key));
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.files, 0);
  EXPECT_EQ(report.absent, 2);
}

TEST(Bundle, CarriesTheWitness) {
  const Made made;
  const auto witness = journal::SigningKey::generate().value();
  auto note = journal::parse_note(made.reader->newest_checkpoint().value()->note).value();
  note.signatures.push_back(witness.cosign(note.text, "centre.example", 1'700'000'050).value());
  auto wish = made.wish();
  wish.witnessed = journal::to_text(note);
  BundleCheck check = with(made.first_key);
  check.witnesses = {witness.public_key("", journal::PublicKey::kCosignature)};
  const auto report = verify_bundle(made.bundle(wish), check);
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.witnessed_unix_s, 1'700'000'050);
}

TEST(Bundle, ThePageIsTextWhateverWasTyped) {
  const Made made;
  const auto bytes = made.bundle(made.wish());
  const auto zip = read_zip(bytes);
  std::string page;
  for (const auto& entry : zip.entries)
    if (entry.name == "page.html") page = entry.bytes;
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("Inspection c1"), std::string::npos);
}

TEST(Bundle, IsRefusedWhereItWouldProveNothing) {
  const Made made;
  const auto path = made.scratch.path("out.zip");
  EXPECT_EQ(write_bundle(*made.reader, made.key(), made.wish("none"), path).error().code,
            journal::Error::Code::refused);
  const auto other = journal::SigningKey::generate().value();
  EXPECT_EQ(write_bundle(*made.reader, other, made.wish(), path).error().code, journal::Error::Code::refused);
  EXPECT_FALSE(std::filesystem::exists(path));
  auto journal = open_or_fail(made.scratch.path());
  const auto late = event("c1", inspection::Departed{});
  ASSERT_TRUE(journal->append({&late, 1}).has_value());
  EXPECT_EQ(write_bundle(*made.reader, made.key(), made.wish(), path).error().code, journal::Error::Code::refused)
      << "its last event is under no checkpoint";
}

// Every byte of a bundle, one bit each.
TEST(Bundle, NoChangedByteGoesUnnoticed) {
  const Made made;
  const auto good = made.bundle(made.wish());
  const auto check = with(made.last_key);
  for (std::size_t at = 0; at < good.size(); at += at < 4000 || at + 3000 > good.size() ? 1 : 7) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    const auto report = verify_bundle(bad, check);
    ASSERT_FALSE(report.ok) << "byte " << at;
    ASSERT_TRUE(report.first_wrong_byte.has_value()) << "byte " << at << " " << report.what;
    EXPECT_LE(*report.first_wrong_byte, bad.size()) << report.where << ": " << report.what;
  }
  for (const std::size_t length : {std::size_t{0}, std::size_t{10}, good.size() / 2, good.size() - 1})
    EXPECT_FALSE(verify_bundle(good.substr(0, length), check).ok);
  EXPECT_FALSE(verify_bundle(good + "x", check).ok);
}

// Somebody without the key who makes the archive anew around a change.
TEST(Bundle, AnArchiveMadeAnewIsNotWhatWasSigned) {
  const Made made;
  const auto good = made.bundle(made.wish());
  const auto content = read_zip(good);
  ASSERT_FALSE(content.wrong_at.has_value());
  for (std::size_t changed = 0; changed < content.entries.size(); ++changed)
    for (const bool leave_out : {false, true}) {
      std::ostringstream out;
      ZipWriter zip(out);
      for (std::size_t i = 0; i < content.entries.size(); ++i) {
        std::string bytes(content.entries[i].bytes);
        if (i == changed && leave_out) continue;
        if (i == changed) bytes.insert(bytes.size() / 2, "x");
        ASSERT_TRUE(zip.add(content.entries[i].name, bytes));
      }
      ASSERT_TRUE(zip.finish());
      EXPECT_FALSE(verify_bundle(out.str(), with(made.last_key)).ok) << content.entries[changed].name;
    }
}

TEST(Zip, OtherProgramsUnpackIt) {
  const Made made;
  made.bundle(made.wish());
  const std::string command =
      "python3 -c \"import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); sys.exit(z.testzip() is "
      "not None or 'page.html' not in z.namelist())\" " +
      made.scratch.path("out.zip");
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(Zip, RefusesNamesThatLeadOutOfIt) {
  std::ostringstream out;
  ZipWriter zip(out);
  for (const char* name : {"", "/etc/passwd", "a/../b", "a b", "a\\b"})
    EXPECT_FALSE(zip.add(name, "x")) << name;
  EXPECT_TRUE(zip.add("a/b-c_d.txt", ""));
  EXPECT_TRUE(zip.finish());
  EXPECT_FALSE(read_zip(out.str()).wrong_at.has_value());
}

TEST(Forms, AreReadAsTheyAreWritten) {
  bundle::Proof proof;
  proof.index = 73'894;
  proof.previous = merkle::sha256("a");
  proof.hashes = {merkle::sha256("b"), merkle::sha256("c")};
  proof.checkpoint = "a\n1\nb\n";
  const auto text = to_text(proof);
  const auto read_back = bundle::parse_proof(text);
  ASSERT_TRUE(read_back.has_value());
  EXPECT_EQ(to_text(*read_back), text);
  EXPECT_FALSE(bundle::parse_proof("c2sp.org/tlog-proof@v2" + text.substr(22)).has_value());
  EXPECT_FALSE(bundle::parse_proof(text.substr(0, 60)).has_value());
  bundle::Manifest manifest{"kordai-2", "c 1", "2023-11-14T22:15:00Z", 7, {{"a", std::string(64, '0'), 3}}, {"x"}};
  EXPECT_TRUE(bundle::parse_manifest(to_text(manifest)).has_value());
  EXPECT_FALSE(bundle::parse_manifest(to_text(manifest) + "something\n").has_value());
  EXPECT_FALSE(bundle::parse_manifest("").has_value());
}

}  // namespace
}  // namespace torugart::exchange
