// The widgets of the kit. Each draws into the rectangle it is given and returns what the finger did; state lives with
// the caller. Words are already translated. Ids are stable dotted names ("lane.next"): tests tap by them.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kiosk/touch/ui.h"

namespace torugart::touch {

// ---- text
// -----------------------------------------------------------------------------------------------------------
/// Words. Give an id to what a test may ask for.
TextFit label(Ui& ui, std::string_view id, const Rect& r, std::string_view words, const TextStyle& style = {});
/// A small dim label above (or, in a low rectangle, beside) a figure. `tone` colours the figure.
void label_value(Ui& ui, std::string_view id, const Rect& r, std::string_view name, std::string_view value,
                 Tone tone = Tone::neutral, Face face = Face::title);
/// Heading of a part of the screen: small, dim, with an optional right-aligned remark.
void heading(Ui& ui, const Rect& r, std::string_view words, std::string_view remark = {});

// ---- surfaces
// -------------------------------------------------------------------------------------------------------
/// A raised area; returns the rectangle for its content. With a title, the title is drawn and cut off the content.
Rect card(Ui& ui, const Rect& r, std::string_view title = {}, Tone edge = Tone::neutral);
void bar(Ui& ui, const Rect& r);      ///< status bar or rail background
void divider(Ui& ui, const Rect& r);  ///< hairline through the middle of r

// ---- buttons
// --------------------------------------------------------------------------------------------------------
enum class Look { plain, quiet, strong, danger };
struct ButtonOptions {
  Icon icon = Icon::none;
  Look look = Look::plain;
  bool enabled = true;
  bool selected = false;
  std::string_view reason = {};  ///< shown small under the words while it cannot be pressed
  Face face = Face::strong;
};
/// True in the frame in which a tap ended on it.
bool button(Ui& ui, std::string_view id, const Rect& r, std::string_view words, const ButtonOptions& o = {});
/// Square tool: icon above its word.
bool tool_button(Ui& ui, std::string_view id, const Rect& r, Icon icon, std::string_view words, bool selected = false,
                 bool enabled = true);
/// For irreversible acts: pressed and held 0.6 s while a ring fills. True once, when the time is up.
bool hold_button(Ui& ui, std::string_view id, const Rect& r, std::string_view words, const ButtonOptions& o = {});

/// The one next step, bottom right of every screen.
struct NextStep {
  std::string_view words;        ///< what will happen: "Confirm numbers"
  std::string_view reason = {};  ///< not empty: it cannot be pressed, and this is why: "Interlock 3 open"
  bool hold = false;             ///< irreversible: held
  bool busy = false;             ///< asked for, answer not there yet: shown working, cannot be pressed
  Icon icon = Icon::forward;
};
bool next_step(Ui& ui, std::string_view id, const Rect& r, const NextStep& step);
/// Where the next step stands inside a screen's content: 460 × 104 design pixels, bottom right.
Rect next_step_rect(const Ui& ui, const Rect& content);

// ---- choices
// --------------------------------------------------------------------------------------------------------
struct RailItem {
  std::string_view id;
  Icon icon;
  std::string_view words;
  int count = 0;  ///< what waits there; 0 shows nothing
  Tone count_tone = Tone::accent;
};
/// Icon and word, one under the other; returns the index that was tapped.
std::optional<int> rail(Ui& ui, const Rect& r, std::span<const RailItem> items, int selected);
/// Tabs beside each other.
std::optional<int> tabs(Ui& ui, std::string_view id, const Rect& r, std::span<const std::string> words, int selected);
/// One of a few; ids are "<id>.<index>". Returns the index that was tapped.
std::optional<int> segmented(Ui& ui, std::string_view id, const Rect& r, std::span<const std::string> words,
                             int selected, bool enabled = true);
/// True when tapped; the caller changes the value.
bool toggle(Ui& ui, std::string_view id, const Rect& r, std::string_view words, bool on, bool enabled = true);

// ---- rows
// -----------------------------------------------------------------------------------------------------------
struct RowOptions {
  std::string_view detail = {};  ///< second line, dim
  std::string_view right = {};   ///< right-aligned figure or time
  std::string_view right_detail = {};
  Icon icon = Icon::none;
  Tone tone = Tone::neutral;  ///< not neutral: its shape stands left
  bool selected = false;
  bool enabled = true;
  bool touchable = true;
  bool chevron = false;
};
bool row(Ui& ui, std::string_view id, const Rect& r, std::string_view words, const RowOptions& o = {});

/// One step of a crossing: done (tick), current (ring, accent), waiting (hollow), blocked (with what it waits for),
/// not needed (dash).
enum class StepState { waiting, current, done, blocked, not_needed, attention };
struct Step {
  std::string_view words;
  StepState state = StepState::waiting;
  std::string_view detail = {};  ///< "waits for scan", result in words
  std::string_view time = {};    ///< time taken or of day, right-aligned, tabular
};
void step_row(Ui& ui, std::string_view id, const Rect& r, const Step& step);

// ---- meanings
// -------------------------------------------------------------------------------------------------------
/// Shape and word on the tone's colour. Returns the width it needs (draws nothing) if r.w is 0.
float badge(Ui& ui, std::string_view id, const Rect& r, Tone tone, std::string_view word);
/// Shape and word without a background: health of a device, clock state.
void status(Ui& ui, std::string_view id, const Rect& r, Tone tone, std::string_view word, Face face = Face::body);
/// Full-width message; returns the rectangle at its right side for buttons (`buttons_width` design pixels).
Rect banner(Ui& ui, std::string_view id, const Rect& r, Tone tone, std::string_view title,
            std::string_view detail = {}, float buttons_width = 0);
/// 0 … 1, or negative: working, length unknown (moves).
void progress(Ui& ui, std::string_view id, const Rect& r, float fraction, std::string_view words = {});
/// A contact of the safety chain: closed, open, or not known; names itself.
enum class Contact { closed, open, unknown };
void contact(Ui& ui, std::string_view id, const Rect& r, std::string_view name, Contact state);

// ---- values
// ---------------------------------------------------------------------------------------------------------
/// True while it is being changed. `value` 0 … 1.
bool slider(Ui& ui, std::string_view id, const Rect& r, float& value, std::string_view words = {},
            std::string_view shown = {}, bool enabled = true);
/// Tone window over a histogram (bars 0 … 1, any count): two handles and the part between them can be dragged.
/// `low` < `high`, both 0 … 1. True while it is being changed.
bool tone_window(Ui& ui, std::string_view id, const Rect& r, std::span<const float> histogram, float& low,
                 float& high);

/// Digits 0–9, erase and confirm. `digits` grows to at most `max_digits`; shown as dots. True when confirmed.
struct PinPadOptions {
  int max_digits = 8;
  int min_digits = 4;
  bool masked = true;
  bool enabled = true;
  std::string_view message = {};  ///< above the dots: what to do, or what was wrong
  Tone message_tone = Tone::neutral;
  std::string_view confirm = {};  ///< word of the confirm key; empty: "Sign in"
};
bool pin_pad(Ui& ui, std::string_view id, const Rect& r, std::string& digits, const PinPadOptions& o = {});

}  // namespace torugart::touch
