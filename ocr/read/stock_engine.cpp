// First engine: ocr/find's lines -> Tesseract -> grammars. See ocr/read/README.md for the flow.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <opencv2/imgproc.hpp>

#include "ocr/find/fields.h"
#include "ocr/find/lines.h"
#include "ocr/find/row.h"
#include "ocr/numbers/plates.h"
#include "ocr/numbers/wording.h"
#include "ocr/read/agree.h"
#include "ocr/read/codes.h"
#include "ocr/read/engine.h"
#include "ocr/read/frame.h"
#include "ocr/read/judge.h"
#include "ocr/read/line_reader.h"

namespace torugart::ocr {
namespace {

using Clock = std::chrono::steady_clock;
using detail::LineReader;

constexpr std::size_t most_reads = 5;
constexpr int glyph_height = 32;  // what Tesseract's line model reads best, with the margins of straighten()
constexpr int crop_height = 96;   // plate crops are brought to at least this height before lines are sought

constexpr double count_differs = 0.8;       // more or fewer characters than pieces of ink
constexpr double part_of_two_lines = 0.55;  // one line of a plate whose two lines were read

constexpr double either_script = 0.75;  // most certainty of a character that may be Latin or Cyrillic
constexpr double fits_loosely = 0.75;
constexpr double firm_field = 0.8;  // a plate on its field read so surely ends the search for plates

const std::string latin_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const std::string mongolian_alphabet = "АБВГДЕЖЗИКЛМНОӨПРСТУҮФХЦЧШЭЮЯЬ0123456789";

cv::Rect bounds(const std::array<cv::Point2f, 4>& quad) {
  return cv::boundingRect(std::vector<cv::Point2f>(quad.begin(), quad.end()));
}

double covered(const cv::Rect& a, const cv::Rect& b) {
  return static_cast<double>((a & b).area()) / std::max(1, std::min(a.area(), b.area()));
}

void append(Seen& to, const Seen& more) {
  to.text += more.text;
  to.confidences.insert(to.confidences.end(), more.confidences.begin(), more.confidences.end());
  to.choices.insert(to.choices.end(), more.choices.begin(), more.choices.end());
}

double mean(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v)
    sum += x;
  return v.empty() ? 0 : sum / static_cast<double>(v.size());
}

// A line of a two-line plate is a text of its own and often fits some grammar; where the whole was read, the part is
// worth less.
void demote_parts(std::vector<Read>& all) {
  for (Read& part : all) {
    const bool of_a_whole = std::any_of(all.begin(), all.end(), [&part](const Read& whole) {
      return part.lines == 1 && whole.lines == 2 && !whole.country.empty() && whole.confidence > 0.4 &&
             part.box.area() < whole.box.area() && covered(part.box, whole.box) > 0.7;
    });
    if (!of_a_whole) continue;
    part.confidence *= part_of_two_lines;
    part.verdict = Verdict::ask;
  }
}

// Keeps the best reads that do not repeat one another: neither the same text nor another read of the same place that
// is worse, save that the place's own other candidates stay as second choices.
void keep(std::vector<Read>& all) {
  std::stable_sort(all.begin(), all.end(),
                   [](const Read& a, const Read& b) { return detail::worth(a) > detail::worth(b); });
  std::vector<Read> out;
  for (Read& read : all) {
    if (out.size() == most_reads) break;
    const bool known = std::any_of(out.begin(), out.end(), [&read](const Read& o) { return o.text == read.text; });
    if (!known) out.push_back(std::move(read));
  }
  all.swap(out);
}

bool firm_plate(const std::string& text) {
  const auto found = parse_plate({text, {}}, {{}, 12});
  return std::any_of(found.begin(), found.end(),
                     [](const PlateCandidate& c) { return c.repair_cost == 0 && !c.loose; });
}

class StockEngine final : public Engine {
 public:
  StockEngine(LineReader latin, std::optional<LineReader> second, std::optional<LineReader> mongolian,
              std::optional<OwnerTable> owners)
      : latin_(std::move(latin)),
        second_(std::move(second)),
        mongolian_(std::move(mongolian)),
        owners_(std::move(owners)) {}

  std::string name() const override { return "stock (OpenCV, Tesseract 5)"; }

