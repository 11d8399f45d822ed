// Who may sign in, who was here last, what is unfinished. Pure.
#pragma once

#include <string>
#include <vector>

#include "kiosk/lane/lane_engine.h"
#include "kiosk/lane/lane_view.h"

namespace torugart::screens {

struct SignInView {
  struct Person {
    std::string account = {}, name = {}, role = {};
    bool selected = false;
  };
  std::vector<Person> people = {};
  std::string message = {};  // above the PIN: what to do, or what was wrong
  bool message_bad = false;
  bool pin_enabled = false;
  bool checking = false;
  std::string last = {};                     // "A. Ivanova was here last"
  std::vector<std::string> unfinished = {};  // one line each
};

SignInView sign_in(const lane::LaneView& view, const std::vector<lane::AccountName>& accounts,
                   const std::string& selected);

}  // namespace torugart::screens
