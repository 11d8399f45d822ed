#include "kiosk/screens/act_form.h"

#include <array>
#include <cstdlib>
#include <span>

#include "kiosk/screens/numbers_presenter.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using namespace inspection;  // every command and half of the events are named here
using touch::tr;
using touch::trf;

namespace {

constexpr std::array kEditReasons = {N_("Misread"), N_("Typing error"), N_("Plate was changed")};
constexpr std::array kRerouteReasons = {N_("Documents checked"), N_("Wrong assessment"), N_("Order of a supervisor"),
                                        N_("Suspicion")};
constexpr std::array kHoldReasons = {N_("Agency agreed by phone"), N_("Agency has inspected"),
                                     N_("Hold is for another vehicle")};
constexpr std::array kRadiationHow = {N_("Secondary measurement"), N_("Documented source"), N_("Medical patient")};
constexpr std::array kRadiationReasons = {N_("Below the limit"), N_("Licence shown"), N_("Natural material")};
constexpr std::array kDocumentKinds = {"SAD", "TIR", "CMR", "T1"};
constexpr std::array kReviewReasons = {N_("Not sure"), N_("Dense cargo"), N_("Differs from the declaration"),
                                       N_("Picture is poor")};
constexpr std::array kDetainReasons = {N_("Contraband"), N_("Documents missing"), N_("Order of an agency")};
constexpr std::array kCancelReasons = {N_("No vehicle was there"), N_("Turned back"), N_("Opened twice")};
constexpr std::array kSealWords = {N_("Intact"), N_("Broken"), N_("Missing"), N_("Replaced")};
constexpr std::array kFound = {N_("Nothing found"), N_("Contraband found")};
constexpr std::array kDisagree = {N_("Overlooked"), N_("No threat there"), N_("Other goods"), N_("Picture too poor")};

constexpr std::array kColours = {LaneColour::green, LaneColour::blue, LaneColour::yellow, LaneColour::red};

std::vector<std::string> translated(std::span<const char* const> words) {
  std::vector<std::string> out;
  for (const char* word : words)
    out.emplace_back(tr(word));
  return out;
}

std::vector<LaneColour> colours_to_choose(const Crossing& crossing) {
  std::vector<LaneColour> out;
  for (const auto colour : kColours)
    if (colour != crossing.colour) out.push_back(colour);
  return out;
}

int picked(const ActInput& input, std::size_t group) {
  return group < input.picked.size() ? input.picked[group] : -1;
}

template <std::size_t N>
std::string reason(const std::array<const char*, N>& words, int index) {
  return index >= 0 && static_cast<std::size_t>(index) < N ? words[static_cast<std::size_t>(index)] : "";
}
}  // namespace

ActForm form_of(const Act& act, const Crossing& c) {
  switch (act.kind) {
    case ActKind::edit_number:
      return {.id = "edit",
              .title = trf(tr("Change: {}"), slot_word(act.before.kind, act.before.place)),
              .explains = trf(tr("Confirmed as {}. A second person must agree."), act.before.text),
              .groups = {{tr("Reason"), translated(kEditReasons)}},
              .field = ActField{tr("New number"), act.before.text},
              .confirm = tr("Change number"),
              .hold = true};
    case ActKind::reroute: {
      ActForm form{.id = "reroute",
                   .title = tr("Re-route the lane"),
                   .explains = trf(tr("Now {}. A lighter colour needs a second person."), colour_word(c.colour)),
                   .confirm = tr("Re-route"),
                   .hold = true};
      ActGroup colours{tr("To"), {}};
      for (const auto colour : colours_to_choose(c))
        colours.options.push_back(colour_word(colour));
      form.groups = {colours, {tr("Reason"), translated(kRerouteReasons)}};
      return form;
    }
    case ActKind::lift_hold: {
      std::string agency = act.hold;
      for (const auto& hold : c.open_holds())
        if (hold.id == act.hold) agency = hold.agency + ": " + hold.text;
      return {.id = "hold",
              .title = tr("Lift the hold"),
              .explains = agency,
              .groups = {{tr("Reason"), translated(kHoldReasons)}},
              .confirm = tr("Lift the hold"),
              .hold = true};
    }
    case ActKind::resolve_radiation:
      return {.id = "radiation",
              .title = tr("Resolve the radiation alarm"),
              .explains = tr("Keep people away until it is measured again."),
              .groups = {{tr("How"), translated(kRadiationHow)}, {tr("Result"), translated(kRadiationReasons)}},
              .confirm = tr("Alarm is resolved"),
              .hold = true};
    case ActKind::enter_weight:
      return {.id = "weight",
              .title = tr("Enter the weight"),
              .explains = tr("As the indicator of the weighbridge shows it."),
              .field = ActField{tr("Gross weight, kg"), "38420", touch::FieldKind::number},
              .confirm = tr("Enter")};
    case ActKind::add_document:
      return {.id = "document",
              .title = tr("Add a document"),
              .explains = tr("Or hold its code before the reader."),
              .groups = {{tr("Kind"), translated(kDocumentKinds)}},
              .field = ActField{tr("Number"), ""},
              .confirm = tr("Add")};
    case ActKind::check_seal:
      return {.id = "seal",
              .title = tr("Check a seal"),
              .groups = {{tr("State"), translated(kSealWords)}},
              .field = ActField{tr("Seal number"), ""},
              .confirm = tr("Record")};
    case ActKind::ask_second_look:
      return {.id = "second_look",
              .title = tr("Ask for a second look"),
              .explains = tr("The supervisor does not see the reason before the own verdict."),
              .groups = {{tr("Reason"), translated(kReviewReasons)}},
              .confirm = tr("Send to the supervisor"),
              .hold = true};
    case ActKind::examination:
      return {.id = "examination",
              .title = tr("Result of the examination"),
              .groups = {{tr("Result"), translated(kFound)}},
              .field = ActField{tr("What was found"), "", touch::FieldKind::text},
              .confirm = tr("Record the result"),
              .hold = true};
    case ActKind::detain:
      return {.id = "detain",
              .title = tr("Detain the vehicle"),
              .groups = {{tr("Reason"), translated(kDetainReasons)}},
              .confirm = tr("Detain"),
              .hold = true};
    case ActKind::cancel:
      return {.id = "cancel",
              .title = tr("Cancel the crossing"),
              .explains = tr("For a crossing that was none. It stays in the record."),
              .groups = {{tr("Reason"), translated(kCancelReasons)}},
              .confirm = tr("Cancel the crossing"),
              .hold = true};
    case ActKind::release_anyway:
      return {.id = "release",
              .title = tr("Release all the same"),
              .explains = tr("Something stands against it. A second person must agree."),
              .confirm = tr("Release truck"),
              .hold = true};
    case ActKind::departed:
      break;
  }
  return {.id = "departed",
          .title = tr("The vehicle has left"),
          .explains = tr("Say so only when the lane is empty."),
          .confirm = tr("It has left"),
          .hold = true};
}