  FrameReads read(const cv::Mat& frame, const ReadOptions& options) override {
    const auto start = Clock::now();
    FrameReads reads;
    try {
      deadline_ = start + options.budget;
      const detail::WorkFrame work = detail::work_frame(frame);
      if (!work.grey.empty()) {
        if (options.cropped_plate) {
          read_crop(work, frame, options, reads);
        } else if (options.plates || options.containers) {
          read_frame(work, frame, options, reads);
        }
        if (options.codes) reads.codes = read_codes(frame);
      }
    } catch (const std::exception&) {
      // OpenCV or memory gave up on this picture: what was read until then stands.
    }
    demote_parts(reads.plates);
    keep(reads.plates);
    keep(reads.containers);
    reads.ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    return reads;
  }

 private:
  struct Place {
    cv::Rect box;
    std::array<cv::Point2f, 4> quad{};
    std::shared_ptr<const cv::Mat> crop;
  };

  const OwnerTable* owners() const { return owners_ ? &*owners_ : nullptr; }

  static Place place(const TextRegion& region, const cv::Mat& frame, double to_frame) {
    Place p;
    p.quad = region_quad(region);
    for (cv::Point2f& point : p.quad)
      point *= to_frame;
    const cv::Rect whole(0, 0, frame.cols, frame.rows);
    p.box = bounds(p.quad) & whole;
    const int margin = std::max(2, static_cast<int>(0.25 * region.lines[0].glyph_height * to_frame));
    const cv::Rect around =
        cv::Rect(p.box.x - margin, p.box.y - margin, p.box.width + 2 * margin, p.box.height + 2 * margin) & whole;
    if (!around.empty()) {
      cv::Mat part = frame(around);
      const double by = std::min({1.0, 400.0 / part.cols, 200.0 / part.rows});
      cv::Mat small;
      cv::resize(part, small,
                 {std::max(1, static_cast<int>(part.cols * by)), std::max(1, static_cast<int>(part.rows * by))}, 0, 0,
                 cv::INTER_AREA);
      p.crop = std::make_shared<const cv::Mat>(detail::bgr8(small));
    }
    return p;
  }

  static void put(std::vector<Read>& into, std::vector<Read> reads, const Place& where, Orientation orientation) {
    for (Read& read : reads) {
      read.box = where.box;
      read.quad = where.quad;
      read.crop = where.crop;
      read.orientation = orientation;
      into.push_back(std::move(read));
    }
  }

  // Text of one line. As many characters as pieces of ink is the best sign of a good reading; a reading that fails it
  // gets two more tries at other sizes.
  static Seen see_line(LineReader& reader, const cv::Mat& grey, const TextLine& line, double widen = 0) {
    Seen first = reader.read(straighten(grey, line, glyph_height, widen));
    if (widen > 0 || line.glyphs.empty() || first.confidences.size() < 2) return first;
    const std::size_t read = first.confidences.size();
    const std::size_t pieces = line.glyphs.size();
    // A text far off in length or doubted throughout is no number badly read but something else.
    const bool near = read <= pieces + 2 && pieces <= read + 2;
    if (read == pieces || !near || mean(first.confidences) < 0.65) return first;
    for (const int height : {44, 24}) {
      Seen again = reader.read(straighten(grey, line, height));
      if (again.confidences.size() == pieces) return again;
    }
    return first;
  }

  static Seen see(LineReader& reader, const cv::Mat& grey, const TextRegion& region, double widen = 0) {
    Seen seen;
    for (const TextLine& line : region.lines)
      append(seen, see_line(reader, grey, line, widen));
    return seen;
  }

  static std::size_t serial_length(const TextRegion& region) { return region.lines.size() == 2 ? 6 : 10; }

  LineReader& second() { return second_ ? *second_ : latin_; }

