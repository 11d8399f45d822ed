// Pictures for the fake lane: drawn, not recorded, and the same every time.
#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "tests/support/fake_lane.h"

namespace torugart::tests {

namespace {

struct Solid {  // thickness in cm of something, over a rectangle given in thousandths of the picture
  double x, y, w, h, cm;
  double mu_high, mu_low;  // per cm
};

// Attenuation as physics has it, roughly: steel, aluminium, organic.
constexpr double kSteelHigh = 0.30, kSteelLow = 0.345, kAluHigh = 0.10, kAluLow = 0.118, kWoodHigh = 0.036,
                 kWoodLow = 0.0445;

double noise(std::uint32_t& seed) {
  seed = seed * 1664525U + 1013904223U;
  return static_cast<double>(seed >> 8U) / 16777216.0 - 0.5;
}

void wheel(std::vector<Solid>& solids, double x) {
  for (int i = 0; i < 12; ++i) {  // a disc from strips
    const double a = (i + 0.5) / 12 * 2 - 1, half = std::sqrt(1 - a * a);
    solids.push_back({x + a * 17, 880 - half * 62, 34.0 / 12 + 0.4, half * 124, 14, kWoodHigh, kWoodLow});
    if (std::abs(a) < 0.55)
      solids.push_back({x + a * 17, 880 - 34 * half, 34.0 / 12 + 0.4, 68 * half, 5, kSteelHigh, kSteelLow});
  }
}

std::vector<Solid> truck(bool with_box) {
  std::vector<Solid> s;
  const double st = kSteelHigh, sl = kSteelLow;
  s.push_back({50, 330, 110, 460, 1.2, st, sl});            // cab
  s.push_back({62, 350, 84, 190, -0.7, st, sl});            // its window
  s.push_back({70, 620, 78, 190, 9, st, sl});               // engine
  s.push_back({96, 560, 40, 90, 22, kWoodHigh, kWoodLow});  // driver's seat
  s.push_back({180, 795, 770, 40, 4.2, st, sl});            // chassis
  s.push_back({200, 170, 745, 618, 0.45, st, sl});          // container walls
  s.push_back({200, 170, 745, 10, 1.6, st, sl});
  s.push_back({200, 772, 745, 18, 2.2, st, sl});
  s.push_back({200, 170, 6, 618, 3.2, st, sl});
  s.push_back({939, 170, 6, 618, 3.2, st, sl});
  for (int i = 0; i < 46; ++i)
    s.push_back({206 + i * 16.0, 182, 2.4, 590, 0.35, st, sl});  // ribs
  for (int col = 0; col < 9; ++col)
    for (int row = 0; row < 4; ++row) {
      if (col == 5 && row < 2) continue;
      const double fill = 46 + 17 * ((col * 7 + row * 5) % 4);
      s.push_back({212 + col * 80.0, 300 + row * 118.0, 74, 112, fill, kWoodHigh, kWoodLow});
    }
  if (with_box) {
    s.push_back({580, 470, 66, 200, 10, st, sl});  // what the declaration does not know
    s.push_back({596, 520, 30, 60, 9, st, sl});
  }
  s.push_back({860, 560, 60, 200, 26, kAluHigh, kAluLow});
  for (const double x : {105.0, 690.0, 742.0, 794.0})
    wheel(s, x);
  wheel(s, 215.0);
  return s;
}
}  // namespace

namespace {
std::shared_ptr<const imaging::ScanImage> draw_truck(int columns, int rows, bool calibrated, bool with_box);
}

std::shared_ptr<const imaging::ScanImage> truck_picture(int columns, int rows, bool calibrated, bool with_box) {
  static std::map<std::tuple<int, int, bool, bool>, std::shared_ptr<const imaging::ScanImage>> drawn;
  auto& picture = drawn[{columns, rows, calibrated, with_box}];
  if (!picture) picture = draw_truck(columns, rows, calibrated, with_box);
  return picture;
}

namespace {
std::shared_ptr<const imaging::ScanImage> draw_truck(int columns, int rows, bool calibrated, bool with_box) {
  std::vector<double> high(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0), low = high;
  for (const auto& s : truck(with_box)) {
    const int x0 = std::max(0, static_cast<int>(s.x / 1000 * columns)),
              x1 = std::min(columns, static_cast<int>((s.x + s.w) / 1000 * columns) + 1);
    const int y0 = std::max(0, static_cast<int>(s.y / 1000 * rows)),
              y1 = std::min(rows, static_cast<int>((s.y + s.h) / 1000 * rows) + 1);
    for (int y = y0; y < y1; ++y)
      for (int x = x0; x < x1; ++x) {
        const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(x);
        high[at] += s.cm * s.mu_high;
        low[at] += s.cm * s.mu_low;
      }
  }
  imaging::Raster16 h(columns, rows), l(columns, rows);
  std::uint32_t seed = 7;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(x);
      auto code = [&](double alpha) {
        const double t = std::exp(-std::max(0.0, alpha));
        return imaging::code_of(static_cast<float>(t + std::sqrt(t) * 0.008 * noise(seed)));
      };
      h.at(x, y) = code(high[at]);
      l.at(x, y) = code(low[at]);
    }
  auto image = std::make_shared<imaging::ScanImage>();
  image->view = imaging::make_view(h, l);
  image->view.revision = 1;
  auto& s = image->statistics;
  s.lines = columns;
  s.calibrated = calibrated;
  s.calibration = calibrated ? imaging::CalibrationVerdict::good : imaging::CalibrationVerdict::none;
  s.calibration_age_s = 22.0 * 60;
  s.geometry_calibrated = calibrated;
  s.pixel_mm = calibrated ? 6.0 : 0.0;
  return image;
}

void box(std::vector<std::uint8_t>& bgr, int width, int height, int x, int y, int w, int h, int b, int g, int r) {
  for (int j = std::max(0, y); j < std::min(height, y + h); ++j)
    for (int i = std::max(0, x); i < std::min(width, x + w); ++i) {
      const auto at =
          (static_cast<std::size_t>(j) * static_cast<std::size_t>(width) + static_cast<std::size_t>(i)) * 3;
      bgr[at] = static_cast<std::uint8_t>(b);
      bgr[at + 1] = static_cast<std::uint8_t>(g);
      bgr[at + 2] = static_cast<std::uint8_t>(r);
    }
}
}  // namespace

