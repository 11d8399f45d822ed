// The centre as a witness: what it cosigns, what it refuses, and what the lane says then.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "kiosk/central/http.h"
#include "kiosk/central/jws.h"
#include "kiosk/journal/note.h"
#include "kiosk/journal/verify.h"
#include "tests/kiosk/central/lane_bench.h"

namespace torugart::central::testing {
namespace {

using nlohmann::json;
namespace merkle = journal::merkle;

class WitnessTest : public ::testing::Test {
 protected:
  Folder folder;
  DevCentre centre{folder / "centre", {kLane}};
  std::unique_ptr<LaneBench> lane;

  void SetUp() override {
    ASSERT_TRUE(centre.start()) << centre.log();
    lane = std::make_unique<LaneBench>(centre);
  }
  void TearDown() override { lane.reset(); }

  HttpResponse call(const std::string& path, const std::string& body, const std::string& type) {
    Http http(lane->config);
    auto response = http.call({"POST", path, {"Content-Type: " + type}, body, 20'000}, {});
    EXPECT_TRUE(response) << (response ? "" : response.error().what);
    return response ? std::move(*response) : HttpResponse{};
  }
  HttpResponse show(const std::string& vkey) {
    return call("/v1/witness/keys", json{{"vkey", vkey}}.dump(), "application/json");
  }
  HttpResponse add(const std::string& body) { return call("/v1/witness/add-checkpoint", body, "text/plain"); }

  journal::PublicKey witness_key(const std::string& name) const {
    const auto keys = signing_keys_from_file(centre.tls("signing.pub.pem")).value();
    return {name, journal::PublicKey::kCosignature, keys.at(0).bytes};
  }
};

// A history that is in no journal: leaves that follow from `name`.
std::string checkpoint(const journal::SigningKey& key, const std::string& name, std::int64_t size) {
  std::vector<merkle::Hash> leaves;
  for (std::int64_t i = 0; i < size; ++i)
    leaves.push_back(merkle::leaf_hash(name + std::to_string(i)));
  const auto origin = journal::origin_of(kLane);
  journal::Note note{
      journal::checkpoint_text({origin, size, merkle::root(size, merkle::subtree_of(leaves)).value(), std::nullopt}),
      {}};
  note.signatures.push_back(key.sign(note.text, origin).value());
  return journal::to_text(note);
}
std::string proof(const std::string& name, std::int64_t old_size, std::int64_t size) {
  std::vector<merkle::Hash> leaves;
  for (std::int64_t i = 0; i < size; ++i)
    leaves.push_back(merkle::leaf_hash(name + std::to_string(i)));
  std::string out = "old " + std::to_string(old_size) + "\n";
  const auto hashes = merkle::consistency_proof(old_size, size, merkle::subtree_of(leaves)).value();
  for (const auto& hash : hashes)
    out += merkle::to_base64(merkle::to_bytes(hash)) + "\n";
  return out + "\n";
}

TEST_F(WitnessTest, CosignsWhatContinuesAndNothingElse) {
  const auto key = journal::SigningKey::generate().value(), other = journal::SigningKey::generate().value();
  const auto origin = journal::origin_of(kLane);
  EXPECT_EQ(add(proof("a", 0, 5) + checkpoint(key, "a", 5)).status, 404) << "no key of this lane is known";
  EXPECT_EQ(show("nonsense").status, 422);
  EXPECT_EQ(show(key.public_key("torugart.journal/kordai-3").vkey()).status, 422) << "another lane's";
  EXPECT_EQ(show(key.public_key(origin).vkey()).status, 201);
  EXPECT_EQ(show(key.public_key(origin).vkey()).status, 200);
  EXPECT_EQ(show(other.public_key(origin).vkey()).status, 403) << "no change of the key is recorded";

  EXPECT_EQ(add("").status, 400);
  EXPECT_EQ(add("old 01\n\n" + checkpoint(key, "a", 5)).status, 400);
  EXPECT_EQ(add("old 9\n\n" + checkpoint(key, "a", 5)).status, 400);
  EXPECT_EQ(add(proof("a", 0, 5) + checkpoint(other, "a", 5)).status, 403);
  const auto first = add(proof("a", 0, 5) + checkpoint(key, "a", 5));
  ASSERT_EQ(first.status, 200) << first.body;
  auto note = journal::parse_note(checkpoint(key, "a", 5) + first.body);
  ASSERT_TRUE(note.has_value());
  EXPECT_TRUE(cosigned_by(*note, witness_key(note->signatures.back().name)).has_value());

  centre.kill();  // what it has answered is on the disk
  ASSERT_TRUE(centre.start());
  const auto stale = add(proof("a", 3, 8) + checkpoint(key, "a", 8));
  EXPECT_EQ(stale.status, 409);
  EXPECT_EQ(stale.body, "5\n");
  EXPECT_EQ(*stale.header("content-type"), "text/x.tlog.size");
  EXPECT_EQ(add(proof("b", 5, 8) + checkpoint(key, "b", 8)).status, 422) << "forked";
  EXPECT_EQ(add(proof("b", 5, 5) + checkpoint(key, "b", 5)).status, 409) << "forked at the same size";
  EXPECT_EQ(add(proof("a", 3, 4) + checkpoint(key, "a", 4)).status, 409) << "shrunk";
  EXPECT_EQ(add("old 5\n\n" + checkpoint(key, "a", 8)).status, 422) << "no proof";
  EXPECT_EQ(add(proof("a", 5, 8) + checkpoint(key, "a", 8)).status, 200);
  EXPECT_EQ(add(proof("a", 8, 8) + checkpoint(key, "a", 8)).status, 200) << "the same again";
}

TEST_F(WitnessTest, TheLaneShowsEveryCheckpointAndKeepsTheCosignature) {
  lane->start_client();
  lane->whole_crossing("c1", 1, 1000);
  ASSERT_TRUE(lane->wait_for_receipt("c1"));
  ASSERT_TRUE(lane->wait([&] { return lane->status().witnessed_up_to >= 5; })) << lane->status().witnessed_up_to;
  journal::VerifyOptions options;
  options.witnessed = lane->outbox().get(kWitnessedKey).value().value();
  options.witnesses = {witness_key("")};
  const auto report = journal::verify(lane->journal_path(), options).value();
  EXPECT_TRUE(report.ok) << report.what;
  EXPECT_EQ(report.witnessed_to, lane->status().witnessed_up_to);
}

TEST_F(WitnessTest, AChangeOfTheKeyIsFollowed) {
  lane->start_client();
  lane->whole_crossing("c1", 0, 0);
  ASSERT_TRUE(lane->wait([&] { return lane->status().witnessed_up_to >= 5; }));
  lane->stop_client();
  lane->close_journal();
  journal::Options options;
  options.lane = kLane;
  {
    auto journal = journal::Journal::open(lane->journal_path(), options).value();
    ASSERT_TRUE(journal->rotate_key().has_value());
    ASSERT_TRUE(journal->rotate_key().has_value());
    inspection::Event more;
    more.crossing = "c2";
    more.actor = "lane";
    more.payload = inspection::Arrived{};
    ASSERT_TRUE(journal->append({&more, 1}).has_value());
  }
  const auto reader = journal::Reader::open(lane->journal_path()).value();
  auto client = make_client(lane->config, {reader.get(), &lane->outbox(), &lane->files()}).value();
  client->start({});
  EXPECT_TRUE(lane->wait([&] { return client->status().witnessed_up_to >= reader->last_seq().value(); }))
      << client->status().witnessed_up_to;
  client->stop();
}

TEST_F(WitnessTest, AnOlderCopyIsRefused) {
  lane->start_client();
  lane->whole_crossing("c1", 0, 0);
  ASSERT_TRUE(lane->wait([&] { return lane->status().witnessed_up_to >= 5; }));
  lane->stop_client();
  const std::string older = folder / "older.db";
  {  // the journal as it was before the truck: same lane, same key, fewer events
    std::filesystem::copy_file(journal::key_path(lane->journal_path()), journal::key_path(older));
    journal::Options options;
    options.lane = kLane;
    auto journal = journal::Journal::open(older, options).value();
    const auto records = lane->records();
    for (std::size_t i = 0; i < 2; ++i) {
      auto event = records[i].event;
      ASSERT_TRUE(journal->append({&event, 1}).has_value());
    }
  }
  const auto reader = journal::Reader::open(older).value();
  const auto outbox = journal::Outbox::open(folder / "older.state.db").value();
  auto client = make_client(lane->config, {reader.get(), outbox.get(), &lane->files()}).value();
  client->start({});
  EXPECT_TRUE(lane->wait([&] {
    const auto error = client->status().last_error;
    return error && error->failure == Failure::conflict && error->what.find("older copy") != std::string::npos;
  })) << (client->status().last_error ? client->status().last_error->what : "no error");
  client->stop();
}

}  // namespace
}  // namespace torugart::central::testing