  // The code with its characters cut out one by one, read several times by both readers. Only when the pieces are those
  // of a code: ten and a boxed or an eleventh one.
  std::vector<Read> cut_container(const cv::Mat& grey, const TextRegion& found) {
    TextRegion region = found;
    for (TextLine& line : region.lines)
      line = parted(grey, line);
    const std::size_t serial = serial_length(region);
    const TextLine& last = region.lines.back();
    std::vector<cv::Mat> characters;
    if (region.lines.size() == 2) {
      if (region.lines[0].glyphs.size() != 4) return {};
      characters = cut_out(grey, region.lines[0], 4);
    }
    if (last.glyphs.size() < serial || last.glyphs.size() > serial + 2) return {};
    const auto of_last = cut_out(grey, last, serial);
    characters.insert(characters.end(), of_last.begin(), of_last.end());
    cv::Mat digit = boxed_digit(grey, last, serial);
    if (digit.empty() && last.glyphs.size() > serial) digit = cut_out(grey, last, serial + 1).back();
    characters.push_back(digit);
    if (std::any_of(characters.begin(), characters.end(), [](const cv::Mat& c) { return c.empty(); })) return {};
    const auto at = [&](LineReader& reader, int height, double spacing) {
      return reader.read(set_in_a_row(characters, height, spacing));
    };
    std::vector<Seen> readings = {at(latin_, glyph_height, 0.2), at(second(), 36, 0.2)};
    const auto hopeless = [](const Seen& s) { return s.confidences.size() < 9 || s.confidences.size() > 13; };
    if (std::all_of(readings.begin(), readings.end(), hopeless)) return {};
    readings.push_back(at(latin_, 44, 0.25));
    readings.push_back(at(latin_, 28, 0.3));
    readings.push_back(at(second(), 44, 0.28));
    return detail::judge_container(detail::agreed(readings, characters.size()), owners());
  }

  // A number in order in every respect but the reader's certainty is read at other sizes and by the second reader; if
  // they agree on a character it is sure.
  void confirm_container(const cv::Mat& grey, const TextRegion& region, bool boxed, std::vector<Read>& containers) {
    if (containers.empty()) return;
    Read& read = containers.front();
    const bool in_order = read.check_digit && read.owner_known && read.repair_cost < 1.0;
    if (!in_order || read.min_confidence() >= 0.93 || late()) return;
    const auto at = [&](LineReader& reader, int height) {
      Seen seen;
      for (const TextLine& line : region.lines) {
        const bool last = &line == &region.lines.back();
        append(seen,
               reader.read(last && boxed ? straighten_with_boxed_digit(grey, line, height, serial_length(region))
                                         : straighten(grey, line, height)));
      }
      return seen;
    };
    const std::size_t pieces = to_code_points(read.raw_text).size();
    const std::vector<Seen> readings = {at(latin_, glyph_height), at(latin_, 44), at(latin_, 26), at(second(), 36),
                                        at(second(), 48)};
    const Seen seen = detail::agreed(readings, pieces);
    if (seen.text.empty()) return;
    auto again = detail::judge_container(seen, owners());
    if (again.empty() || again.front().text != read.text) return;
    if (again.front().min_confidence() > read.min_confidence()) read = again.front();
  }

  // The code read again with its check digit freed from the box around it.
  std::vector<Read> with_boxed_digit(const cv::Mat& grey, const TextRegion& region) {
    const cv::Mat last = straighten_with_boxed_digit(grey, region.lines.back(), glyph_height, serial_length(region));
    if (last.empty()) return {};
    Seen seen;
    if (region.lines.size() == 2) seen = see_line(latin_, grey, region.lines[0]);
    append(seen, latin_.read(last));
    return detail::judge_container(seen, owners());
  }

  // A reader that is sure and wrong is seldom wrong in the same way at another size and softness.
  bool same_at_other_sizes(const cv::Mat& grey, const TextRegion& region, const Read& read) {
    LineReader& reader = read.country == "MN" && mongolian_ ? *mongolian_ : latin_;
    for (const int height : {24, 44}) {
      std::string text;
      for (const TextLine& line : region.lines) {
        cv::Mat picture = straighten(grey, line, height);
        if (height < glyph_height) cv::GaussianBlur(picture, picture, {}, 0.8);
        text += reader.read(picture).text;
      }
      // The boxed digit of a container is not in these pictures.
      const bool same =
          text == read.raw_text || (read.check_digit && read.raw_text.rfind(text, 0) == 0 && text.size() >= 10);
      if (!same) return false;
    }
    return true;
  }

  bool late() const { return Clock::now() >= deadline_; }

