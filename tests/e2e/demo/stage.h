// The stage on which the demo plays: a lane of its own in a folder, the development centre as a process, the kiosk in
// an offscreen window, a finger. Everything that the story needs to look at goes through here.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "kiosk/app/assembly.h"
#include "kiosk/app/kiosk_window.h"
#include "kiosk/lane/lane_view.h"
#include "tests/support/dev_centre.h"
#include "tests/support/ui_driver.h"

namespace torugart::demo {

struct Wish {
  std::string out = "demo-out";
  std::string replay;  // a folder of recorded crossings; empty: simulated trucks
  std::int64_t seed = 0;
  int width = 1920, height = 1080;
  std::string language = "en";
  bool display = false;  // a window for people, and trucks for ever
};

// The demo cannot go on; the text says what was expected and what was there.
struct Failed {
  std::string text;
};

class Stage {
 public:
  explicit Stage(Wish wish);
  ~Stage();

  void open();   // throws Failed
  void close();  // the lane is shut down in order; the journal can be verified afterwards

  std::shared_ptr<const lane::LaneView> view() const;
  app::Assembly& assembly() { return *assembly_; }
  app::KioskWindow& window() { return *window_; }
  tests::UiDriver& finger() { return *finger_; }
  central::testing::DevCentre& centre() { return *centre_; }
  const Wish& wish() const { return wish_; }

  // Draws when something is to be drawn until `condition` holds; throws Failed with `what` after `timeout_s`.
  void wait(const std::string& what, double timeout_s, const std::function<bool(const lane::LaneView&)>& condition);
  // As wait(), but says whether it came to hold.
  bool holds_within(double timeout_s, const std::function<bool(const lane::LaneView&)>& condition);
  void tap(const std::string& id);
  void hold(const std::string& id);
  void type(const std::string& text);
  bool shows(const std::string& id) const;
  // The words on a widget, without spaces and separators, capitals; empty when it is not there.
  std::string words(const std::string& id) const;

  // A picture of the screen as it is, and its audit.
  void picture(const std::string& name);

  // What the centre answers about vehicles whose numbers are in `plates`.
  struct Rule {
    std::vector<std::string> plates;
    std::string colour;
    bool scan_required = false;
    std::vector<std::pair<std::string, std::string>> profiles;
  };
  void write_rules(const std::vector<Rule>& rules, const std::string& default_colour);

  std::string folder(const std::string& name) const;

  // Seconds that open() spent on what is not the program: the centre, its keys, the accounts' hashes.
  double preparation_s() const { return preparation_s_; }

  // -- for the report
  const std::vector<std::string>& pictures() const { return pictures_; }
  int findings(touch::FindingKind kind) const;
  std::vector<std::string> findings() const { return {found_.begin(), found_.end()}; }

 private:
  void prepare_folder();
  void write_lane_file();
  std::string scenario_file() const;

  Wish wish_;
  std::unique_ptr<central::testing::DevCentre> centre_;
  std::unique_ptr<app::Assembly> assembly_;
  std::unique_ptr<app::KioskWindow> window_;
  std::unique_ptr<tests::UiDriver> finger_;
  double preparation_s_ = 0;
  std::vector<std::string> pictures_;
  std::set<std::string> found_;
  std::map<touch::FindingKind, int> counts_;
};

inline constexpr const char* kInspector = "ivanova";
inline constexpr const char* kInspectorPin = "2580";
inline constexpr const char* kSupervisor = "bekov";
inline constexpr const char* kSupervisorPin = "7319";
inline constexpr const char* kLane = "kordai-2";

}  // namespace torugart::demo
