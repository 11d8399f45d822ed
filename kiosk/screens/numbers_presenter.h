// The numbers of the crossing in focus, one slot per place where a number is expected or was read: what would be
// confirmed, whether it must be looked at first, and what else it could be. Pure.
//
//   reading       | nobody touched it      | tapped, typed or said absent
//   sure          | shown, confirmed as is | what the inspector chose
//   check         | blocks "Confirm"       | what the inspector chose
//   nothing read  | left out               | what the inspector typed
#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

#include "kiosk/lane/lane_view.h"

namespace torugart::screens {

struct SlotKey {
  inspection::NumberKind kind = inspection::NumberKind::plate;
  inspection::Place place = inspection::Place::front;
  auto operator<=>(const SlotKey&) const = default;
};

struct SlotChoice {
  bool touched = false;  // the inspector decided about this slot
  bool absent = false;   // "there is none"
  bool typing = false;   // the keyboard is open for it
  bool typed = false;
  std::string text = {}, country = {};
};
using SlotChoices = std::map<SlotKey, SlotChoice>;

struct SlotCandidate {
  std::string text = {}, country = {}, size_type = {};
  bool selected = false;
};

struct NumberSlot {
  SlotKey key = {};
  std::string id = {};    // "front.plate", part of widget ids
  std::string name = {};  // "Front plate"
  std::string text = {}, country = {}, size_type = {};
  std::string read = {};  // what the reader had proposed
  bool confirmed = false;
  bool sure = false;
  bool must_check = false;  // not sure and not yet touched
  bool absent = false;
  bool corrected = false;
  std::vector<int> doubtful = {};              // characters to look at
  std::vector<SlotCandidate> candidates = {};  // at most three; offered while there is a choice to make
  lane::Picture crop = {};
};

std::vector<NumberSlot> number_slots(const lane::LaneView& view, const SlotChoices& choices);
std::vector<inspection::Number> numbers_to_confirm(const std::vector<NumberSlot>& slots);

// Why these numbers cannot be confirmed yet, in words; empty when they can.
std::string why_not_confirm(const std::vector<NumberSlot>& slots);

// As it is stored: upper case, without spaces and hyphens.
std::string normalised(const std::string& typed);

}  // namespace torugart::screens
