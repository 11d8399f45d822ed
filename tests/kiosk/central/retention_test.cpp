// Nothing leaves before the centre's signed receipt and its time.
#include "kiosk/central/retention.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "kiosk/archive/archive.h"
#include "kiosk/central/wire.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"
#include "tests/kiosk/central/rude_server.h"
#include "tests/support/dev_centre.h"

namespace torugart::central {
namespace {

using testing::TestSigner;

constexpr std::int64_t kDay = 86'400'000'000, kStart = 1'777'600'000'000'000;

class RetentionTest : public ::testing::Test {
 protected:
  RetentionTest() {
    journal::Options options;
    options.lane = "kordai-2";
    writer = std::move(*journal::Journal::open(folder / "journal.db", options));
    reader = std::move(*journal::Reader::open(folder / "journal.db"));
    memory = std::move(*journal::Outbox::open(folder / "state.db"));
    archive::Options roomy;
    roomy.reserve_bytes = 0;
    files = std::move(*archive::Archive::open(folder / "archive", roomy));
  }
  Retention retention() {
    return {
        {reader.get(), memory.get(), files.get()}, *signing_keys_from_pem(centre.public_pem(), "test"), {10, 100}};
  }
  void append(const std::string& crossing, inspection::Payload payload) {
    inspection::Event event;
    event.crossing = crossing;
    event.actor = inspection::kLaneAccount;
    event.device = "lane";
    event.clock = "synchronised";
    event.payload = std::move(payload);
    ASSERT_TRUE(writer->append({&event, 1}).has_value());
  }
  // A picture of a crossing, and its receipt, `day` days after the start.
  std::string crossing(const std::string& id, int day, const TestSigner& signer, bool detained = false) {
    const auto file = files->put("picture of " + id, "image/png")->sha256;
    append(id, inspection::Arrived{});
    if (detained) append(id, inspection::Detained{});
    receipt(id, day, signer, {file}, {file});
    return file;
  }
  void receipt(const std::string& id, int day, const TestSigner& signer, const std::vector<std::string>& signed_files,
               const std::vector<std::string>& files_said) {
    inspection::Acknowledged said;
    said.receipt = "R-" + id;
    said.crossing = id;
    said.files = files_said;
    said.signature =
        signer.sign(fmt::format(R"({{"receipt":"R-{}","crossing":"{}","files_hash":"{}","issued_at":"{}"}})", id, id,
                                files_hash(signed_files), rfc3339(kStart + day * kDay)),
                    "torugart-receipt+jws");
    append(id, said);
  }
  TestSigner centre{1}, stranger{2};
  testing::Folder folder;
  std::unique_ptr<journal::Journal> writer;
  std::unique_ptr<journal::Reader> reader;
  std::unique_ptr<journal::Outbox> memory;
  std::unique_ptr<archive::Archive> files;
};

TEST_F(RetentionTest, APictureStaysUntilItsReceiptAndItsTime) {
  const auto no_receipt = files->put("no receipt", "image/png")->sha256;
  const auto a = crossing("a", 0, centre), b = crossing("b", 5, centre);
  auto first = retention();
  EXPECT_EQ(first.sweep().value().files, 0);
  EXPECT_TRUE(files->has(a));
  const auto c = crossing("c", 10, centre);
  EXPECT_EQ(first.sweep().value().files, 1);
  EXPECT_FALSE(files->has(a));
  EXPECT_EQ(files->get(a).error().code, archive::Error::Code::freed);
  EXPECT_TRUE(files->has(b));
  EXPECT_EQ(first.sweep().value().files, 0) << "nothing new";
  const auto d = crossing("d", 15, centre);
  auto after_restart = retention();
  EXPECT_EQ(after_restart.sweep().value().files, 1);
  EXPECT_FALSE(files->has(b));
  EXPECT_TRUE(files->has(c) && files->has(d) && files->has(no_receipt));
}

TEST_F(RetentionTest, OnlyTheCentresSignatureOverTheseFilesCounts) {
  const auto forged = crossing("a", 0, stranger);
  const auto other = files->put("another", "image/png")->sha256;
  receipt("b", 0, centre, {std::string(64, 'a')}, {other});
  crossing("now", 400, stranger);
  auto pass = retention();
  EXPECT_EQ(pass.sweep().value().files, 0);
  EXPECT_EQ(pass.sweep().value().files, 0);
  crossing("truly now", 400, centre);
  EXPECT_EQ(pass.sweep().value().files, 0);
  EXPECT_TRUE(files->has(forged) && files->has(other));
}

TEST_F(RetentionTest, DetainedTrucksAreKeptLonger) {
  const auto cleared = crossing("a", 0, centre), held = crossing("b", 0, centre, true);
  crossing("c", 99, centre);
  auto pass = retention();
  EXPECT_EQ(pass.sweep().value().files, 1);
  EXPECT_FALSE(files->has(cleared));
  EXPECT_TRUE(files->has(held));
  crossing("d", 100, centre);
  auto after_restart = retention();
  EXPECT_EQ(after_restart.sweep().value().files, 1);
  EXPECT_FALSE(files->has(held));
}

}  // namespace
}  // namespace torugart::central
