#include "tests/e2e/demo/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "hal/replay/player.h"
#include "hal/sim/world.h"
#include "imaging/core/scan_image.h"

namespace torugart::demo {
namespace {

using lane::LaneView;
using Step = inspection::Stage;  // where a crossing stands; `Stage` is where the demo plays

// How long the inspector gives the readers before he looks himself.
constexpr double kReadingPatienceS = 12;
constexpr double kLineBackS = 240;

bool in_step(const LaneView& view, const std::string& crossing, Step step) {
  return view.focus && view.focus->id == crossing && view.focus->stage == step;
}

const lane::ReadView* read_at(const LaneView& view, const std::string& slot) {
  for (const auto& read : view.reads) {
    const auto id = fmt::format("{}.{}", inspection::to_string(read.place), inspection::to_string(read.kind));
    if (id == slot) return &read;
  }
  return nullptr;
}

// Where the vehicle begins and ends in its picture, as parts of the width: the first and last column with something
// dark in it.
std::pair<double, double> vehicle_in(const LaneView& view) {
  for (const auto& shown : view.images) {
    if (!view.focus || shown.crossing != view.focus->id || !shown.image) continue;
    const auto& picture = shown.image->view;
    int first = picture.columns, last = 0;
    for (int x = 0; x < picture.columns; x += 2) {
      for (int y = 0; y < picture.rows; y += 4) {
        if (picture.value(imaging::Energy::high, x, y) > imaging::kOpenBeam / 2) continue;
        first = std::min(first, x);
        last = std::max(last, x);
        break;
      }
    }
    if (first < last) return {1.0 * first / picture.columns, 1.0 * last / picture.columns};
  }
  return {0.0, 1.0};
}

}  // namespace

void Story::sign_in(const char* account, const char* pin, bool take_picture) {
  stage_.wait("the sign-in screen", 10,
              [&](const LaneView&) { return stage_.shows(fmt::format("signin.account.{}", account)); });
  if (take_picture) stage_.picture("sign-in");
  stage_.tap(fmt::format("signin.account.{}", account));
  for (const char* digit = pin; *digit != '\0'; ++digit)
    stage_.tap(fmt::format("signin.pin.{}", *digit));
  stage_.tap("signin.pin.ok");
  stage_.wait("sign-in", 20,
              [&](const LaneView& v) { return v.session.actor && v.session.actor->account == account; });
}

void Story::sign_out() {
  stage_.tap("frame.person");
  stage_.tap("frame.menu.sign_out");
  stage_.wait("sign-out", 10, [](const LaneView& v) { return !v.session.actor; });
}

void Story::arrive(int vehicle, Walk& walk) {
  if (vehicle == 0) {
    if (auto* world = stage_.assembly().world()) world->hold_arrivals(false);
    if (auto* player = stage_.assembly().player()) player->start();
  }
  stage_.wait("a vehicle", 60, [](const LaneView& v) { return v.focus && v.focus->stage == Step::identify; });
  walk.crossing = stage_.view()->focus->id;
  settled_.clear();
  touches_before_ = stage_.finger().touches();
  began_s_ = stage_.window().window().now_s();
}

// The inspector compares what stands on the screen with what he sees through the glass.
void Story::settle_numbers(const Truth& truth, Walk& walk) {
  std::map<std::string, std::string> shown;
  for (const auto& [place, text] : truth.plates)
    shown[place + ".plate"] = text;
  for (const auto& [place, text] : truth.containers)
    shown[place + ".container"] = text;
  // what a camera may see besides; right if it is the vehicle's, else it is none
  for (const char* extra : {"rear.container", "front.container", "side.plate"}) {
    const bool container = std::string(extra).ends_with("container");
    const auto& of = container ? truth.containers : truth.plates;
    if (!shown.contains(extra) && !of.empty()) shown[extra] = of.begin()->second;
  }
  const auto began = stage_.window().window().now_s();
  if (settled_.empty())
    stage_.wait("numbers", kReadingPatienceS + 5, [&](const LaneView& v) {
      if (stage_.window().window().now_s() - began > kReadingPatienceS) return true;
      return std::all_of(truth.plates.begin(), truth.plates.end(),
                         [&](const auto& p) {
                           const auto* read = read_at(v, p.first + ".plate");
                           return read != nullptr && read->sure;
                         }) &&
             std::all_of(truth.containers.begin(), truth.containers.end(), [&](const auto& c) {
               const auto* read = read_at(v, c.first + ".container");
               return read != nullptr && read->sure;
             });
    });
  // Reading goes on meanwhile, so a number may turn up late: look again until the numbers can be confirmed.
  stage_.wait("numbers that can be confirmed", 60, [&](const LaneView&) {
    for (const auto& place : {"front", "rear", "side"}) {
      for (const auto& kind : {"plate", "container"}) {
        const auto slot = fmt::format("{}.{}", place, kind);
        if (!stage_.shows("lane.type." + slot) || !settled_.insert(slot).second) continue;
        settle_one(slot, shown.contains(slot) ? shown[slot] : std::string(), walk);
      }
    }
    const auto* next = stage_.window().screens().ui().registry().find("lane.next");
    return next != nullptr && next->enabled;
  });
}

void Story::settle_one(const std::string& slot, const std::string& shown, Walk& walk) {
  const auto view = stage_.view();
  const auto* read = read_at(*view, slot);
  const std::string best =
      read != nullptr && !read->candidates.empty() ? read->candidates.front().text : std::string();
  const bool sure = read != nullptr && read->sure;
  nlohmann::json row{
      {"place", slot},  {"shown", shown}, {"read", best}, {"sure", sure}, {"frames", read ? read->frames : 0},
      {"corrected", ""}};
  fmt::print("{:<8} {:<16} shown {:<12} read {:<12} {}\n", walk.kind, slot, shown.empty() ? "-" : shown,
             best.empty() ? "-" : best,
             best.empty() ? ""
             : sure       ? "sure"
                          : "check");
  if (best == shown && (sure || best.empty())) {
    walk.numbers.push_back(row);
    return;
  }
  const auto with_text = [&]() -> std::optional<std::size_t> {
    if (read == nullptr || shown.empty()) return std::nullopt;
    for (std::size_t i = 0; i < read->candidates.size(); ++i) {
      if (read->candidates[i].text == shown && stage_.shows(fmt::format("lane.candidate.{}.{}", slot, i))) return i;
    }
    return std::nullopt;
  }();
  if (with_text) {
    stage_.tap(fmt::format("lane.candidate.{}.{}", slot, *with_text));
    row["picked"] = *with_text;
  } else if (shown.empty() && stage_.shows("lane.none." + slot)) {
    stage_.tap("lane.none." + slot);
    row["corrected"] = "none";
  } else {
    stage_.tap("lane.type." + slot);
    stage_.wait("the keyboard", 5, [&](const LaneView&) { return stage_.shows("key.done"); });
    if (stage_.shows("key.clear")) {
      stage_.tap("key.clear");
    } else {
      for (std::size_t i = 0; i < best.size(); ++i)
        stage_.tap("key.back");
    }
    if (walk.kind == "green" || walk.numbers.empty()) stage_.picture(walk.kind + "-typing");
    stage_.type(shown);
    stage_.tap("key.done");
    row["corrected"] = shown.empty() ? "none" : shown;
  }
  walk.numbers.push_back(row);
}

void Story::confirm_and_assess(int vehicle, Walk& walk) {
  const auto truth = truth_of(stage_.assembly(), vehicle, 0);
  const auto confirmed = [&](const LaneView& v) {
    return v.focus && v.focus->id == walk.crossing && v.focus->identity_confirmed;
  };
  // A number that turns up while the finger is on its way takes the button back: look at it, then confirm.
  for (int attempt = 0; attempt < 6 && !confirmed(*stage_.view()); ++attempt) {
    settle_numbers(truth, walk);
    if (attempt == 0) stage_.picture(walk.kind + "-numbers");
    const auto* next = stage_.window().screens().ui().registry().find("lane.next");
    if (next == nullptr || !next->enabled) continue;
    stage_.tap("lane.next");
    (void)stage_.holds_within(3, confirmed);
  }
  stage_.wait("the risk assessment", 30, [&](const LaneView& v) {
    return v.focus && v.focus->id == walk.crossing && v.focus->risk.has_value() && !v.assessing;
  });
  const auto& risk = *stage_.view()->focus->risk;
  walk.more["risk_source"] = inspection::to_string(risk.source);
  walk.more["colour"] = inspection::to_string(stage_.view()->focus->colour);
  stage_.picture(walk.kind + "-risk");
}

void Story::scan(int vehicle, Walk& walk, bool pictures) {
  stage_.tap("lane.next");  // to the scan
  stage_.tap("scan.how.2");
  stage_.tap("scan.driver.0");
  if (pictures) stage_.picture(walk.kind + "-area");
  stage_.tap("review.next");
  stage_.wait("the statement", 10, [](const LaneView& v) { return v.focus && v.focus->area_cleared; });
  stage_.hold("review.next");
  stage_.wait("the warning", 10, [](const LaneView& v) {
    return v.scan.state == lane::ScanState::warning || v.scan.state == lane::ScanState::beam;
  });
  if (pictures) stage_.picture(walk.kind + "-warning");
  stage_.wait("half of the picture", 60,
              [&](const LaneView& v) { return v.scan.lines > 900 || (v.focus && !v.focus->scans.empty()); });
  if (pictures) stage_.picture(walk.kind + "-scanning");
  stage_.wait("the end of the scan", 120, [&](const LaneView& v) {
    return v.focus && v.focus->id == walk.crossing && v.focus->usable_scan() &&
           std::any_of(v.images.begin(), v.images.end(), [&](const auto& i) { return i.crossing == walk.crossing; });
  });
  const auto view = stage_.view();
  const auto* done = view->focus->latest_scan();
  walk.more["scan"] = {{"lines", done->lines}, {"missing", done->lines_missing}, {"columns", done->columns},
                       {"rows", done->rows},   {"calibrated", done->calibrated}, {"note", done->calibration_note}};
  const auto truth = truth_of(stage_.assembly(), vehicle, done->rows);
  if (truth.contraband) walk.more["contraband_in_truth"] = true;
  if (pictures) {
    stage_.picture(walk.kind + "-review");
    stage_.tap("review.tool.material");
    stage_.picture(walk.kind + "-material");
    stage_.finger().pinch("review.picture", 2.2F);
    stage_.picture(walk.kind + "-zoomed");
    stage_.tap("review.zoom.fit");
    stage_.tap("review.drawer");
    stage_.picture(walk.kind + "-load");
    stage_.tap("review.drawer");
  }
}

// A box around what is hidden, where the picture shows it: the whole picture is fitted into its pane.
void Story::mark_finding(const Truth& truth, const LaneView& view) {
  const auto* done = view.focus->latest_scan();
  const auto* pane = stage_.window().screens().ui().registry().find("review.picture");
  if (done == nullptr || pane == nullptr) throw Failed{"there is no picture to mark"};
  double x0 = 0.4, x1 = 0.5, y0 = 0.4, y1 = 0.6;  // a recorded vehicle: the inspector marks the middle
  if (truth.contraband) {
    const auto [front, tail] = vehicle_in(view);
    x0 = front + truth.contraband->along_from * (tail - front);
    x1 = front + truth.contraband->along_to * (tail - front);
    y0 = truth.contraband->detector_from;
    y1 = truth.contraband->detector_to;
  }
  const float scale =
      std::min(pane->rect.w / static_cast<float>(done->columns), pane->rect.h / static_cast<float>(done->rows));
  const float w = static_cast<float>(done->columns) * scale, h = static_cast<float>(done->rows) * scale;
  const float left = (pane->rect.w - w) / 2, top = (pane->rect.h - h) / 2;
  const auto within = [&](double x, double y) {
    return touch::Point{std::clamp((left + static_cast<float>(x) * w) / pane->rect.w, 0.02F, 0.98F),
                        std::clamp((top + static_cast<float>(y) * h) / pane->rect.h, 0.02F, 0.98F)};
  };
  if (!stage_.finger().drag_within("review.picture", within(x0 - 0.005, y0 - 0.02), within(x1 + 0.005, y1 + 0.02))) {
    throw Failed{"drag: " + stage_.finger().problem()};
  }
}

void Story::second_person() {
  stage_.wait("the second person's sheet", 10,
              [&](const LaneView&) { return stage_.shows(fmt::format("second.account.{}", kSupervisor)); });
  stage_.picture("second-person");
  stage_.tap(fmt::format("second.account.{}", kSupervisor));
  for (const char* digit = kSupervisorPin; *digit != '\0'; ++digit)
    stage_.tap(fmt::format("second.pin.{}", *digit));
  stage_.tap("second.pin.ok");
}

// The driver hands over a declaration that no code reader has read.
void Story::type_document(Walk& walk) {
  stage_.tap("lane.document.add");
  stage_.tap("act.document.0.0");
  stage_.tap("act.document.text");
  stage_.type("10607090/241126/0012345");
  stage_.tap("key.done");
  stage_.picture(walk.kind + "-document");
  stage_.tap("act.document.do");
  stage_.wait("the document", 10, [](const LaneView& v) { return v.focus && !v.focus->documents.empty(); });
}

// Whatever the lane asks for next, until the truck may go.
void Story::to_the_end(int vehicle, Walk& walk, bool pictures) {
  for (int steps = 0; steps < 12; ++steps) {
    const auto view = stage_.view();
    if (!view->focus || view->focus->id != walk.crossing) throw Failed{"the crossing went away"};
    switch (view->focus->stage) {
      case Step::scan:
        stage_.tap("rail.lane");
        scan(vehicle, walk, pictures);
        break;
      case Step::review:
        if (view->focus->usable_scan()) {
          stage_.tap("rail.review");
          stage_.hold("review.decide.clear");
        } else {
          stage_.tap("rail.lane");
          if (view->focus->documents.empty()) type_document(walk);
          stage_.hold("lane.next");  // documents in order
        }
        stage_.wait("the decision", 15, [&](const LaneView& v) { return v.focus && v.focus->decision.has_value(); });
        break;
      case Step::release:
        stage_.tap("rail.lane");
        return;
      default:
        throw Failed{fmt::format("stage {} was not expected here", inspection::to_string(view->focus->stage))};
    }
  }
  throw Failed{"the crossing does not come to its end"};
}

void Story::leave(Walk& walk) {
  stage_.picture(walk.kind + "-before-release");
  stage_.hold("lane.next");
  stage_.window().draw_now();
  if (stage_.shows("second.pin.ok")) second_person();
  stage_.wait("the release", 20,
              [&](const LaneView& v) { return !v.focus || v.focus->id != walk.crossing || v.focus->released; });
}

void Story::finish(Walk& walk) {
  walk.touches = stage_.finger().touches() - touches_before_;
  walk.seconds = stage_.window().window().now_s() - began_s_;
  stage_.wait("the departure", 60, [&](const LaneView& v) {
    return std::any_of(v.recent.begin(), v.recent.end(), [&](const auto& r) { return r.id == walk.crossing; });
  });
}

Walk Story::green(int vehicle) {
  Walk walk;
  walk.kind = "green";
  arrive(vehicle, walk);
  confirm_and_assess(vehicle, walk);
  to_the_end(vehicle, walk, false);
  leave(walk);
  finish(walk);
  return walk;
}

Walk Story::red(int vehicle) {
  Walk walk;
  walk.kind = "red";
  arrive(vehicle, walk);
  confirm_and_assess(vehicle, walk);
  scan(vehicle, walk, true);

  stage_.tap("review.decide.suspect.open");
  const auto view = stage_.view();
  mark_finding(truth_of(stage_.assembly(), vehicle, view->focus->latest_scan()->rows), *view);
  stage_.picture("red-marking");
  stage_.tap("review.mark.kind.narcotics");
  stage_.wait("the mark", 10, [](const LaneView& v) { return v.focus && !v.focus->marks.empty(); });
  stage_.picture("red-marked");
  stage_.hold("review.decide.suspect");
  stage_.wait("the wait for a second look", 20, [](const LaneView& v) { return !v.queue.empty(); });
  stage_.picture("red-waits");
  sign_out();

  sign_in(kSupervisor, kSupervisorPin, false);
  stage_.tap("rail.queue");
  stage_.picture("queue");
  stage_.tap("queue.card." + walk.crossing);
  stage_.wait("the picture", 20, [&](const LaneView&) { return stage_.shows("queue.verdict.suspect"); });
  stage_.picture("queue-blind");
  stage_.tap("queue.verdict.suspect");
  stage_.picture("queue-revealed");
  stage_.hold("queue.agree");
  stage_.wait("the second look", 20, [&](const LaneView& v) { return in_step(v, walk.crossing, Step::examine); });

  stage_.tap("rail.lane");
  stage_.tap("lane.next");  // enter the result
  stage_.tap("act.examination.0.1");
  stage_.tap("act.examination.text");
  stage_.type("BLOCKS BEHIND THE FRONT WALL");
  stage_.tap("key.done");
  stage_.picture("red-examination");
  stage_.hold("act.examination.do");
  stage_.wait("the examination", 20, [](const LaneView& v) { return v.focus && v.focus->examination.has_value(); });
  stage_.tap("lane.act.detain");
  stage_.tap("act.detain.0.0");
  stage_.picture("red-detain");
  stage_.hold("act.detain.do");
  stage_.wait("the detention", 20, [](const LaneView& v) { return v.focus && v.focus->detained; });
  stage_.picture("red-detained");
  // The vehicle is escorted out of the lane.
  if (auto* world = stage_.assembly().world()) world->wave_through();
  if (auto* player = stage_.assembly().player()) player->wave_through();
  finish(walk);
  sign_out();
  sign_in(kInspector, kInspectorPin, false);
  return walk;
}

Walk Story::offline(int vehicle) {
  Walk walk;
  walk.kind = "offline";
  arrive(vehicle, walk);
  stage_.centre().kill();
  confirm_and_assess(vehicle, walk);
  walk.more["offline_while_assessed"] = stage_.view()->focus->risk->source != inspection::RiskSource::central;
  to_the_end(vehicle, walk, false);
  leave(walk);
  finish(walk);
  stage_.tap("rail.health");
  stage_.wait("the line's trouble on the screen", 20,
              [](const LaneView& v) { return !v.line.online && v.line.events_waiting > 0; });
  stage_.picture("health-offline");
  walk.more["events_waiting_offline"] = stage_.view()->line.events_waiting;
  if (!stage_.centre().start()) throw Failed{"the development centre does not start again"};
  stage_.wait("everything to be with the centre", kLineBackS, [](const LaneView& v) {
    return v.line.online && v.line.files_waiting == 0 && v.recent.size() >= 3 &&
           std::all_of(v.recent.begin(), v.recent.end(), [](const auto& r) { return r.acknowledged; });
  });
  stage_.picture("health-online");
  return walk;
}

void Story::look_around(const std::string& plate) {
  stage_.tap("rail.records");
  if (!plate.empty() && plate.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string::npos) {
    stage_.tap("records.search");
    stage_.type(plate.substr(0, 4));
    stage_.tap("key.done");
  }
  stage_.wait("records", 15, [](const LaneView& v) { return !v.search.running && !v.search.rows.empty(); });
  stage_.picture("records");
  const auto first = stage_.view()->search.rows.front().id;
  stage_.tap("records.row." + first);
  stage_.wait("the record", 15, [&](const LaneView& v) { return v.record.crossing == first && !v.record.loading; });
  stage_.picture("record");
  stage_.tap("rail.health");
  stage_.picture("health");
  stage_.tap("rail.lane");
  stage_.picture("lane-empty");
}

}  // namespace torugart::demo
