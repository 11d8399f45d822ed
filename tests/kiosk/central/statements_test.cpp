// Signatures, watch lists and messages: what is believed and what is not.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/central/backoff.h"
#include "kiosk/central/jws.h"
#include "kiosk/central/watch_list.h"
#include "kiosk/central/wire.h"
#include "tests/kiosk/central/rude_server.h"

namespace torugart::central {
namespace {

using inspection::LaneColour;
using ::testing::HasSubstr;
using testing::TestSigner;

std::vector<SigningKey> keys_of(const TestSigner& signer) {
  return *signing_keys_from_pem(signer.public_pem(), "test");
}

TEST(Jws, BelievesAGoodSignature) {
  const TestSigner centre(1);
  EXPECT_EQ(verified_payload(centre.sign("{}", "torugart-receipt+jws"), kReceiptType, keys_of(centre)).value(), "{}");
}

TEST(Jws, RefusesEveryOtherOne) {
  const TestSigner centre(1), stranger(2);
  const auto keys = keys_of(centre);
  const std::string type = "torugart-receipt+jws";
  const auto good = centre.sign(R"({"a":1})", type);
  for (std::size_t i = 0; i < good.size(); ++i) {  // no single changed character is believed to be what it was
    auto changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto payload = verified_payload(changed, kReceiptType, keys);
    // the last character of a base64 group may carry bits that mean nothing; libsodium refuses those too
    EXPECT_FALSE(payload.has_value()) << i;
  }
  EXPECT_FALSE(verified_payload(stranger.sign("{}", type), kReceiptType, keys));
  EXPECT_FALSE(verified_payload(centre.sign("{}", "torugart-watch-list+jws"), kReceiptType, keys));
  const auto header = [&](const std::string& alg, const std::string& more) {
    return fmt::format(R"({{"alg":"{}","kid":"{}","typ":"{}"{}}})", alg, centre.key_id(), type, more);
  };
  EXPECT_FALSE(verified_payload(centre.sign_with_header("{}", header("none", "")), kReceiptType, keys));
  EXPECT_FALSE(verified_payload(centre.sign_with_header("{}", header("HS256", "")), kReceiptType, keys));
  EXPECT_FALSE(
      verified_payload(centre.sign_with_header("{}", header("EdDSA", R"(,"crit":["x"])")), kReceiptType, keys));
  EXPECT_FALSE(verified_payload("", kReceiptType, keys));
  EXPECT_FALSE(verified_payload("a.b", kReceiptType, keys));
  EXPECT_FALSE(verified_payload("..", kReceiptType, keys));
  EXPECT_EQ(verified_payload("a.b.c", kReceiptType, keys).error().failure, Failure::not_trusted);
}

TEST(Jws, KeysMustBeEd25519) {
  EXPECT_FALSE(signing_keys_from_pem("", "f"));
  EXPECT_FALSE(signing_keys_from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "f"));
  const auto two = signing_keys_from_pem(TestSigner(1).public_pem() + TestSigner(2).public_pem(), "f");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->size(), 2u);
}

std::string list_json(const std::string& entries) {
  return R"({"version":7,"issued_at":"2026-05-01T08:00:00Z","valid_until":"2026-05-02T08:00:00Z",)"
         R"("default":{"colour":"blue","scan_required":false},"entries":[)" +
         entries + "]}";
}
constexpr const char* kPrefixRed =
    R"({"kind":"plate","match":"prefix","value":"12-3 a","colour":"red","scan_required":true,)"
    R"("profiles":[{"id":"P1","text":"one"}],"holds":[]})";
constexpr const char* kExactYellow =
    R"({"kind":"container","match":"exact","value":"MSKU1234565","colour":"yellow","scan_required":false,)"
    R"("profiles":[{"id":"P1","text":"one"},{"id":"P2","text":"two"}],)"
    R"("holds":[{"id":"H1","agency":"Vet","text":"paper"}]})";

RiskQuery query(const std::string& plate, const std::string& container = "") {
  RiskQuery q;
  q.crossing = "c";
  inspection::Number n;
  n.text = plate;
  q.numbers.push_back(n);
  n.kind = inspection::NumberKind::container;
  n.text = container;
  q.numbers.push_back(n);
  return q;
}