  // True when something worth having was read.
  bool read_region(const cv::Mat& grey, const TextRegion& region, const cv::Mat& frame, double to_frame,
                   const ReadOptions& options, FrameReads& reads) {
    const bool vertical = region.lines[0].vertical;
    if (options.containers) {
      auto cut = cut_container(grey, region);
      if (!cut.empty() && cut[0].check_digit && cut[0].owner_known && cut[0].repair_cost < 1.0) {
        put(reads.containers, std::move(cut), place(region, frame, to_frame),
            vertical ? Orientation::vertical : Orientation::horizontal);
        return true;
      }
    }
    const Seen seen = see(latin_, grey, region);
    std::size_t glyphs = 0;
    for (const TextLine& line : region.lines)
      glyphs += line.glyphs.size();
    if (seen.confidences.size() < 4 || mean(seen.confidences) < 0.4 || is_weight_table(seen.text)) return false;

    std::vector<Read> plates;
    std::vector<Read> containers;
    bool boxed = false;
    if (options.containers && seen.confidences.size() >= 10) containers = detail::judge_container(seen, owners());
    if (!containers.empty() && !containers[0].check_digit) {
      auto better = with_boxed_digit(grey, region);
      if (!better.empty() && better[0].check_digit) {
        better.insert(better.end(), containers.begin(), containers.end());
        containers = std::move(better);
        glyphs = 11;
        boxed = true;
      }
    }
    confirm_container(grey, region, boxed, containers);
    std::erase_if(containers, [](const Read& r) { return !r.check_digit && r.confidence < 0.15; });
    const bool sure_container = !containers.empty() && containers[0].check_digit && containers[0].owner_known;
    if (options.plates && !vertical && !sure_container) {
      const int lines = static_cast<int>(region.lines.size());
      plates = detail::judge_plate(seen, lines, options.countries);
      // The first or last characters may stand outside the chain that was found, behind a bar or a flag.
      for (const double widen : {0.7, 1.8}) {
        if (!plates.empty() && plates[0].confidence >= 0.75) break;
        auto again = detail::judge_plate(see(latin_, grey, region, widen), lines, options.countries);
        if (!again.empty() && (plates.empty() || again[0].confidence > plates[0].confidence))
          plates = std::move(again);
      }
      if (mongolian_ && expects(options, "MN") && maybe_mongolian(seen)) {
        const Seen cyrillic = see(*mongolian_, grey, region);
        auto again = detail::judge_plate(cyrillic, lines, {"MN"});
        std::erase_if(again, [](const Read& r) { return r.country != "MN"; });
        // The stock Cyrillic model is at times sure and wrong, and a Latin reading of a Cyrillic plate is sure as
        // well: where both scripts fit, an inspector decides.
        if (std::any_of(again.begin(), again.end(), [](const Read& r) { return r.confidence >= 0.5; })) {
          for (auto* all : {&plates, &again}) {
            for (Read& read : *all) {
              for (double& c : read.char_confidences)
                c = std::min(c, either_script);
              read.verdict = Verdict::ask;
            }
          }
        }
        plates.insert(plates.end(), again.begin(), again.end());
      }
    }
    if (plates.empty() && containers.empty()) return false;
    // As many characters as pieces of ink, and the same at another size, or the read is not to be trusted unseen.
    for (auto* all : {&plates, &containers}) {
      for (Read& read : *all) {
        if (read.verdict != Verdict::accept) continue;
        if (detail::characters_seen(read) != glyphs || !same_at_other_sizes(grey, region, read)) {
          read.verdict = Verdict::ask;
        }
      }
    }
    for (Read& read : plates) {
      if (to_code_points(read.raw_text).size() != glyphs && glyphs > 0) read.confidence *= count_differs;
    }
    const Place where = place(region, frame, to_frame);
    put(reads.plates, std::move(plates), where, Orientation::horizontal);
    put(reads.containers, std::move(containers), where, vertical ? Orientation::vertical : Orientation::horizontal);
    return true;
  }

  static bool expects(const ReadOptions& options, const std::string& country) {
    return options.countries.empty() ||
           std::find(options.countries.begin(), options.countries.end(), country) != options.countries.end();
  }

  static bool maybe_mongolian(const Seen& seen) {
    const std::u32string text = to_code_points(seen.text);
    if (text.size() < 6 || text.size() > 9) return false;
    return std::count_if(text.begin(), text.begin() + 4, [](char32_t c) { return c >= U'0' && c <= U'9'; }) >= 3;
  }

  enum class FieldRead { nothing, likely, firm };

