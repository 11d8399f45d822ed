// The picture's review: what may be decided, what is known of the load, what the aids have found. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imaging/core/geometry.h"
#include "kiosk/lane/lane_view.h"
#include "kiosk/touch/theme.h"

namespace torugart::screens {

struct Offer {
  bool enabled = false;
  std::string reason = {};  // in words, when not
};

struct DecisionBar {
  bool open = false;  // a decision is still to be made
  Offer clear = {}, suspect = {}, second_look = {};
  std::string decided = {};  // in words, once it is made; empty while a second look must stay blind
};
DecisionBar decision_bar(const lane::LaneView& view);

struct DrawerItem {
  std::string id = {}, words = {}, detail = {};
  touch::Tone tone = touch::Tone::neutral;
  std::optional<imaging::Rect> at = {};  // tapping moves the picture there
};
struct Drawer {
  std::vector<DrawerItem> load = {};  // declared: documents, weight
  std::vector<DrawerItem> aids = {};
  std::string aids_note = {};  // when there are none: why
  std::vector<DrawerItem> marks = {};
};
Drawer drawer_of(const lane::LaneView& view, const inspection::Crossing& crossing, const lane::ImageView* image,
                 bool show_marks);

// How far something stands out, in words: never a percentage.
std::string sureness(double score);

// "likely · ivanova · behind the wall".
std::string mark_detail(const inspection::Mark& mark);

// The own mark that undo would take back; null when there is none.
const inspection::Mark* last_own_mark(const inspection::Crossing& crossing, const inspection::Actor& actor);

// Marks and verdict of another person that this one must not see before the own verdict.
bool must_stay_blind(const inspection::Crossing& crossing, const inspection::Actor& actor);

// An id for a new mark, unique in the crossing.
std::string new_mark_id(const inspection::Crossing& crossing);

// What the picture of a crossing can be compared with: earlier scans first, then empty ones, then the library.
struct CompareWith {
  std::string key = {};                    // stable
  const lane::ImageView* image = nullptr;  // null: of the library, not read yet
  std::string library = {};                // its name there
  std::string words = {};                  // "Earlier scan, 21.11. 09:14"
  std::string detail = {};                 // "MSKU 123456 5"
};
std::vector<CompareWith> compare_sources(const lane::LaneView& view, const std::string& crossing);

}  // namespace torugart::screens