TEST(WatchList, StrictestHitCountsAndHitsAddUp) {
  const TestSigner centre(1);
  const auto statement =
      centre.sign(list_json(std::string(kPrefixRed) + "," + kExactYellow), "torugart-watch-list+jws");
  const auto list = watch_list_from(statement, keys_of(centre));
  ASSERT_TRUE(list) << list.error().what;
  const auto day = *wall_us_from_rfc3339("2026-05-01T20:00:00Z");

  const auto none = assess_by(*list, query("999ZZZ01"), day);
  EXPECT_EQ(none->colour, LaneColour::blue);
  EXPECT_EQ(none->source, inspection::RiskSource::watch_list);
  EXPECT_EQ(none->as_of_wall_us, *wall_us_from_rfc3339("2026-05-01T08:00:00Z"));

  const auto both = assess_by(*list, query("123 abc 02", "MSKU 123456-5"), day);
  EXPECT_EQ(both->colour, LaneColour::red);
  EXPECT_TRUE(both->scan_required);
  EXPECT_EQ(both->profiles.size(), 2u);
  EXPECT_EQ(both->holds.size(), 1u);
  EXPECT_EQ(assess_by(*list, query("x", "MSKU1234565"), day)->colour, LaneColour::yellow);
  EXPECT_EQ(assess_by(*list, query("", "MSKU12345"), day)->colour, LaneColour::blue);
}

TEST(WatchList, PastItsDateItAnswersNothing) {
  const TestSigner centre(1);
  const auto list = watch_list_from(centre.sign(list_json(""), "torugart-watch-list+jws"), keys_of(centre));
  ASSERT_TRUE(list);
  const auto late = assess_by(*list, query("1"), *wall_us_from_rfc3339("2026-05-02T08:00:01Z"));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().failure, Failure::too_old);
}

TEST(WatchList, BrokenEntriesAreNotGuessed) {
  const TestSigner centre(1);
  for (
      const std::string broken :
      {R"({"kind":"ship","match":"exact","value":"1","colour":"red","scan_required":true,"profiles":[],"holds":[]})",
       R"({"kind":"plate","match":"exact","value":" ","colour":"red","scan_required":true,"profiles":[],"holds":[]})",
       R"({"kind":"plate","match":"exact","value":"1","colour":"pink","scan_required":true,"profiles":[],"holds":[]})",
       R"({"kind":"plate","match":"exact","value":"1","colour":"red","scan_required":1,"profiles":[],"holds":[]})",
       "7"})
    EXPECT_FALSE(watch_list_from(centre.sign(list_json(broken), "torugart-watch-list+jws"), keys_of(centre)))
        << broken;
  EXPECT_FALSE(watch_list_from(centre.sign("[]", "torugart-watch-list+jws"), keys_of(centre)));
}

std::string change_json(int base, int version, const std::string& put, const std::string& remove,
                        const std::string& hash) {
  return fmt::format(
      R"({{"base_version":{},"version":{},"issued_at":"2026-05-01T09:00:00Z","valid_until":"2026-05-02T09:00:00Z",)"
      R"("default":{{"colour":"green","scan_required":false}},"put":[{}],"remove":[{}],"entries_hash":"{}"}})",
      base, version, put, remove, hash);
}
constexpr const char* kDelta = "torugart-watch-list-delta+jws";

TEST(WatchListChange, TakesOutPutsInAndIsHeldAgainstTheSignedHash) {
  const TestSigner centre(1), stranger(2);
  const auto keys = keys_of(centre);
  const auto held = watch_list_from(centre.sign(list_json(kPrefixRed), "torugart-watch-list+jws"), keys);
  ASSERT_TRUE(held);
  // the value of what is taken out is compared as the list compares: in capitals, without spaces and hyphens
  const std::string remove = R"({"kind":"plate","match":"prefix","value":"123A"})";
  const auto hash = entries_hash(std::string("[") + kExactYellow + "]");
  const auto good = change_json(7, 8, kExactYellow, remove, hash);
  const auto after = watch_list_after(*held, centre.sign(good, kDelta), keys);
  ASSERT_TRUE(after) << after.error().what;
  EXPECT_EQ(after->version, 8);
  ASSERT_EQ(after->entries.size(), 1u);
  EXPECT_EQ(after->entries[0].value, "MSKU1234565");
  EXPECT_EQ(after->default_colour, LaneColour::green);

  // the same change again is one to another list
  EXPECT_EQ(watch_list_after(*after, centre.sign(good, kDelta), keys).error().failure, Failure::too_old);
  EXPECT_EQ(watch_list_after(*held, centre.sign(change_json(7, 6, "", "", hash), kDelta), keys).error().failure,
            Failure::too_old);
  EXPECT_EQ(watch_list_after(*held, stranger.sign(good, kDelta), keys).error().failure, Failure::not_trusted);
  EXPECT_EQ(watch_list_after(*held, centre.sign(good, "torugart-watch-list+jws"), keys).error().failure,
            Failure::not_trusted);
  EXPECT_EQ(
      watch_list_after(*held, centre.sign(change_json(7, 8, kExactYellow, "", hash), kDelta), keys).error().failure,
      Failure::bad_answer);
  for (const char* broken : {"[]", "{}", R"({"version":8})"})
    EXPECT_FALSE(watch_list_after(*held, centre.sign(broken, kDelta), keys)) << broken;
  EXPECT_FALSE(watch_list_after(*held, centre.sign(change_json(7, 8, "{}", "", hash), kDelta), keys));
}

