#include "kiosk/screens/queue_presenter.h"

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using inspection::Crossing;
using inspection::ReviewOutcome;
using inspection::Verdict;
using touch::tr;
using touch::trf;

namespace {

std::int64_t waits_since(const Crossing& c) {
  for (auto it = c.stage_times.rbegin(); it != c.stage_times.rend(); ++it)
    if (it->stage == inspection::Stage::second_look) return it->wall_us;
  return c.arrived_wall_us;
}
}  // namespace

std::vector<QueueCard> queue_cards(const lane::LaneView& view, const std::string& selected) {
  std::vector<QueueCard> out;
  for (const auto& c : view.queue)
    out.push_back({.crossing = c.id,
                   .title = first_number(c.title()),
                   .tone = colour_tone(c.colour),
                   .colour = colour_word(c.colour),
                   .waits = trf(tr("waits {}"), age(view.now.wall_us - waits_since(c))),
                   .alarm = c.radiation_alarm_open(),
                   .selected = c.id == selected});
  return out;
}

SecondLook second_look(const lane::LaneView& view, const Crossing& c, std::optional<Verdict> own) {
  SecondLook out;
  if (!view.session.actor) {
    out.why_not = tr("Nobody is signed in");
    return out;
  }
  const auto& actor = *view.session.actor;
  const auto permission =
      inspection::may(inspection::Review{own.value_or(Verdict::clear), ReviewOutcome::physical_examination, "-"}, &c,
                      actor, view.facts);
  out.may_look = permission.allowed;
  out.why_not = why(permission);
  out.revealed = out.may_look && own.has_value();
  if (!out.revealed) return out;
  out.first_verdict = c.decision ? verdict_word(c.decision->verdict) : std::string(tr("No verdict, asked for help"));
  out.first_by = c.decided_by;
  const auto agree = inspection::may(inspection::Review{*own, ReviewOutcome::agree, {}}, &c, actor, view.facts);
  out.agree_offered = agree.allowed;
  out.agree_why_not = why(agree);
  return out;
}

std::vector<FigureLine> figure_lines(const reports::ShiftFigures* f) {
  if (!f) return {};
  std::vector<FigureLine> out = {{tr("Arrived"), std::to_string(f->arrived)},
                                 {tr("Departed"), std::to_string(f->departed)},
                                 {tr("Scanned"), std::to_string(f->scanned)},
                                 {tr("Suspect"), std::to_string(f->suspect)},
                                 {tr("Second looks"), std::to_string(f->agreement.reviewed)}};
  // With no second look there is no agreement: a figure out of nothing would be a claim.
  if (f->agreement.reviewed > 0)
    out.push_back({tr("The two agreed"), trf(tr("{} of {}"), f->agreement.agreed, f->agreement.reviewed)});
  out.push_back({tr("Examined"), std::to_string(f->agreement.examined)});
  out.push_back({tr("Found in examination"), std::to_string(f->agreement.found)});
  if (f->exceptional_releases > 0)
    out.push_back({tr("Released with a second person"), std::to_string(f->exceptional_releases)});
  if (f->without_release > 0) out.push_back({tr("Left without release"), std::to_string(f->without_release)});
  return out;
}

}  // namespace torugart::screens
