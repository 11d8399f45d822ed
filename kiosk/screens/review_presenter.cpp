#include "kiosk/screens/review_presenter.h"

#include <algorithm>

#include "kiosk/screens/crossing_presenter.h"
#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using inspection::Crossing;
using touch::Tone;
using touch::tr;
using touch::trf;

namespace {

Offer offer(const inspection::Command& command, const lane::LaneView& view) {
  if (!view.session.actor) return {false, tr("Nobody is signed in")};
  const auto permission = inspection::may(command, &*view.focus, *view.session.actor, view.facts);
  return {permission.allowed, permission.allowed ? std::string() : why(permission)};
}
}  // namespace

DecisionBar decision_bar(const lane::LaneView& view) {
  DecisionBar bar;
  if (!view.focus) return bar;
  const auto& c = *view.focus;
  bar.open = !c.decision && !c.review_requested && !c.review && !c.released;
  bar.clear = offer(inspection::Decide{inspection::Verdict::clear, {}}, view);
  bar.suspect = offer(inspection::Decide{inspection::Verdict::suspect, {}}, view);
  bar.second_look = offer(inspection::RequestReview{"-"}, view);
  if (bar.open) return bar;
  const bool blind = view.session.actor && must_stay_blind(c, *view.session.actor);
  if (c.stage == inspection::Stage::second_look)
    bar.decided = tr("Waits for the second look");
  else if (c.decision && !blind)
    bar.decided = trf(tr("Decided: {}"), verdict_word(c.decision->verdict));
  return bar;
}

std::string sureness(double score) {
  if (score >= 0.66) return tr("stands out clearly");
  if (score >= 0.33) return tr("stands out");
  return tr("faint");
}

bool must_stay_blind(const Crossing& c, const inspection::Actor& actor) {
  return c.stage == inspection::Stage::second_look && !c.review && c.decided_by != actor.account;
}

Drawer drawer_of(const lane::LaneView& view, const Crossing& c, const lane::ImageView* image, bool show_marks) {
  Drawer out;
  for (std::size_t i = 0; i < c.documents.size(); ++i)
    out.load.push_back({.id = "load." + std::to_string(i),
                        .words = document_word(c.documents[i]),
                        .detail = c.documents[i].source == "typed" ? tr("typed") : tr("read")});
  if (c.documents.empty()) out.load.push_back({.id = "load.none", .words = tr("No document was shown")});
  out.load.push_back({.id = "load.weight", .words = weight_words(c), .detail = tr("Weight")});
  if (image) {
    for (std::size_t i = 0; i < image->aids.size(); ++i) {
      const auto& aid = image->aids[i];
      out.aids.push_back({.id = "aid." + std::to_string(i),
                          .words = aid.kind == "no_signal_region" ? tr("Nothing comes through") : tr("Dense place"),
                          .detail = sureness(aid.score),
                          .tone = Tone::blue,
                          .at = imaging::Rect{aid.x, aid.y, aid.w, aid.h}});
    }
    if (out.aids.empty()) out.aids_note = image->aids_done ? tr("Nothing stands out") : tr("The aids have not run");
  } else {
    out.aids_note = tr("No picture");
  }
  if (!show_marks) return out;
  for (std::size_t i = 0; i < c.marks.size(); ++i) {
    const auto& r = c.marks[i].region;
    out.marks.push_back({.id = "mark." + std::to_string(i),
                         .words = mark_word(r.kind),
                         .detail = mark_detail(c.marks[i]),
                         .tone = Tone::red,
                         .at = imaging::Rect{r.x, r.y, r.w, r.h}});
  }
  (void)view;
  return out;
}

std::string mark_detail(const inspection::Mark& mark) {
  std::string out = certainty_word(mark.region.certainty) + " · " + mark.actor;
  if (!mark.region.note.empty()) out += " · " + mark.region.note;
  return out;
}

const inspection::Mark* last_own_mark(const Crossing& c, const inspection::Actor& actor) {
  for (auto it = c.marks.rbegin(); it != c.marks.rend(); ++it)
    if (it->actor == actor.account) return &*it;
  return nullptr;
}

std::string new_mark_id(const Crossing& c) {
  for (std::size_t n = c.marks.size() + 1;; ++n) {
    const std::string id = "m" + std::to_string(n);
    if (std::none_of(c.marks.begin(), c.marks.end(), [&](const inspection::Mark& m) { return m.id == id; }))
      return id;
  }
}

std::vector<CompareWith> compare_sources(const lane::LaneView& view, const std::string& crossing) {
  std::vector<CompareWith> out;
  for (const auto& image : view.images) {
    if (image.earlier_of != crossing || crossing.empty() || !image.image || !image.reference.empty()) continue;
    out.push_back({.key = "scan/" + image.scan,
                   .image = &image,
                   .words = trf(tr("Earlier scan, {}"), day_and_time(image.taken_wall_us)),
                   .detail = image.matched});
  }
  for (const auto& name : view.library) {
    const bool empty = name.rfind("empty", 0) == 0;
    const auto here = std::find_if(view.images.begin(), view.images.end(), [&](const lane::ImageView& i) {
      return i.earlier_of == crossing && i.reference == name && i.image;
    });
    out.push_back({.key = "library/" + name,
                   .image = here == view.images.end() ? nullptr : &*here,
                   .library = name,
                   .words = trf(empty ? tr("Empty: {}") : tr("Library: {}"), name),
                   .detail = empty ? tr("An empty one to hold it against") : tr("A picture kept as an example")});
  }
  return out;
}

}  // namespace torugart::screens
