#include "hal/sim/truck_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string>

#include "hal/sim/glyphs.h"
#include "hal/sim/plate_picture.h"
#include "hal/sim/random.h"
#include "hal/sim/truck_body.h"

namespace torugart::hal::sim {
namespace {

cv::Scalar bgra(std::uint32_t rgb) {
  return {double(rgb & 255U), double((rgb >> 8U) & 255U), double(rgb >> 16U), 255};
}
cv::Scalar shade(const cv::Scalar& c, double f) {
  const auto v = [f](double x) { return std::clamp(x * f, 0.0, 255.0); };
  return {v(c[0]), v(c[1]), v(c[2]), 255};
}

std::uint32_t pick(std::uint32_t given, std::initializer_list<std::uint32_t> list, Random& r) {
  if (given != 0) return given;
  return *(list.begin() + r.integer(0, static_cast<int>(list.size()) - 1));
}

struct Colours {
  cv::Scalar cab, body;
  std::string owner;
};

Colours colours(const Truck& t, std::uint64_t seed) {
  std::uint64_t mixed = seed;
  for (const char ch : t.plate_front.text + t.plate_rear.text)
    mixed = mixed * 131 + static_cast<unsigned char>(ch);
  auto r = Random::of(mixed, 0xC010);
  Colours c;
  c.cab = bgra(pick(t.cab_colour, {0xF2F2EE, 0xB8262B, 0x1F4E8C, 0xE9E6DA, 0x2F6B3C, 0xD9A21B, 0x6E7A86}, r));
  c.body = bgra(pick(t.body_colour, {0x8C2F22, 0x2A5C8A, 0xA4572B, 0x6B7075, 0x2E6E5A, 0xB9B4A6, 0x7A2838}, r));
  c.owner = t.owner;
  if (c.owner.empty()) {
    static constexpr std::array<const char*, 6> kNames = {"SILK ROAD LINES", "TARIM CARGO", "ALATAU TRANS",
                                                          "NARYN LOGISTIC",  "PAMIR LINE",  "STEPPE FREIGHT"};
    c.owner = kNames[static_cast<std::size_t>(r.integer(0, 5))];
  }
  return c;
}

// A drawing in millimetres: x to the right, y up from the ground.
struct Sheet {
  cv::Mat m;
  double scale;
  double x0;  // mm at the left edge

