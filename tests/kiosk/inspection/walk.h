// A crossing that walks: commands and device events go in, the fold is kept, and the events are remembered.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "kiosk/inspection/command.h"
#include "tests/kiosk/inspection/samples.h"

namespace torugart::inspection {

inline const Actor kAnna{"anna", "A. Ivanova", Role::inspector};
inline const Actor kBoris{"boris", "B. Petrov", Role::inspector};
inline const Actor kSvetlana{"svetlana", "S. Kim", Role::supervisor};
inline const Actor kTimur{"timur", "T. Bek", Role::supervisor};
inline const Actor kAdmin{"admin", "Administrator", Role::administrator};

struct Walk {
  std::string id = "c1";
  Crossing crossing;
  std::vector<Event> events;
  LaneFacts facts{true, "", true, false, std::nullopt, false};

  void happens(Payload payload, const Actor& actor = {std::string(kLaneAccount), "", Role::inspector},
               const std::string& second = {}) {
    Event e = samples::event(id, std::move(payload), actor.account);
    e.seq = static_cast<std::int64_t>(events.size()) + 1;
    e.mono_us = e.seq * 1'000'000;
    e.wall_us = 1'700'000'000'000'000 + e.seq * 1'000'000;
    e.second = second;
    apply(crossing, e);
    events.push_back(std::move(e));
  }

  Permission ask(const Command& command, const Actor& actor) const {
    return may(command, crossing.id.empty() ? nullptr : &crossing, actor, facts);
  }
  Permission ask(const Command& command, const Actor& actor, const Actor& second) const {
    LaneFacts with = facts;
    with.second = second;
    return may(command, crossing.id.empty() ? nullptr : &crossing, actor, with);
  }

  // False when the rules say no, or nothing follows.
  bool does(const Command& command, const Actor& actor, std::optional<Actor> second = {}) {
    LaneFacts with = facts;
    with.second = second;
    const Crossing* c = crossing.id.empty() ? nullptr : &crossing;
    const auto payloads = apply_command(command, c, actor, with);
    for (const Payload& payload : payloads)
      happens(payload, actor, second ? second->account : "");
    return !payloads.empty();
  }

  // Up to the risk.
  void arrive(LaneColour colour) {
    happens(Arrived{Direction::entry});
    EXPECT_TRUE(does(ConfirmIdentity{{samples::plate()}}, kAnna));
    happens(samples::risk(colour));
  }
  void scan() {
    EXPECT_TRUE(does(ClearArea{}, kAnna));
    EXPECT_TRUE(does(AskScan{}, kAnna));
    happens(samples::scan(crossing.scan_requested));
  }
};

}  // namespace torugart::inspection
