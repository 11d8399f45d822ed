#include "kiosk/screens/crossing_presenter.h"

#include <algorithm>

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using inspection::Crossing;
using inspection::LaneColour;
using inspection::Stage;
using touch::StepState;
using touch::tr;
using touch::trf;
using touch::trn;

namespace {

// How long the crossing stood in `stage`, all visits together; 0 when it never did.
std::int64_t stood_in_us(const Crossing& crossing, Stage stage, const hal::TimeStamp& now) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < crossing.stage_times.size(); ++i) {
    const auto& at = crossing.stage_times[i];
    if (at.stage != stage) continue;
    const std::int64_t until =
        i + 1 < crossing.stage_times.size() ? crossing.stage_times[i + 1].wall_us : now.wall_us;
    sum += std::max<std::int64_t>(0, until - at.wall_us);
  }
  return sum;
}

std::string took(const Crossing& crossing, Stage stage, const lane::LaneView& view) {
  const auto us = stood_in_us(crossing, stage, view.now);
  return us > 0 ? duration(us) : std::string();
}

StepLine numbers_step(const Crossing& c, const lane::LaneView& view) {
  StepLine line{.id = "numbers", .words = tr("Numbers"), .time = took(c, Stage::identify, view)};
  line.state = c.identity_confirmed ? StepState::done : StepState::current;
  if (!c.identity_confirmed) line.detail = tr("waits for you");
  return line;
}

StepLine documents_step(const Crossing& c) {
  StepLine line{.id = "documents", .words = tr("Documents")};
  const auto n = c.documents.size();
  line.state = n > 0 ? StepState::done : StepState::waiting;
  line.detail = n > 0 ? trf(trn("{} document", "{} documents", n), n) : std::string(tr("none shown"));
  return line;
}

StepLine risk_step(const Crossing& c, const lane::LaneView& view) {
  StepLine line{.id = "risk", .words = tr("Risk"), .time = took(c, Stage::assess, view)};
  if (c.risk) {
    line.state = c.open_holds().empty() ? StepState::done : StepState::attention;
    line.detail = c.open_holds().empty() ? colour_word(c.colour) : trf(tr("{}, held"), colour_word(c.colour));
  } else if (c.identity_confirmed) {
    line.state = StepState::current;
    line.detail = view.assessing ? tr("the centre is asked") : tr("not known");
  }
  return line;
}

StepLine weight_step(const Crossing& c, const lane::LaneView& view) {
  StepLine line{.id = "weight", .words = tr("Weight")};
  const bool fitted = std::any_of(view.devices.begin(), view.devices.end(), [](const lane::DeviceView& d) {
    return d.info.kind == hal::DeviceKind::weighbridge;
  });
  if (!c.weights.empty()) {
    line.state = StepState::done;
    line.detail = weight_words(c);
  } else {
    line.state = fitted ? StepState::waiting : StepState::not_needed;
    line.detail = fitted ? tr("not yet weighed") : tr("no weighbridge");
  }
  return line;
}

StepLine radiation_step(const Crossing& c, const lane::LaneView& view) {
  StepLine line{.id = "radiation", .words = tr("Radiation")};
  if (c.radiation_alarm_open()) {
    line.state = StepState::attention;
    line.detail = tr("alarm, not resolved");
  } else if (c.radiation) {
    line.state = StepState::done;
    line.detail = radiation_words(c);
  } else {
    line.state = view.radiation.fitted ? StepState::waiting : StepState::not_needed;
    line.detail = view.radiation.fitted ? tr("being measured") : tr("no portal");
  }
  return line;
}

StepLine scan_step(const Crossing& c, const lane::LaneView& view) {
  StepLine line{.id = "scan", .words = tr("Scan"), .time = took(c, Stage::scan, view)};
  if (!c.scan_requested.empty()) {
    line.state = StepState::current;
    line.detail = tr("running");
  } else if (c.usable_scan()) {
    line.state = StepState::done;
    line.detail = tr("picture stored");
  } else if (!c.scans.empty()) {
    line.state = StepState::attention;
    line.detail = tr("no picture, repeat");
  } else if (c.risk && c.scan_required()) {
    line.state = c.stage == Stage::scan ? StepState::current : StepState::waiting;
    line.detail = tr("required");
  } else if (c.risk) {
    line.state = StepState::not_needed;
    line.detail = tr("not needed");
  }
  return line;
}

StepLine review_step(const Crossing& c, const lane::LaneView& view) {
  StepLine line{.id = "review", .words = tr("Review"), .time = took(c, Stage::review, view)};
  if (c.decision) {
    line.state = StepState::done;
    // A second look is blind: how much the first one marked would already say something.
    if (!c.marks.empty() && c.stage != Stage::second_look)
      line.detail = trf(trn("{} mark", "{} marks", c.marks.size()), c.marks.size());
  } else if (c.stage == Stage::review) {
    line.state = StepState::current;
    line.detail = tr("waits for you");
  } else if (c.risk && !c.scan_required() && c.colour != LaneColour::yellow) {
    line.state = StepState::not_needed;
  }
  return line;
}

