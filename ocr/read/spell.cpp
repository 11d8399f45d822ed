#include "ocr/read/spell.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace torugart::ocr::detail {
namespace {

constexpr double stride = 4;
constexpr double unit = 16;  // sizes are logarithms of sixteenths
constexpr double least_present = 0.3;
// From the peak's logit to how often a character is there: focal losses leave peaks too low. Set by eye until verdicts
// are calibrated on drawn frames; the threshold above is of the raw peak.
constexpr double sure_gain = 3.7;
constexpr double sure_bias = 2.0;
constexpr std::size_t most_glyphs = 64;
constexpr std::size_t most_choices = 5;
constexpr int planes_before_classes = 3;  // present, width, height
constexpr float longest_log = 3;          // twenty times the unit: nothing on a canvas is larger
constexpr std::uintmax_t largest_list = 64 << 10U;
constexpr std::size_t least_classes = 2;
constexpr std::size_t most_classes = 1024;
constexpr char32_t replacement = 0xFFFD;

tl::unexpected<Error> error(std::string what, const std::string& where) {
  return tl::unexpected(broken_model(std::move(what), where));
}

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

// Maps as a table: plane, row, column.
class Maps {
 public:
  explicit Maps(const cv::Mat& maps) : maps_(maps) {}
  int planes() const { return maps_.size[1]; }
  int rows() const { return maps_.size[2]; }
  int cols() const { return maps_.size[3]; }
  float at(int plane, int y, int x) const {
    return maps_.ptr<float>(0, plane)[static_cast<std::ptrdiff_t>(y) * cols() + x];
  }

