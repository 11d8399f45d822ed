// What every screen works with: the snapshot of this frame, the kit, the way to act. One Desk per Screens.
//
// act() asks may() first. When the rule wants a second person, the command waits in `second` and the sheet opens;
// otherwise it is posted, and the crossing counts as waiting() until its outcome is there. Refusals become a toast.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/lane/lane_engine.h"
#include "kiosk/screens/next_step_presenter.h"
#include "kiosk/screens/pictures.h"
#include "kiosk/screens/screens.h"
#include "kiosk/touch/ui.h"

namespace torugart::screens {

// A command that waits for its second person.
struct PendingSecond {
  std::string crossing = {}, title = {};
  inspection::Command command = {};
  std::vector<std::string> against = {};
  std::string account = {}, pin = {}, problem = {};
  std::uint64_t ticket = 0;  // not 0: being checked
};

class Desk {
 public:
  Desk(lane::Lane& lane_in, std::vector<lane::AccountName> accounts_in, Textures& textures_in, Options options_in)
      : lane(lane_in),
        accounts(std::move(accounts_in)),
        textures(textures_in),
        options(std::move(options_in)),
        pictures(textures_in),
        ui(options.dark ? touch::dark_theme() : touch::light_theme()) {}

  // Takes the newest snapshot and answers of earlier acts. Once per frame, inside of it.
  void refresh();

  // `crossing` null only for OpenCrossing. False when it may not be done now (the reason was shown).
  bool act(const inspection::Crossing* crossing, inspection::Command command);
  bool waiting(const std::string& crossing) const { return tickets_.count(crossing) > 0; }
  // The second person has typed the PIN.
  void confirm_second();

  const inspection::Actor* actor() const { return view->session.actor ? &*view->session.actor : nullptr; }
  inspection::Permission may(const inspection::Command& command, const inspection::Crossing* crossing) const;
  // Open crossings and those in the queue; null when there is none of that id.
  const inspection::Crossing* crossing(const std::string& id) const;
  const lane::ImageView* image(const std::string& crossing) const;  // the latest of its own, null when not there

  lane::Lane& lane;
  const std::vector<lane::AccountName> accounts;
  Textures& textures;
  const Options options;
  Pictures pictures;
  touch::Ui ui;
  std::shared_ptr<const lane::LaneView> view;
  ScreenName screen = ScreenName::lane;
  std::optional<PendingSecond> second = {};
  AreaStatement statement = {};
  std::string images_asked = {};  // crossing whose pictures were asked for last

 private:
  void settle(const lane::Outcome& outcome);
  std::map<std::string, std::uint64_t> tickets_;  // crossing -> its act without an answer
};

std::string title_of(const inspection::Command& command);  // "Release truck", for the second person's sheet

}  // namespace torugart::screens
