// Sign-in: name, PIN, language.
//
// ids: signin.account.<account>, signin.pin.<digit>, signin.lang.<code>
#pragma once

#include "kiosk/screens/desk.h"

namespace torugart::screens {

class SignInScreen {
 public:
  void draw(Desk& desk);

 private:
  std::string account_, pin_;
};

}  // namespace torugart::screens