TEST(Wire, RiskAnswersAreCheckedFieldByField) {
  const std::string good =
      R"({"assessment":"RA-1","crossing":"c","colour":"red","scan_required":true,"profiles":[],"holds":[],)"
      R"("assessed_at":"2026-05-01T08:00:00.5Z"})";
  const auto risk = risk_from(good, "c");
  ASSERT_TRUE(risk) << risk.error().what;
  EXPECT_EQ(risk->colour, LaneColour::red);
  EXPECT_EQ(risk->as_of_wall_us, *wall_us_from_rfc3339("2026-05-01T08:00:00.500000Z"));
  EXPECT_FALSE(risk_from(good, "another"));
  for (const std::string part : {"RA-1", "red", "true", "[],\"holds\"", "2026-05-01T08:00:00.5Z"}) {
    auto broken = good;
    broken.replace(broken.find(part), part.size(), "\"\"");
    EXPECT_FALSE(risk_from(broken, "c")) << broken;
  }
  EXPECT_FALSE(risk_from("", "c"));
  EXPECT_FALSE(risk_from(std::string(100'000, '['), "c"));
}

TEST(Wire, TimesGoThereAndBack) {
  EXPECT_EQ(rfc3339(1'777'624'200'250'000), "2026-05-01T08:30:00.250000Z");
  EXPECT_EQ(wall_us_from_rfc3339("2026-05-01T08:30:00.25Z"), 1'777'624'200'250'000);
  for (const char* bad : {"", "2026-05-01", "2026-05-01T08:30:00", "2026-05-01T08:30:00.Z",
                          "2026-05-01T08:30:00+01:00", "2026-13-01T08:30:00Z", "2026-05-01T08:30:0xZ"})
    EXPECT_FALSE(wall_us_from_rfc3339(bad)) << bad;
}

TEST(Wire, StrangersWordsArePrintable) {
  EXPECT_EQ(printable("a\x1b[31m\n\xff", 10), "a?[31m??");
  EXPECT_EQ(problem_words(R"({"title":"No","detail":"because"})"), "No: because");
  EXPECT_EQ(problem_words("<html>"), "");
}

TEST(Meaning, WhatTheUploadItselfWritesStartsNoBatch) {
  EXPECT_TRUE(rides_along(inspection::Uploaded{}));
  EXPECT_TRUE(rides_along(inspection::Acknowledged{}));
  EXPECT_TRUE(rides_along(inspection::DeviceChanged{}));
  EXPECT_TRUE(rides_along(inspection::JournalKeyChanged{}));
  EXPECT_FALSE(rides_along(inspection::Decided{}));
  EXPECT_FALSE(calls_for_receipt(inspection::Acknowledged{}));
  EXPECT_FALSE(calls_for_receipt(inspection::RecordViewed{}));
  EXPECT_TRUE(calls_for_receipt(inspection::Departed{}));
}

TEST(Backoff, DoublesIsBoundedAndHasChanceInIt) {
  Backoff low(1'000, 8'000, [] { return 0.0; }), high(1'000, 8'000, [] { return 1.0; });
  for (const std::int64_t d : {1'000, 2'000, 4'000, 8'000, 8'000}) {
    EXPECT_EQ(low.failed_ms(), d / 2);
    EXPECT_EQ(high.failed_ms(), d);
  }
  for (int i = 0; i < 100; ++i)
    high.failed_ms();
  EXPECT_EQ(high.failed_ms(), 8'000);
  high.succeeded();
  EXPECT_EQ(high.failed_ms(), 1'000);
}

}  // namespace
}  // namespace torugart::central
