// The words of the enums, once, for both directions. Internal to kiosk/inspection.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "kiosk/inspection/crossing.h"
#include "kiosk/inspection/event.h"
#include "kiosk/inspection/people.h"

namespace torugart::inspection {

template <typename E>
struct Words;  // `list`: the words in the order of the enumerators

#define TORUGART_WORDS(E, N, ...)                                       \
  template <>                                                           \
  struct Words<E> {                                                     \
    static constexpr std::array<std::string_view, N> list{__VA_ARGS__}; \
  };

TORUGART_WORDS(Role, 3, "inspector", "supervisor", "administrator")
TORUGART_WORDS(Direction, 3, "entry", "exit", "unknown")
TORUGART_WORDS(LaneColour, 5, "green", "blue", "yellow", "red", "unknown")
TORUGART_WORDS(NumberKind, 2, "plate", "container")
TORUGART_WORDS(Place, 4, "front", "rear", "side", "unknown")
TORUGART_WORDS(ReadVerdict, 2, "accepted", "ask")
TORUGART_WORDS(RiskSource, 4, "central", "cached", "watch_list", "local_rule")
TORUGART_WORDS(ClearedHow, 3, "walked", "cameras", "both")
TORUGART_WORDS(DriverPlace, 2, "in_cab", "out")
TORUGART_WORDS(Verdict, 2, "clear", "suspect")
TORUGART_WORDS(ReviewOutcome, 3, "agree", "disagree", "physical_examination")
TORUGART_WORDS(MarkKind, 7, "narcotics", "weapons", "cigarettes", "undeclared_goods", "hidden_compartment", "person",
               "other")
TORUGART_WORDS(Certainty, 3, "low", "medium", "high")
TORUGART_WORDS(SealState, 4, "intact", "broken", "missing", "replaced")
TORUGART_WORDS(ArrivedBy, 3, "loop", "camera", "hand")
TORUGART_WORDS(Stage, 9, "identify", "assess", "scan", "review", "second_look", "examine", "release", "leaving",
               "closed")
#undef TORUGART_WORDS

template <typename E>
constexpr std::string_view word_of(E value) {
  const auto index = static_cast<std::size_t>(value);
  return index < Words<E>::list.size() ? Words<E>::list[index] : std::string_view("unknown");
}

}  // namespace torugart::inspection