  // A plate's field of its own: whether it has a number in it, and whether that needs no other look.
  FieldRead read_field(const PlateField& field, const cv::Mat& frame, double to_frame, const ReadOptions& options,
                       FrameReads& reads) {
    const std::size_t pieces = field.glyphs.size();
    std::vector<Seen> readings = {latin_.read(in_a_row(field, glyph_height)), second().read(in_a_row(field, 36))};
    const auto near = [&](const Seen& s) {
      return s.confidences.size() + 2 >= pieces && s.confidences.size() <= pieces + 2;
    };
    if (std::none_of(readings.begin(), readings.end(), near)) return FieldRead::nothing;
    readings.push_back(latin_.read(in_a_row(field, 44)));
    readings.push_back(latin_.read(in_a_row(field, glyph_height, 0.32)));
    readings.push_back(second().read(in_a_row(field, 44, 0.28)));
    Seen seen = detail::agreed(readings, pieces);
    if (seen.text.empty()) return FieldRead::nothing;

    // Where the mark stands tells the country when the number leaves it open.
    std::vector<std::string> countries = options.countries;
    constexpr double room_for_a_mark = 0.8;
    const bool kyrgyz = pieces == 8 && gap_after(field, 2) > room_for_a_mark;
    const bool uzbek = pieces == 8 && gap_after(field, 8) > room_for_a_mark;
    if (kyrgyz != uzbek) countries = {kyrgyz ? "KG" : "UZ"};
    auto plates = detail::judge_plate(seen, 1, countries);
    if (plates.empty()) return FieldRead::nothing;
    if (!plates.front().country.empty()) {
      // 0 and O are one shape: the grammar tells which it is, and that is no repair.
      std::string printed = plates.front().text;
      if (detail::characters_seen(plates.front()) + 2 == printed.size()) printed.erase(2, 2);
      seen = detail::same_shapes_as(seen, printed);
      plates = detail::judge_plate(seen, 1, countries);
    }
    for (Read& read : plates) {
      if (kyrgyz && read.country == "KG" && read.text.size() == 10)
        read.char_confidences[2] = read.char_confidences[3] = 0.95;
      if (detail::characters_seen(read) != pieces) {
        read.verdict = Verdict::ask;
        read.confidence *= count_differs;
      }
      // Readers agree on a part of a plate as well as on the whole; only a grammar tells.
      if (!firm_plate(read.text)) read.confidence *= fits_loosely;
    }
    const Read& best = plates.front();
    const bool likely = best.repair_cost < 1.0 && detail::characters_seen(best) == pieces && firm_plate(best.text);
    const bool firm = likely && best.confidence > firm_field;
    Place where;
    where.quad = field.quad;
    for (cv::Point2f& point : where.quad)
      point *= to_frame;
    where.box = bounds(where.quad) & cv::Rect(0, 0, frame.cols, frame.rows);
    if (!where.box.empty()) {
      cv::Mat small;
      const double by = std::min({1.0, 400.0 / where.box.width, 200.0 / where.box.height});
      cv::resize(frame(where.box), small, {}, by, by, cv::INTER_AREA);
      where.crop = std::make_shared<const cv::Mat>(detail::bgr8(small));
    }
    put(reads.plates, std::move(plates), where, Orientation::horizontal);
    return firm ? FieldRead::firm : likely ? FieldRead::likely : FieldRead::nothing;
  }

  void read_frame(const detail::WorkFrame& work, const cv::Mat& frame, const ReadOptions& asked, FrameReads& reads) {
    ReadOptions options = asked;
    std::vector<cv::Rect> fields;  // with a number in them, not surely read
    if (options.plates) {
      for (const PlateField& field : find_fields(work.grey)) {
        if (late()) break;
        const FieldRead got = read_field(field, frame, work.to_frame, options, reads);
        if (got == FieldRead::firm) options.plates = false;
        if (got == FieldRead::likely) fields.push_back(bounds(field.quad));
      }
      // A plate on its field was read: lettering elsewhere is none.
      if (!options.plates && !options.containers) return;
    }
    FindOptions find;
    find.vertical = options.containers;
    find.plates = options.plates;
    find.containers = options.containers;
    std::vector<cv::Rect> done;
    for (const TextRegion& region : find_text(work.grey, find)) {
      if (late()) {
        reads.out_of_time = true;
        break;
      }
      const cv::Rect box = bounds(region_quad(region));
      const bool seen =
          std::any_of(done.begin(), done.end(), [&box](const cv::Rect& d) { return covered(d, box) > 0.5; });
      if (seen) continue;
      ReadOptions here = options;
      if (!fields.empty() && here.plates) {
        here.plates =
            std::any_of(fields.begin(), fields.end(), [&box](const cv::Rect& f) { return covered(f, box) > 0.5; });
        if (!here.plates && !here.containers) continue;
      }
      if (read_region(work.grey, region, frame, work.to_frame, here, reads) && good(reads, options))
        done.push_back(box);
    }
  }