  Sheet(double x_left, double width, double height, double s)
      : m(cv::Size(static_cast<int>(width * s), static_cast<int>(height * s)), CV_8UC4, cv::Scalar(0, 0, 0, 0)),
        scale(s),
        x0(x_left) {}
  cv::Point at(double x, double y) const {
    return {static_cast<int>(std::lround((x - x0) * scale)), static_cast<int>(std::lround(m.rows - y * scale))};
  }
  void box(double xa, double ya, double xb, double yb, const cv::Scalar& c) {
    cv::rectangle(m, at(xa, yb), at(xb, ya), c, -1, cv::LINE_AA);
  }
  void frame(double xa, double ya, double xb, double yb, const cv::Scalar& c, int px = 1) {
    cv::rectangle(m, at(xa, yb), at(xb, ya), c, px, cv::LINE_AA);
  }
  void shape(std::initializer_list<cv::Point2d> points, const cv::Scalar& c) {
    std::vector<cv::Point> p;
    for (const auto& q : points)
      p.push_back(at(q.x, q.y));
    cv::fillPoly(m, std::vector<std::vector<cv::Point>>{p}, c, cv::LINE_AA);
  }
  void disc(double x, double y, double r, const cv::Scalar& c) {
    cv::circle(m, at(x, y), static_cast<int>(std::lround(r * scale)), c, -1, cv::LINE_AA);
  }
  void line(double xa, double ya, double xb, double yb, const cv::Scalar& c, double mm) {
    cv::line(m, at(xa, ya), at(xb, yb), c, std::max(1, static_cast<int>(std::lround(mm * scale))), cv::LINE_AA);
  }
  void text(const std::string& t, double x, double top, double height, const cv::Scalar& c, double weight = 0.15) {
    const auto p = at(x, top);
    draw_text(m, t, p.x, p.y, height * scale, c, weight, 0.2);
  }
  void plate(const Plate& p, double x, double y) {
    cv::Mat small, with_alpha;
    cv::resize(plate_picture(p), small, cv::Size(static_cast<int>(520 * scale), static_cast<int>(112 * scale)), 0, 0,
               cv::INTER_AREA);
    cv::cvtColor(small, with_alpha, cv::COLOR_BGR2BGRA);
    const cv::Point corner = at(x - 260, y + 56);
    box(x - 275, y - 68, x + 275, y + 68, {35, 35, 35, 255});
    with_alpha.copyTo(m(cv::Rect(corner, with_alpha.size())));
  }
};

const cv::Scalar kDark(32, 30, 30, 255), kGlass(96, 80, 62, 255), kChrome(196, 198, 200, 255), kTyre(38, 36, 36, 255);

// Sun-bleached, dusty, streaked: what paint looks like after a year of steppe.
void weather(Sheet& s, Random& r, double strength) {
  cv::Mat dust(s.m.size(), CV_8UC1);
  cv::Mat small(std::max(2, s.m.rows / 70), std::max(2, s.m.cols / 45), CV_8UC1);
  for (int y = 0; y < small.rows; ++y)
    for (int x = 0; x < small.cols; ++x)
      small.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(r.integer(0, 255));
  cv::resize(small, dust, s.m.size(), 0, 0, cv::INTER_CUBIC);
  for (int y = 0; y < s.m.rows; ++y) {
    const double low = 1.0 - static_cast<double>(y) / s.m.rows;  // more dirt near the ground
    const double amount = strength * (0.35 + 0.65 * (1 - low));
    auto* p = s.m.ptr<cv::Vec4b>(y);
    const auto* d = dust.ptr<std::uint8_t>(y);
    for (int x = 0; x < s.m.cols; ++x) {
      if (p[x][3] == 0) continue;
      const double f = amount * d[x] / 255.0;
      p[x][0] = cv::saturate_cast<std::uint8_t>(p[x][0] * (1 - f) + 120 * f);
      p[x][1] = cv::saturate_cast<std::uint8_t>(p[x][1] * (1 - f) + 138 * f);
      p[x][2] = cv::saturate_cast<std::uint8_t>(p[x][2] * (1 - f) + 148 * f);
    }
  }
}

std::string grouped(const std::string& number) {
  return number.size() == 11 ? number.substr(0, 4) + " " + number.substr(4, 6) : number;
}

// The number as painted, with the check digit in its box. Top right corner at (right, top).
void marking(Sheet& s, const ContainerUnit& c, double right, double top, double h, const cv::Scalar& paint) {
  if (c.number.size() != 11) return;
  const std::string check = c.number.substr(10);
  const auto check_box = [&](double x, double y) {
    s.frame(x - 22, y - h - 24, x + h * 0.62 + 22, y + 24, paint, std::max(1, static_cast<int>(11 * s.scale)));
    s.text(check, x, y, h, paint);
  };
  if (c.marking == Marking::vertical) {
    double y = top;
    const double x = right - h;
    for (std::size_t i = 0; i < 11; ++i) {
      const std::string one = c.number.substr(i, 1);
      const double dx = (0.62 - text_width(one, 1.0)) * h / 2;
      if (i == 10) {
        y -= h * 0.3;
        check_box(x + dx, y);
      } else {
        s.text(one, x + dx, y, h, paint);
      }
      y -= h * (i == 3 ? 1.55 : 1.25);
    }
    s.text(c.size_type, right - text_width(c.size_type, h * 0.9, 0.2), y - h * 0.5, h * 0.9, paint);
    return;
  }
  if (c.marking == Marking::two_line) {
    const std::string digits = c.number.substr(4, 6);
    const double width = text_width(digits, h, 0.2) + h * 1.25;
    s.text(c.number.substr(0, 4), right - width, top, h, paint);
    s.text(digits, right - width, top - h * 1.45, h, paint);
    check_box(right - h * 0.7, top - h * 1.45);
    s.text(c.size_type, right - width, top - h * 3.0, h * 0.9, paint);
    return;
  }
  const std::string main = grouped(c.number);
  const double width = text_width(main, h, 0.2) + h * 1.35;
  s.text(main, right - width, top, h, paint);
  check_box(right - h * 0.7, top);
  s.text(c.size_type, right - text_width(c.size_type, h, 0.2) - h * 0.1, top - h * 1.6, h, paint);
}

cv::Scalar lettering(const cv::Scalar& body) {
  const double bright = 0.11 * body[0] + 0.59 * body[1] + 0.3 * body[2];
  return bright > 150 ? cv::Scalar(40, 36, 36, 255) : cv::Scalar(232, 234, 236, 255);
}

void wheel_side(Sheet& s, double x) {
  const double r = kWheelDiameter / 2;
  s.disc(x, r, r, kTyre);
  s.disc(x, r, r * 0.6, {150, 152, 154, 255});
  s.disc(x, r, r * 0.5, {100, 102, 104, 255});
  s.disc(x, r, r * 0.22, {170, 172, 174, 255});
  for (int i = 0; i < 10; ++i) {
    const double a = i * 0.628;
    s.disc(x + r * 0.36 * std::cos(a), r + r * 0.36 * std::sin(a), 17, {180, 182, 184, 255});
  }
}

}  // namespace

cv::Mat front_picture(const Truck& truck, std::uint64_t seed) {
  const Colours c = colours(truck, seed);
  auto r = Random::of(seed, 0xF207, static_cast<std::uint64_t>(truck.plate_front.text.size()));
  Sheet s(-1400, 2800, 4200, kEndScale);
  const auto body = bodies(truck).front();
  // What stands behind the cab, a little wider or higher than it.
  s.box(-body.width_mm / 2, body.y0_mm, body.width_mm / 2, body.y0_mm + body.height_mm, shade(c.body, 0.62));
  for (double x = -body.width_mm / 2 + 40; x < body.width_mm / 2; x += 140)
    s.box(x, body.y0_mm, x + 60, body.y0_mm + body.height_mm, shade(c.body, 0.55));
  // Wheels.
  s.box(-1180, 0, -860, 700, kTyre);
  s.box(860, 0, 1180, 700, kTyre);
  s.box(-860, 330, 860, 620, {48, 46, 46, 255});
  // Cab.
  s.shape({{-1235, 500}, {-1235, 2000}, {-1170, 3300}, {1170, 3300}, {1235, 2000}, {1235, 500}}, c.cab);
  s.shape({{-1090, 3300}, {-980, 3740}, {980, 3740}, {1090, 3300}}, shade(c.cab, 0.93));
  s.shape({{-1120, 2010}, {-1070, 2900}, {1070, 2900}, {1120, 2010}}, kGlass);
  s.shape({{-700, 2020}, {-300, 2890}, {-60, 2890}, {-460, 2020}}, shade(kGlass, 1.35));  // reflection of the sky
  s.shape({{250, 2020}, {560, 2890}, {640, 2890}, {330, 2020}}, shade(kGlass, 1.25));
  s.box(-1110, 2905, 1110, 3010, shade(c.cab, 0.5));  // sun visor
  s.line(-900, 2030, -200, 2120, kDark, 18);          // wipers
  s.line(100, 2030, 800, 2120, kDark, 18);
  for (const double side : {-1.0, 1.0}) {
    s.box(side > 0 ? 1240 : -1385, 2150, side > 0 ? 1385 : -1240, 2780, kDark);  // mirrors
    s.line(side * 1180, 2700, side * 1260, 2700, kDark, 24);
  }
  s.text(c.owner, -text_width(c.owner, 130, 0.2) / 2, 3220, 130, lettering(c.cab));
  // Grille.
  s.shape({{-840, 1050}, {-900, 1900}, {900, 1900}, {840, 1050}}, {42, 40, 40, 255});
  for (double y = 1120; y < 1880; y += 125)
    s.box(-850, y, 850, y + 42, shade(kChrome, 0.72));
  s.disc(0, 1760, 95, kChrome);
  s.disc(0, 1760, 70, shade(c.cab, 0.7));
  // Bumper with lights and plate.
  s.box(-1240, 380, 1240, 1010, shade(c.cab, 0.84));
  s.box(-1240, 990, 1240, 1015, kDark);
  s.box(-760, 400, 760, 560, {40, 38, 38, 255});
  for (const double side : {-1.0, 1.0}) {
    const double a = side * 1190, b = side * 800;
    s.box(std::min(a, b), 640, std::max(a, b), 930, {60, 58, 56, 255});
    s.disc(side * 1080, 785, 105, {225, 228, 230, 255});
    s.disc(side * 1080, 785, 70, {252, 252, 250, 255});
    s.disc(side * 890, 785, 70, {205, 208, 210, 255});
    s.box(std::min(side * 1235, side * 1180), 640, std::max(side * 1235, side * 1180), 930, {30, 140, 235, 255});
    s.disc(side * 960, 480, 55, {190, 194, 196, 255});
  }
  weather(s, r, 0.26);
  s.plate(truck.plate_front, 0, 740);
  return s.m;
}

cv::Mat rear_picture(const Truck& truck, std::uint64_t seed) {
  const Colours c = colours(truck, seed);
  auto r = Random::of(seed, 0x2EA2, static_cast<std::uint64_t>(truck.plate_rear.text.size()));
  Sheet s(-1400, 2800, 4200, kEndScale);
  const auto body = bodies(truck).back();
  const double half = body.width_mm / 2, y0 = body.y0_mm, y1 = y0 + body.height_mm;
  s.box(-1180, 0, -830, 900, kTyre);
  s.box(830, 0, 1180, 900, kTyre);
  s.box(-830, 420, 830, 560, {52, 50, 50, 255});
  s.box(-1230, 950, 1230, y0, {58, 58, 60, 255});
  s.box(-half, y0, half, y1, c.body);
  const bool container = truck.body == BodyKind::container && !truck.containers.empty();
  s.frame(-half + 10, y0 + 10, half - 10, y1 - 10, shade(c.body, 0.7), 9);
  for (const double side : {-1.0, 1.0}) {
    const double a = std::min(side * 40, side * (half - 90)), b = std::max(side * 40, side * (half - 90));
    s.box(a, y0 + 120, b, y1 - 110, shade(c.body, 1.06));
    for (double y = y0 + 280; y < y1 - 200; y += 420)
      s.box(a + 40, y, b - 40, y + 130, shade(c.body, 0.93));  // the doors' pressings
    for (const double x : {0.27, 0.72}) {
      const double rod = side * x * half;
      s.line(rod, y0 + 60, rod, y1 - 60, shade(c.body, 0.78), 36);
      for (const double y : {y0 + 170, y1 - 170})
        s.box(rod - 50, y - 35, rod + 50, y + 35, shade(kChrome, 0.6));
      s.line(rod, y0 + 950, rod - side * 330, y0 + 920, shade(kChrome, 0.7), 34);
    }
    s.box(std::min(side * half, side * (half - 70)), y0, std::max(side * half, side * (half - 70)), y1,
          shade(c.body, 0.8));
    for (double y = y0 + 300; y < y1; y += 520)
      s.box(side * (half - 80) - 30, y, side * (half - 80) + 30, y + 120, shade(c.body, 0.6));
  }
  s.line(0, y0 + 60, 0, y1 - 60, shade(c.body, 0.45), 22);
  weather(s, r, 0.25);
  // Lights.
  for (const double side : {-1.0, 1.0}) {
    const double a = std::min(side * 1180, side * 690), b = std::max(side * 1180, side * 690);
    s.box(a, 640, b, 800, {30, 28, 28, 255});
    s.box(side > 0 ? 960 : -1170, 660, side > 0 ? 1170 : -960, 780, {30, 26, 190, 255});
    s.box(side > 0 ? 830 : -950, 660, side > 0 ? 950 : -830, 780, {20, 120, 230, 255});
    s.box(side > 0 ? 710 : -820, 660, side > 0 ? 820 : -710, 780, {225, 226, 228, 255});
    s.box(a, 1000, b, 1110, {30, 28, 200, 255});  // reflecting boards
    for (double x = a; x < b - 60; x += 140)
      s.shape({{x, 1000}, {x + 60, 1000}, {x + 120, 1110}, {x + 60, 1110}}, {60, 220, 245, 255});
  }
  s.plate(truck.plate_rear, 0, 780);
  if (container) {
    ContainerUnit unit = truck.containers.back();
    if (unit.marking == Marking::vertical) unit.marking = Marking::two_line;  // doors have no room for a column
    const cv::Scalar paint = lettering(c.body);
    marking(s, unit, half - 170, y0 + 1500, unit.marking == Marking::horizontal ? 86 : 100, paint);
    s.text("MAX.GROSS 30480 KG", 470, y0 + 1010, 46, paint, 0.13);
    s.text("TARE 3820 KG", 470, y0 + 930, 46, paint, 0.13);
    s.text("CU.CAP. 67.7 CU.M", 470, y0 + 850, 46, paint, 0.13);
  } else {
    s.text(c.owner, -text_width(c.owner, 130, 0.2) / 2, y0 + 1700, 130, lettering(c.body));
    s.disc(-700, y0 + 700, 130, {245, 245, 245, 255});
    s.text("90", -770, y0 + 760, 120, {30, 30, 180, 255});
  }
  return s.m;
}

cv::Mat side_picture(const Truck& truck, std::uint64_t seed) {
  const Colours c = colours(truck, seed);
  auto r = Random::of(seed, 0x51DE, static_cast<std::uint64_t>(truck.plate_front.text.size()));
  const double length = truck_length_mm(truck);
  // Drawn with x growing towards the tail to the left: the truck drives to the right.
  Sheet s(-length - 200, length + 400, 4300, kSideScale);
  const auto X = [](double x) { return -x; };
  const auto all = bodies(truck);
  const bool container = truck.body == BodyKind::container && !truck.containers.empty();
  // Frame, tanks, landing legs, guards.
  s.box(X(length - 80), all.front().y0_mm - 330, X(all.front().x0_mm + 200), all.front().y0_mm, {62, 60, 60, 255});
  s.box(X(5900), 800, X(500), 1070, {54, 52, 52, 255});
  s.box(X(3900), 450, X(2600), 1050, {168, 170, 172, 255});
  s.box(X(3300), 450, X(3250), 1050, {120, 122, 124, 255});
  s.box(X(all.front().x0_mm + 2600), 380, X(all.front().x0_mm + 2450), 1200, {70, 68, 68, 255});
  s.box(X(all.front().x0_mm + 3700), 450, X(all.front().x0_mm + 2900), 900, {74, 72, 70, 255});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& b = all[i];
    const double left = X(b.x0_mm + b.length_mm), right = X(b.x0_mm), y0 = b.y0_mm, y1 = y0 + b.height_mm;
    s.box(left, y0, right, y1, c.body);
    if (container) {
      for (double x = left + 150; x < right - 150; x += 278) {
        s.box(x, y0 + 150, x + 70, y1 - 60, shade(c.body, 1.05));
        s.box(x + 70, y0 + 150, x + 138, y1 - 60, shade(c.body, 0.8));
        s.box(x + 138, y0 + 150, x + 208, y1 - 60, shade(c.body, 0.92));
        s.box(x + 208, y0 + 150, x + 278, y1 - 60, shade(c.body, 1.13));
      }
      s.box(left, y1 - 65, right, y1, shade(c.body, 0.88));
      s.box(left, y0, right, y0 + 155, shade(c.body, 0.8));
      s.box(left, y0, left + 150, y1, shade(c.body, 0.94));
      s.box(right - 150, y0, right, y1, shade(c.body, 0.94));
      for (const double x : {left, right - 178})
        for (const double y : {y0, y1 - 118})
          s.box(x, y, x + 178, y + 118, shade(c.body, 0.62));
    } else {
      for (double x = left + 600; x < right; x += 640)
        s.line(x, y0 + 60, x, y1 - 120, shade(c.body, 0.86), 26);
      s.box(left, y1 - 120, right, y1, shade(kChrome, 0.8));
      s.box(left, y0 - 10, right, y0 + 90, shade(kChrome, 0.6));
    }
  }
  // Cab.
  s.shape({{X(kCabLength), 700},
           {X(kCabLength), 3300},
           {X(190), 3300},
           {X(40), 1950},
           {X(20), 420},
           {X(700), 420},
           {X(800), 1080},
           {X(2000), 1080},
           {X(2050), 700}},
          c.cab);
  s.shape({{X(kCabLength), 3300}, {X(kCabLength), 3740}, {X(1200), 3740}, {X(420), 3300}}, shade(c.cab, 0.92));
  s.shape({{X(1500), 2050}, {X(1500), 2880}, {X(330), 2880}, {X(190), 2050}}, kGlass);
  s.shape({{X(1200), 2060}, {X(900), 2870}, {X(720), 2870}, {X(1020), 2060}}, shade(kGlass, 1.35));
  s.line(X(1560), 1080, X(1560), 2950, shade(c.cab, 0.7), 14);
  s.line(X(250), 1500, X(250), 2050, shade(c.cab, 0.7), 12);
  s.box(X(1480), 1780, X(1330), 1830, kDark);  // handle
  s.box(X(420), 2150, X(300), 2800, kDark);    // mirror
  s.box(X(2340), 1150, X(1640), 1450, shade(c.cab, 0.85));
  s.box(X(90), 640, X(10), 930, {210, 214, 216, 255});
  s.box(X(1950), 420, X(850), 560, {60, 58, 58, 255});  // steps
  wheel_side(s, X(kFrontAxle));
  wheel_side(s, X(kDriveAxle));
  for (const double x : trailer_axles(truck))
    wheel_side(s, X(x));
  weather(s, r, 0.22);
  const cv::Scalar paint = lettering(c.body);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& b = all[i];
    const double right = X(b.x0_mm), y1 = b.y0_mm + b.height_mm, middle = right - b.length_mm / 2;
    if (container) {
      marking(s, truck.containers[i], right - 260, y1 - 190, 112, paint);
      const double h = b.length_mm > 8000 ? 420 : 300;
      s.text(c.owner, middle - text_width(c.owner, h, 0.2) / 2 - 300, b.y0_mm + 1500, h, paint, 0.17);
    } else {
      s.text(c.owner, middle - text_width(c.owner, 460, 0.2) / 2, b.y0_mm + 1800, 460, paint, 0.17);
    }
  }
  return s.m;
}

}  // namespace torugart::hal::sim
