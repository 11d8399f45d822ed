#include "ocr/track/track.h"

#include <gtest/gtest.h>

#include "ocr/track/vote.h"

namespace torugart::ocr {
namespace {

Read plate(const std::string& text, double confidence = 0.95, double weakest = -1) {
  Read read;
  read.text = read.raw_text = text;
  read.country = "KZ";
  read.confidence = confidence;
  read.char_confidences.assign(to_code_points(text).size(), confidence);
  if (weakest >= 0) read.char_confidences[2] = weakest;
  read.firm = true;
  read.sureness = read.min_confidence();
  read.box = {100, 500, 160, 40};
  return read;
}

Read container(const std::string& text, bool owner = true, double confidence = 0.95) {
  Read read = plate(text, confidence);
  read.country.clear();
  read.check_digit = true;
  read.owner_known = owner;
  read.box = {300, 100, 300, 40};
  return read;
}

FrameReads frame(std::vector<Read> plates, std::vector<Read> containers = {}) {
  FrameReads reads;
  reads.plates = std::move(plates);
  reads.containers = std::move(containers);
  return reads;
}

TEST(Track, NothingSeenIsNothing) {
  Track track;
  EXPECT_TRUE(track.result().plates.empty());
  track.add(frame({}));
  EXPECT_TRUE(track.result().plates.empty());
  EXPECT_TRUE(track.result().containers.empty());
  EXPECT_EQ(track.frames(), 1);
}

TEST(Track, TwoFramesAskThreeAccept) {
  Track track;
  track.add(frame({plate("123ABC02")}));
  track.add(frame({plate("123ABC02")}));
  ASSERT_EQ(track.result().plates.size(), 1U);
  EXPECT_EQ(track.result().plates[0].verdict, Verdict::ask);
  EXPECT_NE(track.result().plates[0].why, "");
  track.add(frame({plate("123ABC02")}));
  const VotedRead voted = track.result().plates[0];
  EXPECT_EQ(voted.verdict, Verdict::accept);
  EXPECT_EQ(voted.text, "123ABC02");
  EXPECT_EQ(voted.country, "KZ");
  EXPECT_EQ(voted.frames_agreeing, 3);
  EXPECT_EQ(voted.why, "");
}

TEST(Track, OneWrongFrameIsOutvotedButRivalsAsk) {
  Track track;
  for (int i = 0; i < 4; ++i)
    track.add(frame({plate("123ABC02")}));
  track.add(frame({plate("128ABC02", 0.7)}));
  auto voted = track.result().plates[0];
  EXPECT_EQ(voted.verdict, Verdict::accept) << voted.why;
  EXPECT_EQ(voted.text, "123ABC02");
  ASSERT_EQ(voted.alternatives.size(), 1U);
  EXPECT_EQ(voted.alternatives[0].text, "128ABC02");
  for (int i = 0; i < 3; ++i)
    track.add(frame({plate("128ABC02")}));
  voted = track.result().plates[0];
  EXPECT_EQ(voted.verdict, Verdict::ask);
}

TEST(Track, DisagreeingFramesAreVotedPerCharacterAndAsked) {
  Track track;
  track.add(frame({plate("128ABC02", 0.9, 0.4)}));
  track.add(frame({plate("123A8C02", 0.8)}));
  track.add(frame({plate("123ABC0Z", 0.8)}));
  const VotedRead voted = track.result().plates[0];
  EXPECT_EQ(voted.text, "123ABC02");
  EXPECT_EQ(voted.frames_agreeing, 0);
  EXPECT_EQ(voted.verdict, Verdict::ask) << "no frame showed it so";
}

TEST(Track, TheWeakestCharacterCounts) {
  Track track;
  for (int i = 0; i < 5; ++i)
    track.add(frame({plate("123ABC02", 0.98, 0.5)}));
  EXPECT_EQ(track.result().plates[0].verdict, Verdict::ask);
  EXPECT_NEAR(track.result().plates[0].confidence, 0.5, 0.01);
}

TEST(Track, OneVerySureStillIsEnough) {
  Track track;
  Read read = plate("123ABC02", 0.99);
  read.verdict = Verdict::accept;
  track.add(frame({read}));
  EXPECT_EQ(track.result().plates[0].verdict, Verdict::accept);
  TrackRules strict;
  strict.still_sureness = 2;
  Track other(strict);
  other.add(frame({read}));
  EXPECT_EQ(other.result().plates[0].verdict, Verdict::ask);
}

TEST(Track, WhatIsNotFirmIsNeverAccepted) {
  Track track;
  Read read = plate("ABC123");
  read.firm = false;
  for (int i = 0; i < 5; ++i)
    track.add(frame({read}));
  EXPECT_EQ(track.result().plates[0].verdict, Verdict::ask);
}

// 0 or O: one frame in which the reader happened to tell them apart is not enough against three in which it could not.
TEST(Track, OneFirmFrameAmongManyIsLuck) {
  Track track;
  Read read = plate("610JB14");
  track.add(frame({read}));
  read.firm = false;
  for (int i = 0; i < 3; ++i)
    track.add(frame({read}));
  EXPECT_EQ(track.result().plates[0].verdict, Verdict::ask);
  read.firm = true;
  for (int i = 0; i < 2; ++i)
    track.add(frame({read}));
  EXPECT_EQ(track.result().plates[0].verdict, Verdict::accept);
}

TEST(Track, RepairedReadsAreNotAccepted) {
  Track track;
  Read read = plate("123ABC02");
  read.repair_cost = 1.2;
  for (int i = 0; i < 5; ++i)
    track.add(frame({read}));
  EXPECT_EQ(track.result().plates[0].verdict, Verdict::ask);
}

TEST(Track, ContainersNeedAllFourJudges) {
  const auto verdict = [](const std::string& text, bool owner) {
    Track track;
    for (int i = 0; i < 4; ++i)
      track.add(frame({}, {container(text, owner)}));
    return track.result().containers.at(0).verdict;
  };
  EXPECT_EQ(verdict("MSKU4135329", true), Verdict::accept);
  EXPECT_EQ(verdict("MSKU4135329", false), Verdict::ask);
  EXPECT_EQ(verdict("MSKU4135328", true), Verdict::ask) << "check digit";
  EXPECT_EQ(verdict("MSKA4135323", true), Verdict::ask) << "category";
  EXPECT_EQ(verdict("MSKU413532", true), Verdict::ask) << "no check digit seen";
}

TEST(Track, ACheckDigitSpeaksForADoubtfulCharacter) {
  const auto verdict = [](double confidence) {
    Track track;
    for (int i = 0; i < 3; ++i)
      track.add(frame({}, {container("MSKU4135329", true, confidence)}));
    return track.result().containers.at(0).verdict;
  };
  EXPECT_EQ(verdict(0.6), Verdict::accept);
  EXPECT_EQ(verdict(0.4), Verdict::ask);
}

TEST(Track, TwoContainersOnOneVehicleStayTwo) {
  Track track;
  for (int i = 0; i < 3; ++i) {
    Read second = container("TRLU6689574");
    second.box.x = 800;
    track.add(frame({}, {container("MSKU4135329"), second}));
  }
  const auto result = track.result();
  ASSERT_EQ(result.containers.size(), 2U);
  EXPECT_EQ(result.containers[0].verdict, Verdict::accept);
  EXPECT_EQ(result.containers[1].verdict, Verdict::accept);
}

TEST(Track, OtherReadingsOfThePlaceAreNoVotes) {
  Track track;
  for (int i = 0; i < 3; ++i)
    track.add(frame({plate("123ABC02", 0.95), plate("123ABG02", 0.9)}));
  const auto voted = track.result().plates.at(0);
  EXPECT_EQ(voted.verdict, Verdict::accept);
  EXPECT_EQ(voted.frames_seen, 3);
}

TEST(Track, ANewVehicleStartsAfresh) {
  Track track;
  for (int i = 0; i < 3; ++i)
    track.add(frame({plate("123ABC02")}));
  track.new_vehicle();
  EXPECT_EQ(track.frames(), 0);
  EXPECT_TRUE(track.result().plates.empty());
  track.add(frame({plate("777KKK05")}));
  ASSERT_EQ(track.result().plates.size(), 1U);
  EXPECT_EQ(track.result().plates[0].text, "777KKK05");
  EXPECT_EQ(track.result().plates[0].frames_agreeing, 1);
}

TEST(Track, MemoryIsBounded) {
  TrackRules rules;
  rules.most_groups = 3;
  rules.most_reads = 5;
  Track track(rules);
  for (int i = 0; i < 3000; ++i) {
    const std::string n = std::to_string(100 + i % 900);
    track.add(frame({plate(n + "ABC" + (i % 2 ? "02" : "17")), plate("KK" + n + "ZZ")}));
  }
  for (int i = 0; i < 10; ++i)
    track.add(frame({plate("555TTT05", 0.99)}));
  const auto result = track.result();
  EXPECT_LE(result.plates.size(), 5U);
  EXPECT_LE(result.plates[0].frames_agreeing, 5);
}

TEST(Track, BadReadsDoNoHarm) {
  Track track;
  Read empty;
  Read short_confidences = plate("123ABC02");
  short_confidences.char_confidences = {0.9};
  for (int i = 0; i < 4; ++i)
    track.add(frame({empty, short_confidences}));
  EXPECT_EQ(track.result().plates.at(0).verdict, Verdict::ask) << "characters without a confidence are not sure";
}

TEST(Vote, AlignsInsertionsAndDeletions) {
  using detail::Ballot;
  const auto all = [](double c, std::size_t n) { return std::vector<double>(n, c); };
  const auto outcome = detail::vote({Ballot{U"123ABC02", all(0.9, 8)}, Ballot{U"I123ABC02", all(0.5, 9)},
                                     Ballot{U"123ABC2", all(0.6, 7)}, Ballot{U"123ABC02", all(0.8, 8)}});
  EXPECT_EQ(outcome.text, U"123ABC02");
  EXPECT_EQ(outcome.confidences.size(), 8U);
}

TEST(Vote, EditDistanceStopsAtItsBound) {
  EXPECT_EQ(detail::edit_distance(U"ABC", U"ABC", 3), 0U);
  EXPECT_EQ(detail::edit_distance(U"ABC", U"AXC", 3), 1U);
  EXPECT_EQ(detail::edit_distance(U"ABC", U"AC", 3), 1U);
  EXPECT_EQ(detail::edit_distance(U"ABCDEFG", U"TUVWXYZ", 2), 3U);
  EXPECT_EQ(detail::edit_distance(U"", U"ABCDEFG", 2), 3U);
}

}  // namespace
}  // namespace torugart::ocr