  // The last region gave a read that needs no second look at the same place.
  static bool good(const FrameReads& reads, const ReadOptions& options) {
    const auto sure = [](const std::vector<Read>& all) {
      return std::any_of(all.begin(), all.end(), [](const Read& r) { return r.confidence > 0.85; });
    };
    return (options.plates && sure(reads.plates)) || sure(reads.containers);
  }

  void read_crop(const detail::WorkFrame& work, const cv::Mat& frame, const ReadOptions& options, FrameReads& reads) {
    cv::Mat grey = work.grey;
    double to_frame = work.to_frame;
    const int height = grey.rows;
    if (height < crop_height || height > 3 * crop_height) {
      double by = static_cast<double>(height < crop_height ? crop_height : 2 * crop_height) / height;
      by = std::min(by, 1200.0 / grey.cols);
      cv::resize(grey, grey, {}, by, by, by > 1 ? cv::INTER_CUBIC : cv::INTER_AREA);
      to_frame /= by;
    }
    FindOptions find;
    find.vertical = false;
    find.containers = false;
    find.min_glyph = grey.rows * 0.2;
    find.max_glyph = grey.rows;
    find.most = 5;
    ReadOptions plate_only = options;
    plate_only.containers = false;
    for (const TextRegion& region : find_text(grey, find)) {
      if (late()) break;
      read_region(grey, region, frame, to_frame, plate_only, reads);
    }
    const bool satisfied = std::any_of(reads.plates.begin(), reads.plates.end(),
                                       [](const Read& r) { return !r.country.empty() && r.confidence > 0.7; });
    if (!satisfied && !late()) read_region(grey, whole_as_line(grey), frame, to_frame, plate_only, reads);
  }

  // No chain was found or none read well: the crop itself is taken for one line, without its rim.
  static TextRegion whole_as_line(const cv::Mat& grey) {
    TextLine line;
    const auto w = static_cast<float>(grey.cols);
    const auto h = static_cast<float>(grey.rows);
    line.quad = {cv::Point2f(0.02F * w, 0.14F * h), cv::Point2f(0.98F * w, 0.14F * h),
                 cv::Point2f(0.98F * w, 0.86F * h), cv::Point2f(0.02F * w, 0.86F * h)};
    line.glyph_height = 0.72 * grey.rows;
    // Lettering covers less than half of a plate.
    line.dark_on_light = cv::mean(grey)[0] > 110;
    return {{line}, 0};
  }

  LineReader latin_;
  std::optional<LineReader> second_, mongolian_;
  std::optional<OwnerTable> owners_;
  Clock::time_point deadline_;
};

}  // namespace

tl::expected<std::unique_ptr<Engine>, Error> make_stock_engine(const StockEngineSettings& settings) {
  auto latin = LineReader::make(settings.tessdata, "eng", latin_alphabet);
  if (!latin) return tl::unexpected(latin.error());
  // A model trained apart from the first for a second opinion. Without it the first is asked at more sizes.
  std::optional<LineReader> second;
  if (auto reader = LineReader::make(settings.tessdata, "deu", latin_alphabet)) second = std::move(*reader);
  // Mongolian plates are Cyrillic. Without its model the rest is read all the same.
  std::optional<LineReader> mongolian;
  if (auto reader = LineReader::make(settings.tessdata, "mon", mongolian_alphabet)) mongolian = std::move(*reader);
  std::optional<OwnerTable> owners;
  if (!settings.owners.empty()) {
    auto table = OwnerTable::load(settings.owners);
    if (!table) return tl::unexpected(table.error());
    owners = std::move(*table);
  }
  return std::make_unique<StockEngine>(std::move(*latin), std::move(second), std::move(mongolian), std::move(owners));
}

}  // namespace torugart::ocr