ActCommand command_of(const Act& act, const ActInput& in, const Crossing& c) {
  const int first = picked(in, 0), second = picked(in, 1);
  const std::string text = normalised(in.text);
  const std::string say_reason = tr("Pick a reason");
  switch (act.kind) {
    case ActKind::edit_number: {
      if (text.empty() || text == act.before.text) return {{}, tr("Type the new number")};
      if (first < 0) return {{}, say_reason};
      Number after = act.before;
      after.text = text;
      after.corrected = true;
      return {EditNumber{act.before, after, reason(kEditReasons, first)}, {}};
    }
    case ActKind::reroute: {
      const auto colours = colours_to_choose(c);
      if (first < 0 || first >= static_cast<int>(colours.size())) return {{}, tr("Pick a colour")};
      if (second < 0) return {{}, say_reason};
      return {Reroute{colours[static_cast<std::size_t>(first)], reason(kRerouteReasons, second)}, {}};
    }
    case ActKind::lift_hold:
      if (first < 0) return {{}, say_reason};
      return {LiftHold{act.hold, reason(kHoldReasons, first)}, {}};
    case ActKind::resolve_radiation:
      if (first < 0) return {{}, tr("Say how it was resolved")};
      if (second < 0) return {{}, tr("Pick the result")};
      return {ResolveRadiation{reason(kRadiationHow, first), reason(kRadiationReasons, second)}, {}};
    case ActKind::enter_weight: {
      const double kg = std::strtod(in.text.c_str(), nullptr);
      if (!(kg >= 100 && kg <= 200'000)) return {{}, tr("Type kilograms, 100 to 200 000")};
      return {EnterWeight{kg}, {}};
    }
    case ActKind::add_document:
      if (first < 0) return {{}, tr("Pick the kind")};
      if (text.empty()) return {{}, tr("Type the number")};
      return {PresentDocument{{.kind = reason(kDocumentKinds, first), .number = text, .source = "typed"}}, {}};
    case ActKind::check_seal:
      if (first < 0) return {{}, tr("Say in what state it is")};
      if (text.empty()) return {{}, tr("Type the number")};
      return {CheckSeal{{.number = text, .state = static_cast<SealState>(first)}}, {}};
    case ActKind::ask_second_look:
      if (first < 0) return {{}, say_reason};
      return {RequestReview{reason(kReviewReasons, first)}, {}};
    case ActKind::examination:
      if (first < 0) return {{}, tr("Pick the result")};
      return {RecordExamination{first == 1, in.text.empty() ? reason(kFound, first) : in.text}, {}};
    case ActKind::detain:
      if (first < 0) return {{}, say_reason};
      return {Detain{reason(kDetainReasons, first)}, {}};
    case ActKind::cancel:
      if (first < 0) return {{}, say_reason};
      return {Cancel{reason(kCancelReasons, first)}, {}};
    case ActKind::release_anyway:
      return {Release{}, {}};
    case ActKind::departed:
      break;
  }
  return {SayDeparted{}, {}};
}

std::vector<std::string> disagreement_reasons() {
  return translated(kDisagree);
}

std::string disagreement_reason(std::size_t index) {
  return index < kDisagree.size() ? kDisagree[index] : "";
}

}  // namespace torugart::screens
