#include "kiosk/inspection/event_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/kiosk/inspection/samples.h"

namespace torugart::inspection {
namespace {

using nlohmann::json;
using samples::event;

Event full_event(Payload payload) {
  Event e = event("c1", std::move(payload), "ivanova");
  e.seq = 42;
  e.lane = "kordai-2";
  e.second = "petrov";
  e.device = "front";
  return e;
}

TEST(EventJson, EveryTypeOfPayloadIsSampledOnceInOrder) {
  const auto payloads = samples::all_payloads();
  ASSERT_EQ(payloads.size(), std::variant_size_v<Payload>);
  for (std::size_t i = 0; i < payloads.size(); ++i)
    EXPECT_EQ(payloads[i].index(), i);
}

TEST(EventJson, RoundTripOfEveryPayload) {
  for (const Payload& payload : samples::all_payloads()) {
    const std::string text = canonical_text(full_event(payload));
    const auto again = event_from_text(text);
    ASSERT_TRUE(again.has_value()) << text << "\n" << again.error().where << ": " << again.error().what;
    EXPECT_EQ(again->payload.index(), payload.index());
    EXPECT_EQ(canonical_text(*again), text);
    EXPECT_EQ(json::parse(text).dump(), text) << "keys sorted, no white space";
  }
}

// Every field of a sample differs from its default; so a field that is missing in the tables shows here: taking one
// away from the JSON must change what is read.
TEST(EventJson, EveryFieldIsReadAndWritten) {
  for (const Payload& payload : samples::all_payloads()) {
    const json good = to_json(full_event(payload));
    for (const auto& [name, value] : good["payload"].items()) {
      json less = good;
      less["payload"].erase(name);
      const auto read = event_from_json(less);
      ASSERT_TRUE(read.has_value()) << "an absent field has a meaning: " << name;
      EXPECT_NE(to_json(*read), good) << type_of(payload) << "." << name << " makes no difference";
    }
  }
}

TEST(EventJson, TheBytesOfTodayStayAsTheyAre) {
  EXPECT_EQ(canonical_text(full_event(Weighed{38'250.5, true, false})),
            R"({"actor":"ivanova","boot":"b1","clock":"synchronised","crossing":"c1","device":"front",)"
            R"("lane":"kordai-2","mono_us":5000000,"payload":{"gross_kg":38250.5,"stable":true,"typed":false},)"
            R"("role":"inspector","schema":1,"second":"petrov","seq":42,"type":"weighed",)"
            R"("wall_us":1700000005000000})");
  EXPECT_EQ(
      to_json(full_event(IdentityConfirmed{{samples::plate()}}))["payload"].dump(),
      R"({"numbers":[{"corrected":false,"country":"KZ","kind":"plate","place":"front","read":"","size_type":"",)"
      R"("text":"123ABC02"}]})");
  EXPECT_EQ(to_json(full_event(Decided{}))["payload"].dump(),
            R"({"image_sha256":"","note":"","scan":"","verdict":"clear"})")
      << "what is not there is left out";
}

TEST(EventJson, TypesAreWordsOfTheField) {
  std::string all;
  for (const Payload& payload : samples::all_payloads())
    all += std::string(type_of(payload)) + " ";
  EXPECT_EQ(all,
            "arrived number_read identity_confirmed number_edited document_presented risk_assessed lane_rerouted "
            "hold_lifted weighed radiation_measured radiation_resolved area_cleared area_clearance_voided "
            "scan_requested scan_completed region_marked region_unmarked seal_checked decided review_requested "
            "reviewed examined released detained departed cancelled handed_over device_changed signed_in signed_out "
            "record_viewed clock_jumped uploaded acknowledged journal_key_changed ");
}

TEST(EventJson, ANumberThatIsNoneIsNull) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    const std::string text = canonical_text(full_event(Weighed{bad, true, false}));
    EXPECT_NE(text.find("\"gross_kg\":null"), std::string::npos);
    const auto again = event_from_text(text);
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(std::isnan(std::get<Weighed>(again->payload).gross_kg));
    EXPECT_EQ(canonical_text(*again), text);
  }
}

TEST(EventJson, BytesThatAreNoUtf8DoNotLoseTheRecord) {
  const std::string text = canonical_text(full_event(Cancelled{"bad \xff byte"}));
  const auto again = event_from_text(text);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(canonical_text(*again), text);
}

struct Bad {
  const char* pointer;
  json value;  // discarded: take it away
  const char* where;
  const char* what;
};

TEST(EventJson, SaysWhatIsWrongAndWhere) {
  const json good = to_json(full_event(samples::all_payloads()[5]));  // risk_assessed
  const json gone = json(json::value_t::discarded);
  const Bad all[] = {
      {"/type", "teleported", "/type", "unknown event type 'teleported'"},
      {"/type", 7, "/type", "a text is expected"},
      {"/type", gone, "/type", "it is missing"},
      {"/payload", gone, "/payload", "it is missing"},
      {"/payload", json::array(), "/payload", "an object is expected"},
      {"/seq", gone, "/seq", "it is missing"},
      {"/seq", 1.5, "/seq", "a whole number is expected"},
      {"/seq", 18446744073709551615ULL, "/seq", "the number is out of range"},
      {"/schema", 3'000'000'000, "/schema", "the number is out of range"},
      {"/lane", std::string(4097, 'x'), "/lane", "the text is longer than 4096 bytes"},
      {"/payload/colour", "purple", "/payload/colour", "unknown word 'purple'"},
      {"/payload/colour", nullptr, "/payload/colour", "a word is expected"},
      {"/payload/scan_required", 1, "/payload/scan_required", "true or false is expected"},
      {"/payload/holds", "none", "/payload/holds", "a list is expected"},
      {"/payload/holds/0/agency", 5, "/payload/holds/0/agency", "a text is expected"},
      {"/payload/profiles", json(std::vector<json>(10'001, json::object())), "/payload/profiles",
       "the list is too long"},
  };
  for (const Bad& bad : all) {
    json document = good;
    const json::json_pointer pointer(bad.pointer);
    if (bad.value.is_discarded()) {
      document.erase(std::string(bad.pointer + 1));
    } else {
      document[pointer] = bad.value;
    }
    const auto read = event_from_json(document);
    ASSERT_FALSE(read.has_value()) << bad.pointer;
    EXPECT_EQ(read.error().where, bad.where);
    EXPECT_EQ(read.error().what, bad.what);
    EXPECT_NE(read.error().remedy, "");
  }
}

TEST(EventJson, ToleratesFieldsOfALaterVersion) {
  json later = to_json(full_event(Arrived{}));
  later["weather"] = "snow";
  later["payload"]["speed_kmh"] = 5;
  later["schema"] = 2;
  ASSERT_TRUE(event_from_json(later).has_value());
}

TEST(EventJson, IsBounded) {
  EXPECT_FALSE(event_from_text("").has_value());
  EXPECT_FALSE(event_from_text("[]").has_value());
  EXPECT_FALSE(event_from_text("{\"seq\":").has_value());
  EXPECT_EQ(event_from_text(std::string(100'000, '[')).error().what, "the event nests deeper than 64 levels");
  EXPECT_EQ(event_from_text(std::string((1 << 20) + 1, ' ')).error().what, "the event is longer than 1 MiB");
  std::string brackets_in_text = canonical_text(full_event(Cancelled{std::string(100, '[') + "\\\""}));
  EXPECT_TRUE(event_from_text(brackets_in_text).has_value());
}

template <typename E>
void words_round_trip(int count) {
  for (int i = 0; i < count; ++i)
    EXPECT_EQ(from_word<E>(to_string(static_cast<E>(i))), static_cast<E>(i));
  EXPECT_FALSE(from_word<E>("").has_value());
  EXPECT_FALSE(from_word<E>("Green").has_value());
}

TEST(Words, BothWays) {
  words_round_trip<Direction>(3);
  words_round_trip<LaneColour>(5);
  words_round_trip<NumberKind>(2);
  words_round_trip<Place>(4);
  words_round_trip<ReadVerdict>(2);
  words_round_trip<RiskSource>(3);
  words_round_trip<ClearedHow>(3);
  words_round_trip<DriverPlace>(2);
  words_round_trip<Verdict>(2);
  words_round_trip<ReviewOutcome>(3);
  words_round_trip<MarkKind>(7);
  words_round_trip<Certainty>(3);
  words_round_trip<SealState>(4);
  words_round_trip<ArrivedBy>(3);
  words_round_trip<Stage>(9);
  EXPECT_EQ(role_from("supervisor"), Role::supervisor);
  EXPECT_FALSE(role_from("boss").has_value());
}

}  // namespace
}  // namespace torugart::inspection
