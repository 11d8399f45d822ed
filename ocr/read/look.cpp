#include "ocr/read/look.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ocr/read/ask_again.h"
#include "ocr/read/judge.h"
#include "ocr/read/merge.h"

namespace torugart::ocr::detail {
namespace {

constexpr double worth_confirming = 0.4;
static_assert(worth_confirming <= sure_plate && worth_confirming <= sure_container,
              "nothing is accepted on one look");
constexpr double good_enough = 0.9;  // a read so sure needs no other look
constexpr double code_good_enough = 0.8;
constexpr double doubtful = 0.5;  // a plate read below this is tried on the other canvas too

// A quadrangle moved and stretched in its own directions; all in shares of its width and height.
Quad moved(const Quad& q, float right, float down, float wider, float taller) {
  const cv::Point2f u = (q[1] - q[0] + q[2] - q[3]) / 2;
  const cv::Point2f v = (q[3] - q[0] + q[2] - q[1]) / 2;
  const cv::Point2f middle = (q[0] + q[1] + q[2] + q[3]) / 4 + u * right + v * down;
  const cv::Point2f half_u = u * (wider / 2);
  const cv::Point2f half_v = v * (taller / 2);
  return {middle - half_u - half_v, middle + half_u - half_v, middle + half_u + half_v, middle - half_u + half_v};
}

// Where another look should be taken: around all lines of this one, or around its best read.
struct Again {
  Quad quad{};
  Canvas canvas = Canvas::line;
};

Again again_at(const Look& look, RegionKind kind, const RegionReads& best) {
  const std::size_t last = look.layout.lines.size() - 1;
  Again again;
  again.quad = mapped(quad_of(look.layout, 0, last), look.spelling.to_frame);
  bool one_line = last == 0;
  if (!best.reads.empty()) {
    again.quad = best.quad;
    one_line = best.reads[0].lines == 1;
  }
  if (look.layout.column) {
    again.canvas = Canvas::column;
  } else if (kind == RegionKind::plate) {
    again.canvas = one_line ? Canvas::line : Canvas::block;
  } else {
    again.canvas = one_line ? Canvas::code : aspect(again.quad) >= 2.1 ? Canvas::wide_block : Canvas::block;
  }
  return again;
}

// Another look is worth its time where it shows the text straighter, whole or larger.
bool worth_another(const Look& look, const Quad& region, const Again& again) {
  constexpr double larger = 1.2;
  const Canvas canvas = look.spelling.canvas;
  return again.canvas != canvas || badly_laid(look.layout, canvas) ||
         scale_on(again.quad, again.canvas) > larger * scale_on(region, canvas);
}

Look together(const Look& first, const Look& second) {
  Look both{merged(first.spelling, second.spelling), {}};
  both.layout = lines_of_glyphs(both.spelling.glyphs, first.layout.column);
  return both;
}

}  // namespace

Reader::Reader(Speller& speller, Namer& namer, const cv::Mat& grey, std::function<bool()> more_time)
    : speller_(speller), namer_(namer), grey_(grey), more_time_(std::move(more_time)) {}

Look Reader::look(const Quad& region, Canvas canvas) {
  Look look{speller_.spell(grey_, region, canvas), {}};
  look.layout = lines_of_glyphs(look.spelling.glyphs, canvas == Canvas::column);
  return look;
}

Look Reader::look_at_plate(const Quad& region, Canvas canvas) {
  Look found = look(region, canvas);
  ask_again(found.spelling, found.layout, grey_, namer_);
  found.layout = lines_of_glyphs(found.spelling.glyphs, false);
  return found;
}

namespace {

// A read that is sure and wrong is seldom wrong in the same way a little larger and aside. Where both looks say the
// same, what they are sure of is taken together. `level`: of the verdict.
void confirm(RegionReads& best, double level, const std::function<RegionReads(const Quad&)>& read_at) {
  if (best.reads.empty() || best.reads[0].sureness < worth_confirming) return;
  const RegionReads other = read_at(moved(best.quad, 0.02F, 0.05F, 1.12F, 1.15F));
  Read& read = best.reads[0];
  const bool same = !other.reads.empty() && other.reads[0].text == read.text;
  read.sureness = same ? (read.sureness + other.reads[0].sureness) / 2 : 0;
  read.verdict = read.sureness >= level ? Verdict::accept : Verdict::ask;
  for (std::size_t i = 1; i < best.reads.size(); ++i)
    doubt(best.reads[i], 0, level);
}

}  // namespace

RegionReads Reader::plate(const Quad& region, const std::vector<std::string>& countries, Place place) {
  RegionReads best = unconfirmed_plate(region, countries, place);
  const bool one_line = !best.reads.empty() && best.reads[0].lines == 1;
  const Canvas canvas = one_line ? Canvas::line : Canvas::block;
  confirm(best, sure_plate,
          [&](const Quad& quad) { return plates_in(look_at_plate(quad, canvas), countries, place); });
  return best;
}

RegionReads Reader::unconfirmed_plate(const Quad& region, const std::vector<std::string>& countries, Place place) {
  const Canvas canvas = canvas_for(RegionKind::plate, false, aspect(region));
  const Look first = look_at_plate(region, canvas);
  RegionReads best = plates_in(first, countries, place);
  code_part_ = part_of_a_code(first.layout);
  if (first.layout.count() < shortest_plate || best.worth() >= good_enough) return best;
  const Again again = again_at(first, RegionKind::plate, best);
  if (worth_another(first, region, again) && more_time_()) {
    RegionReads other = plates_in(look_at_plate(again.quad, again.canvas), countries, place);
    if (beats(other, best)) best = std::move(other);
  }
  if (best.worth() < doubtful && more_time_()) {
    const Canvas other_canvas = canvas == Canvas::line ? Canvas::block : Canvas::line;
    RegionReads other = plates_in(look_at_plate(region, other_canvas), countries, place);
    if (beats(other, best)) best = std::move(other);
  }
  return best;
}

RegionReads Reader::whole_plate(const std::vector<std::string>& countries) {
  const auto w = static_cast<float>(grey_.cols);
  const auto h = static_cast<float>(grey_.rows);
  const Quad picture = {cv::Point2f(0, 0), {w, 0}, {w, h}, {0, h}};
  // A crop has its own margin.
  RegionReads best = plate(moved(picture, 0, 0, 0.94F, 0.88F), countries, Place::crop);
  if (best.worth() < good_enough && more_time_()) {
    RegionReads other = plate(moved(picture, 0, 0, 1.1F, 1.15F), countries, Place::crop);
    if (beats(other, best)) best = std::move(other);
  }
  return best;
}

std::string Reader::size_type_beside(const Quad& code, bool vertical, std::size_t lines) {
  // Below a code and beginning with it; right of a column, or where a column goes on.
  const auto each = 1.0F / static_cast<float>(lines);
  const Quad there = vertical ? moved(code, 1.3F, 0, 1, 1) : moved(code, 0, 0.5F + 0.7F * each, 1, each);
  const Look found = look(there, vertical ? Canvas::column : Canvas::code);
  return size_type_in(found.layout, 0);
}

RegionReads Reader::container(const Quad& region, bool vertical, const OwnerTable* owners) {
  const Canvas canvas = canvas_for(RegionKind::code, vertical, aspect(region));
  const auto good = [owners](const RegionReads& r) {
    return !r.reads.empty() && r.reads[0].check_digit && (owners == nullptr || r.reads[0].owner_known) &&
           r.reads[0].confidence >= code_good_enough;
  };
  const Look first = look(region, canvas);
  RegionReads best = containers_in(first, owners);
  Look seen = first;
  const auto try_at = [&](const Quad& quad, Canvas on) {
    seen = look(quad, on);
    RegionReads other = containers_in(seen, owners);
    if (other.worth() > best.worth()) best = std::move(other);
  };
  if (!good(best) && first.layout.count() >= shortest_part && more_time_()) {
    const Again again = again_at(first, RegionKind::code, best);
    if (worth_another(first, region, again)) try_at(again.quad, again.canvas);
  }
  // A lock rod between owner and number, or the box around the check digit, may have ended the region too early.
  for (int i = 0; i < 2 && !good(best) && more_time_(); ++i) {
    const auto whole = whole_code_around(seen.layout);
    if (!whole) break;
    try_at(mapped(*whole, seen.spelling.to_frame), vertical ? Canvas::column : Canvas::code);
  }
  // Slightly other cuts, each by itself and all together.
  if (!good(best) && seen.layout.count() >= shortest_code - 1) {
    const Quad whole = best.reads.empty()
                           ? mapped(quad_of(seen.layout, 0, seen.layout.lines.size() - 1), seen.spelling.to_frame)
                           : best.quad;
    const Canvas on = seen.spelling.canvas;
    std::optional<Look> all;
    for (const auto& [right, down, wider, taller] :
         {std::array{0.01F, 0.04F, 1.05F, 1.2F}, std::array{-0.01F, -0.05F, 1.1F, 1.35F}}) {
      if (good(best) || !more_time_()) break;
      try_at(moved(whole, right, down, wider, taller), on);
      all = all ? together(*all, seen) : seen;
      RegionReads other = containers_in(*all, owners);
      if (other.worth() > best.worth()) best = std::move(other);
    }
  }
  if (!best.reads.empty()) {
    const Canvas on = vertical                   ? Canvas::column
                      : best.reads[0].lines == 1 ? Canvas::code
                                                 : canvas_for(RegionKind::code, false, aspect(best.quad));
    confirm(best, sure_container, [&](const Quad& quad) { return containers_in(look(quad, on), owners); });
  }
  if (!best.reads.empty() && best.reads[0].check_digit && best.reads[0].size_type.empty() && more_time_()) {
    const auto lines = static_cast<std::size_t>(std::max(1, best.reads[0].lines));
    const std::string size_type = size_type_beside(best.quad, vertical, lines);
    for (Read& read : best.reads)
      read.size_type = size_type;
  }
  return best;
}

}  // namespace torugart::ocr::detail