StepLine decision_step(const Crossing& c) {
  StepLine line{.id = "decision", .words = tr("Decision")};
  if (c.stage == Stage::second_look) {
    line.state = StepState::current;
    line.detail = tr("waits for a supervisor");
  } else if (c.stage == Stage::examine) {
    line.state = StepState::attention;
    line.detail = tr("physical examination");
  } else if (c.examination) {
    line.state = c.examination->contraband_found ? StepState::attention : StepState::done;
    line.detail = c.examination->contraband_found ? tr("found in examination") : tr("nothing found");
  } else if (c.decision) {
    line.state = c.decision->verdict == inspection::Verdict::clear ? StepState::done : StepState::attention;
    line.detail = verdict_word(c.decision->verdict);
  } else if (c.risk && !c.scan_required() && c.colour != LaneColour::yellow) {
    line.state = StepState::not_needed;
  }
  return line;
}

StepLine release_step(const Crossing& c, const lane::LaneView& view) {
  StepLine line{.id = "release", .words = tr("Release"), .time = took(c, Stage::release, view)};
  if (c.departed_without_release) {
    line.state = StepState::attention;
    line.detail = tr("left without release");
  } else if (c.released) {
    line.state = StepState::done;
    line.detail = c.departed ? tr("has left") : tr("released");
  } else if (c.detained) {
    line.state = StepState::attention;
    line.detail = tr("detained");
  } else if (c.stage == Stage::release) {
    line.state = StepState::current;
    line.detail = tr("waits for you");
  }
  return line;
}

std::string asks_for(LaneColour colour) {
  switch (colour) {
    case LaneColour::green:
      return tr("Release");
    case LaneColour::blue:
      return tr("Release, audit later");
    case LaneColour::yellow:
      return tr("Check documents");
    case LaneColour::red:
      return tr("Scan and examine");
    case LaneColour::unknown:
      break;
  }
  return tr("Treat as strict");
}

std::string source_line(const inspection::RiskAssessed& risk, const lane::LaneView& view) {
  const auto old = view.now.wall_us - risk.as_of_wall_us;
  switch (risk.source) {
    case inspection::RiskSource::central:
      return trf(tr("Centre, {} ago"), age(old));
    case inspection::RiskSource::cached:
      return trf(tr("Offline; the centre's answer {} ago"), age(old));
    case inspection::RiskSource::watch_list:
      return trf(tr("Watch list of {}, offline"), day_and_time(risk.as_of_wall_us));
    case inspection::RiskSource::local_rule:
      break;
  }
  return tr("Local rule, offline, no watch list");
}
}  // namespace

std::vector<StepLine> steps_of(const Crossing& c, const lane::LaneView& view) {
  return {{.id = "arrived",
           .words = tr("Arrived"),
           .state = StepState::done,
           .detail = c.follows_closely ? tr("close behind another") : "",
           .time = short_time(c.arrived_wall_us)},
          numbers_step(c, view),
          documents_step(c),
          risk_step(c, view),
          weight_step(c, view),
          radiation_step(c, view),
          scan_step(c, view),
          review_step(c, view),
          decision_step(c),
          release_step(c, view)};
}

RiskBanner risk_of(const Crossing& c, const lane::LaneView& view) {
  RiskBanner out;
  out.waiting = view.assessing;
  if (!c.risk) return out;
  out.known = true;
  out.tone = colour_tone(c.colour);
  out.word = colour_word(c.colour);
  out.says = asks_for(c.colour);
  out.source = source_line(*c.risk, view);
  out.rerouted = c.rerouted;
  for (const auto& profile : c.risk->profiles)
    out.profiles.push_back(profile.id.empty() ? profile.text : fmt::format("{} · {}", profile.id, profile.text));
  for (const auto& hold : c.risk->holds)
    out.holds.push_back({hold.id, hold.agency, hold.text, c.holds_lifted.count(hold.id) > 0});
  return out;
}

std::string since_arrival(const Crossing& c, const lane::LaneView& view) {
  return trf(tr("Since {} · {}"), short_time(c.arrived_wall_us), duration(view.now.wall_us - c.arrived_wall_us));
}

std::string weight_words(const Crossing& c) {
  if (c.weights.empty()) return tr("not yet weighed");
  const auto& last = c.weights.back();
  return last.typed ? trf(tr("{}, typed"), kilograms(last.gross_kg)) : kilograms(last.gross_kg);
}

std::string radiation_words(const Crossing& c) {
  if (!c.radiation) return tr("not measured");
  const auto& r = *c.radiation;
  if (r.neutron_alarm) return c.radiation_resolved ? tr("neutron alarm, resolved") : tr("neutron alarm");
  if (r.gamma_alarm) return c.radiation_resolved ? tr("gamma alarm, resolved") : tr("gamma alarm");
  if (r.fault_or_tamper) return tr("portal fault");
  return tr("no alarm");
}

}  // namespace torugart::screens