 private:
  const cv::Mat& maps_;
};

// The highest of its 3 x 3 cells; of equal ones the first.
bool peak(const Maps& maps, int y, int x) {
  const float here = maps.at(0, y, x);
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      if ((dy == 0 && dx == 0) || y + dy < 0 || y + dy >= maps.rows() || x + dx < 0 || x + dx >= maps.cols())
        continue;
      const float other = maps.at(0, y + dy, x + dx);
      const bool before = dy < 0 || (dy == 0 && dx < 0);
      if (before ? other >= here : other > here) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<Choice> likeliest(std::vector<double> scores, const std::u32string& classes) {
  const double highest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& s : scores) {
    s = std::exp(s - highest);
    sum += s;
  }
  std::vector<std::size_t> order(classes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t n = std::min(most_choices, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n), order.end(),
                    [&scores](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  std::vector<Choice> out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back({classes[order[i]], scores[order[i]] / sum});
  return out;
}

namespace {

std::vector<Choice> choices_at(const Maps& maps, int y, int x, const std::u32string& classes) {
  std::vector<double> scores(classes.size());
  for (std::size_t k = 0; k < classes.size(); ++k)
    scores[k] = static_cast<double>(maps.at(planes_before_classes + static_cast<int>(k), y, x));
  return likeliest(std::move(scores), classes);
}

// Two peaks on one character: their middles are nearer than characters stand, or one's box lies mostly in the other's.
bool same_character(const SpelledGlyph& a, const SpelledGlyph& b) {
  constexpr float near = 0.45F;
  constexpr float mostly = 0.75F;
  const float dx = std::abs(a.at.x - b.at.x);
  const float dy = std::abs(a.at.y - b.at.y);
  if (dx < near * std::min(a.width, b.width) && dy < near * std::min(a.height, b.height)) return true;
  const float w = std::min({(a.width + b.width) / 2 - dx, a.width, b.width});
  const float h = std::min({(a.height + b.height) / 2 - dy, a.height, b.height});
  return w > 0 && h > 0 && w * h > mostly * std::min(a.width * a.height, b.width * b.height);
}

}  // namespace

tl::expected<std::u32string, Error> parse_classes(const std::string& text, const std::string& name) {
  std::u32string classes;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    ++number;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const std::u32string one = to_code_points(line);
    if (one.size() != 1 || one[0] == replacement || one[0] <= U' ')
      return error(fmt::format("Line {} of the list of characters is not one character", number), name);
    if (classes.find(one[0]) != std::u32string::npos)
      return error(fmt::format("Line {} of the list of characters names {} again", number, line), name);
    if (classes.size() == most_classes) return error("The list of characters is too long", name);
    classes += one[0];
  }
  if (classes.size() < least_classes) return error("The list of characters is empty or cut off", name);
  return classes;
}

tl::expected<std::u32string, Error> read_classes(const std::filesystem::path& txt) {
  const auto file = read_listed(txt, largest_list);
  if (!file) return tl::unexpected(file.error());
  const std::string text(file->bytes.begin(), file->bytes.end());
  return parse_classes(text, txt.string());
}

std::vector<SpelledGlyph> decode_glyphs(const cv::Mat& raw, const std::u32string& classes) {
  CV_Assert(raw.dims == 4 && raw.type() == CV_32F &&
            raw.size[1] == planes_before_classes + static_cast<int>(classes.size()));
  const Maps maps(raw);
  const auto least_logit = static_cast<float>(std::log(least_present / (1 - least_present)));
  struct Cell {
    float logit;
    int y, x;
  };
  std::vector<Cell> peaks;
  for (int y = 0; y < maps.rows(); ++y) {
    for (int x = 0; x < maps.cols(); ++x) {
      if (maps.at(0, y, x) >= least_logit && peak(maps, y, x)) peaks.push_back({maps.at(0, y, x), y, x});
    }
  }
  std::stable_sort(peaks.begin(), peaks.end(), [](const Cell& a, const Cell& b) { return a.logit > b.logit; });
  std::vector<SpelledGlyph> out;
  for (const Cell& cell : peaks) {
    if (out.size() == most_glyphs) break;
    SpelledGlyph glyph;
    glyph.at = {static_cast<float>((cell.x + 0.5) * stride), static_cast<float>((cell.y + 0.5) * stride)};
    const auto side = [&](int plane) {
      const float raw_log = maps.at(plane, cell.y, cell.x);
      const float log = std::isfinite(raw_log) ? std::clamp(raw_log, -longest_log, longest_log) : -longest_log;
      return static_cast<float>(unit * std::exp(static_cast<double>(log)));
    };
    glyph.width = side(1);
    glyph.height = side(2);
    glyph.present = sigmoid(sure_gain * static_cast<double>(cell.logit) + sure_bias);
    if (std::any_of(out.begin(), out.end(), [&glyph](const SpelledGlyph& o) { return same_character(o, glyph); }))
      continue;
    glyph.choices = choices_at(maps, cell.y, cell.x, classes);
    out.push_back(std::move(glyph));
  }
  return out;
}

tl::expected<Speller, Error> Speller::load(const std::filesystem::path& onnx, const std::filesystem::path& txt) {
  auto classes = read_classes(txt);
  if (!classes) return tl::unexpected(classes.error());
  const auto file = read_model(onnx);
  if (!file) return tl::unexpected(file.error());
  std::vector<Net> nets;
  for (std::size_t i = 0; i < canvas_count; ++i) {
    auto net =
        Net::make(*file, size_of(static_cast<Canvas>(i)), planes_before_classes + static_cast<int>(classes->size()));
    if (!net) return tl::unexpected(net.error());
    nets.push_back(std::move(*net));
  }
  return Speller(std::move(nets), std::move(*classes));
}

Speller::Speller(std::vector<Net> nets, std::u32string classes)
    : nets_(std::move(nets)), classes_(std::move(classes)) {}

Spelling Speller::spell(const cv::Mat& grey, const Quad& text, Canvas canvas) {
  Flat flat = flatten(grey, text, canvas);
  return {canvas, flat.to_frame, decode_glyphs(nets_[static_cast<std::size_t>(canvas)].run(flat.picture), classes_)};
}

}  // namespace torugart::ocr::detail