hal::Frame camera_frame(const std::string& id, const std::string& position, std::uint64_t sequence) {
  constexpr int w = 640, h = 360;
  auto bgr = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(w * h * 3));
  for (int y = 0; y < h; ++y)
    box(*bgr, w, h, 0, y, w, 1, 96 + y / 5, 92 + y / 5, 88 + y / 5);
  box(*bgr, w, h, 0, 270, w, 90, 62, 64, 66);
  const bool side = position == "side";
  box(*bgr, w, h, side ? 0 : 170, 60, side ? w : 300, 220, 116, 64, 40);
  if (position == "front") box(*bgr, w, h, 190, 80, 260, 90, 70, 60, 50);
  box(*bgr, w, h, 270, 290, 110, 30, 236, 236, 236);
  box(*bgr, w, h, 190, 315, 60, 36, 24, 24, 26);
  box(*bgr, w, h, 400, 315, 60, 36, 24, 24, 26);
  hal::Frame frame;
  frame.camera = id;
  frame.position = position;
  frame.sequence = sequence;
  frame.width = w;
  frame.height = h;
  frame.bgr = bgr;
  return frame;
}

lane::Picture plate_crop(int tint) {
  constexpr int w = 220, h = 64;
  auto bgr = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(w * h * 3));
  box(*bgr, w, h, 0, 0, w, h, 226 - tint, 230 - tint, 232);
  for (int i = 0; i < 8; ++i)
    box(*bgr, w, h, 14 + i * 25, 14, 14, 36, 40, 36, 34);
  return {w, h, bgr};
}

}  // namespace torugart::tests
