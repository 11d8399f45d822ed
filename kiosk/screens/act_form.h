// Acts that need a word or two before they are done: what is asked for and which command follows. One form for all of
// them, drawn in place (act_panel.h), never over the screen. Pure.
//
// Reasons are picked, not written: they are quicker with gloves, can be counted, and are kept in the record in
// English whatever language the screen speaks.
//
//   act               | asks for                  | command             | may need a second person
//   edit_number       | reason, the new number    | EditNumber          | always
//   reroute           | colour, reason            | Reroute             | to a lighter colour
//   lift_hold         | reason                    | LiftHold            | –
//   resolve_radiation | how, reason               | ResolveRadiation    | –
//   enter_weight      | kilograms                 | EnterWeight         | –
//   add_document      | kind, number              | PresentDocument     | –
//   check_seal        | state, number             | CheckSeal           | –
//   ask_second_look   | reason                    | RequestReview       | –
//   examination       | found or not, what        | RecordExamination   | –
//   detain            | reason                    | Detain              | –
//   cancel            | reason                    | Cancel              | –
//   release_anyway    | –                         | Release             | yes, that is why it is here
//   departed          | –                         | SayDeparted         | –
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiosk/inspection/command.h"
#include "kiosk/touch/text_field.h"

namespace torugart::screens {

enum class ActKind {
  edit_number,
  reroute,
  lift_hold,
  resolve_radiation,
  enter_weight,
  add_document,
  check_seal,
  ask_second_look,
  examination,
  detain,
  cancel,
  release_anyway,
  departed,
};

struct Act {
  ActKind kind = ActKind::cancel;
  inspection::Number before = {};  // edit_number
  std::string hold = {};           // lift_hold: its id
};

struct ActInput {
  std::vector<int> picked = {};  // per group; -1 or absent: nothing yet
  std::string text = {};
};

struct ActField {
  std::string name = {}, hint = {};
  touch::FieldKind kind = touch::FieldKind::code;
};

struct ActGroup {
  std::string name = {};
  std::vector<std::string> options = {};
};

struct ActForm {
  std::string id = {};  // "reroute", part of widget ids
  std::string title = {}, explains = {};
  std::vector<ActGroup> groups = {};
  std::optional<ActField> field = {};
  std::string confirm = {};  // words of the button
  bool hold = false;         // irreversible
};

ActForm form_of(const Act& act, const inspection::Crossing& crossing);

struct ActCommand {
  std::optional<inspection::Command> command = {};
  std::string missing = {};  // what has not been said yet, in words
};
ActCommand command_of(const Act& act, const ActInput& input, const inspection::Crossing& crossing);

// The reasons of a second look's disagreement, shared with the queue.
std::vector<std::string> disagreement_reasons();     // translated
std::string disagreement_reason(std::size_t index);  // as it is recorded

}  // namespace torugart::screens
