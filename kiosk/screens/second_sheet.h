// The one modal: a second person agrees, with the own PIN, to what is listed.
//
// ids: second (sheet), second.cancel, second.account.<account>, second.pin.<digit>, second.against.<n>
#pragma once

#include <string>
#include <vector>

#include "kiosk/screens/desk.h"

namespace torugart::screens {

struct SecondView {
  std::vector<std::string> against = {};  // what is overridden, in words
  struct Person {
    std::string account = {}, name = {}, role = {};
    bool enabled = false;
    bool selected = false;
  };
  std::vector<Person> people = {};  // those who could agree first
  std::string message = {};
  bool message_bad = false, pin_enabled = false;
};
// Pure.
SecondView second_view(const lane::LaneView& view, const std::vector<lane::AccountName>& accounts,
                       const PendingSecond& pending);

void draw_second(Desk& desk);

}  // namespace torugart::screens
