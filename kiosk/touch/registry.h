// The list of everything that stands on the screen in one frame: id, rectangle, role, state, words. Tests tap by
// coordinates found here; audit() finds targets that are too small, words that do not fit, things too close; the same
// list is what a screen reader would read aloud.
//
// Filled by Ui while a frame is drawn; complete after Ui::end_frame() and valid until the next. Thread-bound (UI
// thread).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/touch/geometry.h"

namespace torugart::touch {

enum class Role {
  text,
  value,
  button,
  hold_button,
  tab,
  toggle,
  choice,
  row,
  key,
  text_field,
  slider,
  range,
  image,
  scroll,
  sheet,
  badge,
  banner,
  progress,
  chip,
  step
};
std::string_view to_string(Role role);

struct WidgetRecord {
  std::string id;  ///< stable, dotted: "lane.next", "queue.row.3"; empty only for text without a name of its own
  Rect rect;       ///< whole rectangle, pixels
  Rect visible;    ///< the part that is not scrolled away; empty if nothing is seen
  Role role = Role::text;
  bool touchable = false;  ///< reacts to a finger (buttons, rows, fields …)
  bool drags = false;      ///< follows the finger: never scrolls what it lies in
  bool enabled = true;
  bool covered = false;  ///< a sheet or the keyboard lies over it: cannot be reached now
  bool clipped_text = false;
  bool small_target = false;
  int layer = 0;      ///< 0 screen, higher lies above
  std::string label;  ///< words on it
  std::string value;  ///< state: "on", "3", field's text (never a PIN); the reason when disabled
};

enum class FindingKind { small_target, clipped_text, overlap, crowded, duplicate_id, off_screen };
std::string_view to_string(FindingKind kind);

struct Finding {
  FindingKind kind;
  std::string id;      ///< or the text, where there is no id
  std::string detail;  ///< figures, in words
};

class Registry {
 public:
  /// First record with this id, or nullptr. The pointer is valid until the next frame begins.
  const WidgetRecord* find(std::string_view id) const;
  const std::vector<WidgetRecord>& all() const { return records_; }
  bool has(std::string_view id) const { return find(id) != nullptr; }

  /// Topmost touchable record at a point, or nullptr.
  const WidgetRecord* hit(Point p) const;

  // filled by Ui
  void clear() { records_.clear(), covers_.clear(); }
  WidgetRecord& add(WidgetRecord record);
  WidgetRecord& at(std::size_t index) { return records_[index]; }
  /// Everything of layers under `layer` inside `area` cannot be touched.
  void cover(const Rect& area, int layer) { covers_.push_back({area, layer}); }
  /// Sets `covered` of every record: the frame is complete.
  void finish();

 private:
  struct Cover {
    Rect area;
    int layer;
  };
  bool covered_at(Point p, int layer) const;

  std::vector<WidgetRecord> records_;
  std::vector<Cover> covers_;
};

/// Everything wrong with a frame: targets under `min_target_px`, neighbours closer than `min_gap_px`, overlapping
/// targets in one layer, words that do not fit, two things with one id, targets that reach over the screen's edge.
std::vector<Finding> audit(const Registry& registry, Rect screen, float min_target_px, float min_gap_px);

}  // namespace torugart::touch
