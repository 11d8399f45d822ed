#include "hal/sim/lane_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "hal/sim/lane_weather.h"
#include "hal/sim/random.h"
#include "hal/sim/truck_body.h"
#include "hal/sim/truck_picture.h"

namespace torugart::hal::sim {
namespace {

constexpr int kW = 1280, kH = 720;  // everything is drawn at this size

// Front and rear cameras: a pinhole beside the lane. A point u mm right of the lane's middle, v mm high, d mm away
// falls on (cx + f·(u − u0)/d, cy + f·(v0 − v)/d).
struct Lens {
  double f, u0, v0, cx, cy;
  cv::Point2f at(double u, double v, double d) const {
    return {static_cast<float>(cx + f * (u - u0) / d), static_cast<float>(cy + f * (v0 - v) / d)};
  }
};
constexpr Lens kFront{2350, 700, 2300, 690, 60};
constexpr Lens kRear{2300, -650, 2500, 590, 150};
constexpr double kFrontDistance = 7000, kRearDistance = 7400;

// Side camera: 5.8 m of the lane, from 950 mm up.
constexpr double kSideFrom = -8150, kSideBottom = 950;

double distance(const std::string& position, const Truck& truck, double front_mm) {
  (void)truck;
  return position == "front" ? kFrontDistance - front_mm : kRearDistance + front_mm;
}

cv::Mat smooth_noise(cv::Size size, int cell, Random& r, double low, double high) {
  cv::Mat small(size.height / cell + 2, size.width / cell + 2, CV_32F), out;
  for (int y = 0; y < small.rows; ++y)
    for (int x = 0; x < small.cols; ++x)
      small.at<float>(y, x) = static_cast<float>(r.uniform(low, high));
  cv::resize(small, out, size, 0, 0, cv::INTER_CUBIC);
  return out;
}

cv::Mat draw_road(const std::string& position, Random& r) {
  cv::Mat m(kH, kW, CV_8UC3, cv::Scalar(104, 106, 106));
  const auto wash = [&](cv::Rect area, cv::Scalar top, cv::Scalar bottom) {
    for (int y = 0; y < area.height; ++y) {
      const double f = static_cast<double>(y) / area.height;
      m(cv::Rect(area.x, area.y + y, area.width, 1)).setTo(top * (1 - f) + bottom * f);
    }
  };
  if (position == "side") {
    wash({0, 0, kW, 430}, {214, 204, 192}, {186, 184, 178});
    // A hall's wall across the lane, with doors and a skirting.
    cv::rectangle(m, {0, 120, kW, 420}, {150, 154, 152}, -1);
    for (int x = 0; x < kW; x += 46)
      cv::line(m, {x, 120}, {x, 540}, {140, 144, 142}, 2);
    cv::rectangle(m, {0, 108, kW, 16}, {98, 100, 104}, -1);
    cv::rectangle(m, {190, 260, 150, 280}, {120, 118, 112}, -1);
    cv::rectangle(m, {190, 260, 150, 280}, {90, 90, 88}, 3);
    cv::rectangle(m, {860, 210, 250, 120}, {120, 100, 84}, -1);
    cv::rectangle(m, {860, 210, 250, 120}, {200, 202, 204}, 4);
    wash({0, 540, kW, 180}, {112, 114, 116}, {92, 94, 96});
    for (int x = -40; x < kW; x += 120)
      cv::fillPoly(m, std::vector<std::vector<cv::Point>>{{{x, 560}, {x + 60, 560}, {x + 46, 574}, {x - 14, 574}}},
                   {50, 190, 225}, cv::LINE_AA);
  } else {
    const Lens& lens = position == "front" ? kFront : kRear;
    const int horizon = static_cast<int>(lens.cy);
    wash({0, 0, kW, horizon + 70}, {222, 212, 200}, {196, 196, 192});
    wash({0, horizon + 70, kW, kH - horizon - 70}, {128, 130, 130}, {92, 94, 96});
    const auto ground = [&](double u, double d) {
      const auto p = lens.at(u, 0, d);
      return cv::Point(static_cast<int>(p.x), static_cast<int>(p.y));
    };
    const auto post = [&](double u, double d, double height, double wide, const cv::Scalar& c) {
      const auto a = lens.at(u - wide / 2, height, d), b = lens.at(u + wide / 2, 0, d);
      cv::rectangle(m, cv::Point(a), cv::Point(b), c, -1, cv::LINE_AA);
    };
    // Buildings, canopy and its posts, kerbs, lane lines.
    post(-9000, 40'000, 5000, 12'000, {150, 154, 158});
    post(9000, 46'000, 6500, 9000, {160, 150, 140});
    post(0, 42'000, 5200, 9000, {170, 172, 174});
    for (const double side : {-1.0, 1.0}) {
      const std::vector<std::vector<cv::Point>> kerb = {{ground(side * 2300, 3500), ground(side * 2300, 60'000),
                                                         ground(side * 2700, 60'000), ground(side * 2700, 3500)}};
      cv::fillPoly(m, kerb, {150, 152, 152}, cv::LINE_AA);
      for (double d = 3600; d < 40'000; d += 3000) {
        const std::vector<std::vector<cv::Point>> stripe = {{ground(side * 2300, d), ground(side * 2300, d + 1500),
                                                             ground(side * 2700, d + 1500), ground(side * 2700, d)}};
        cv::fillPoly(m, stripe, {52, 196, 232}, cv::LINE_AA);
      }
      for (double d = 36'000; d > 5000; d -= 7500)
        post(side * 3000, d, 5200, 220, {120, 124, 128});
    }
    const std::vector<std::vector<cv::Point>> stop = {
        {ground(-1900, 6300), ground(1900, 6300), ground(1900, 6700), ground(-1900, 6700)}};
    cv::fillPoly(m, stop, {215, 218, 218}, cv::LINE_AA);
  }
  cv::Mat f, coarse = smooth_noise({kW, kH}, 90, r, 0.95, 1.05), fine = smooth_noise({kW, kH}, 3, r, 0.975, 1.025);
  coarse = coarse.mul(fine);
  m.convertTo(f, CV_32FC3);
  cv::Mat three;
  cv::merge(std::vector<cv::Mat>{coarse, coarse, coarse}, three);
  f = f.mul(three);
  f.convertTo(m, CV_8UC3);
  return m;
}

// Puts a BGRA picture over a BGR one.
void paste(cv::Mat& onto, const cv::Mat& bgra, const cv::Rect& area) {
  const cv::Rect clip = area & cv::Rect(0, 0, onto.cols, onto.rows);
  for (int y = clip.y; y < clip.y + clip.height; ++y) {
    auto* dst = onto.ptr<cv::Vec3b>(y);
    const auto* src = bgra.ptr<cv::Vec4b>(y - area.y);
    for (int x = clip.x; x < clip.x + clip.width; ++x) {
      const auto& s = src[x - area.x];
      const int a = s[3];
      for (int k = 0; k < 3; ++k)
        dst[x][k] = static_cast<std::uint8_t>((s[k] * a + dst[x][k] * (255 - a)) / 255);
    }
  }
}

}  // namespace

bool in_view(const std::string& position, const Truck& truck, double front_mm) {
  const double length = truck_length_mm(truck);
  if (position == "side") return front_mm > kSideFrom && front_mm - length < kSideFrom + kW / kSideScale;
  // The rear camera follows the tail: its place is set so that the tail at rest fills the picture.
  const double d = distance(position, truck, front_mm);
  return d > 3'200 && d < (position == "front" ? 30'000 : 28'000);
}

LaneView::LaneView(std::string position, int width, int height, std::uint64_t seed)
    : position_(std::move(position)), size_(width, height), seed_(seed) {
  auto r = Random::of(seed, 0xCA3E2A, position_.size() * 7 + static_cast<std::uint64_t>(position_[0]));
  road_ = draw_road(position_, r);
  for (auto& n : noise_) {
    n.create(kH, kW, CV_8UC3);
    for (int y = 0; y < kH; ++y) {
      auto* p = n.ptr<std::uint8_t>(y);
      for (int x = 0; x < kW * 3; ++x)
        p[x] = static_cast<std::uint8_t>(std::clamp(8.0F + r.gauss() * 3.2F, 0.0F, 16.0F));
    }
  }
}

void LaneView::base(const SeenTruck& t) {
  const bool empty = t.index < 0 || !in_view(position_, *t.truck, t.front_mm);
  const int of = empty ? -1 : t.index;
  if (of == base_of_ && (empty || std::abs(t.front_mm - base_at_) < 4)) return;
  base_of_ = of;
  base_at_ = t.front_mm;
  road_.copyTo(base_);
  weather_ = empty ? Weather::day : t.truck->weather;
  std::vector<cv::Point> headlamps;
  if (!empty) {
    if (texture_of_ != t.index) {
      texture_ = position_ == "front"  ? front_picture(*t.truck, seed_)
                 : position_ == "rear" ? rear_picture(*t.truck, seed_)
                                       : side_picture(*t.truck, seed_);
      soil(texture_, t.truck->dirt, Random::of(seed_, 0xD127, static_cast<std::uint64_t>(t.index)));
      texture_of_ = t.index;
    }
    if (position_ == "side") {
      // A long lens far away: the side slides by, seen a little from above.
      const int x = static_cast<int>(std::lround((t.front_mm + 200 - kSideFrom) * kSideScale)) - texture_.cols;
      const int y = kH + static_cast<int>(std::lround(kSideBottom * kSideScale)) - texture_.rows;
      cv::rectangle(base_, cv::Point(std::max(0, x + 40), 640), cv::Point(std::min(kW, x + texture_.cols - 40), kH),
                    cv::Scalar(58, 58, 58), -1);
      paste(base_, texture_, cv::Rect(cv::Point(x, y), texture_.size()));
    } else {
      const Lens& lens = position_ == "front" ? kFront : kRear;
      const double d = distance(position_, *t.truck, t.front_mm);
      const double half = 1400, top = texture_.rows / kEndScale;
      auto r = Random::of(seed_, 0x9A3E, static_cast<std::uint64_t>(t.index));
      const double yaw = r.uniform(-90, 90), off = r.uniform(-160, 160);  // trucks do not stop straight
      const cv::Size big = texture_.size();
      const std::array<cv::Point2f, 4> from = {
          cv::Point2f(0, 0), cv::Point2f(static_cast<float>(big.width), 0),
          cv::Point2f(static_cast<float>(big.width), static_cast<float>(big.height)),
          cv::Point2f(0, static_cast<float>(big.height))};
      const std::array<cv::Point2f, 4> to = {lens.at(off - half, top, d - yaw), lens.at(off + half, top, d + yaw),
                                             lens.at(off + half, 0, d + yaw), lens.at(off - half, 0, d - yaw)};
      // Shadow under the truck.
      std::vector<cv::Point> shadow;
      for (const auto& [u, dd] :
           std::array<std::pair<double, double>, 4>{{{-1350, d}, {1350, d}, {1300, d + 7000}, {-1300, d + 7000}}}) {
        const auto p = lens.at(u + off, 0, dd);
        shadow.emplace_back(static_cast<int>(p.x), static_cast<int>(p.y) + 6);
      }
      cv::fillPoly(base_, std::vector<std::vector<cv::Point>>{shadow}, cv::Scalar(46, 46, 46), cv::LINE_AA);
      cv::Mat seen(kH, kW, CV_8UC4, cv::Scalar(0, 0, 0, 0));
      cv::warpPerspective(texture_, seen, cv::getPerspectiveTransform(from.data(), to.data()), seen.size(),
                          cv::INTER_AREA, cv::BORDER_CONSTANT, cv::Scalar(0, 0, 0, 0));
      paste(base_, seen, {0, 0, kW, kH});
      if (position_ == "front")
        for (const double side : {-950.0, 950.0})
          headlamps.emplace_back(lens.at(off + side, 900, d));
    }
  }
  // Day or dusk, by truck; then the lens.
  auto r = Random::of(seed_, 0x116417, static_cast<std::uint64_t>(std::max(0, t.index)));
  const double light = r.uniform(0.72, 1.08), warm = r.uniform(-0.05, 0.06);
  cv::Mat table(1, 256, CV_8UC3);
  for (int i = 0; i < 256; ++i) {
    const double v = 255 * std::pow(i / 255.0, 1.0 + (1 - light) * 0.4) * light;
    table.at<cv::Vec3b>(i) = {cv::saturate_cast<std::uint8_t>(v * (1 - warm)), cv::saturate_cast<std::uint8_t>(v),
                              cv::saturate_cast<std::uint8_t>(v * (1 + warm))};
  }
  cv::LUT(base_, table, base_);
  if (weather_ == Weather::night) make_night(base_, headlamps);
  if (weather_ == Weather::rain) make_wet(base_, Random::of(seed_, 0x7A14, static_cast<std::uint64_t>(t.index)));
  cv::GaussianBlur(base_, base_, cv::Size(3, 3), 0.7);
  cv::subtract(base_, cv::Scalar(8, 8, 8), base_);  // what the noise adds on average
}

const cv::Mat& LaneView::render(const SeenTruck& truck, std::uint64_t frame) {
  base(truck);
  if (weather_ == Weather::night) {
    cv::addWeighted(base_, 1, noise_[frame % 3], 3, -16, out_);  // a high gain's grain, the same mean
  } else {
    cv::add(base_, noise_[frame % 3], out_);
  }
  if (weather_ == Weather::rain) rain_on(out_, Random::of(seed_, 0x7A15, frame));
  if (size_ != out_.size()) cv::resize(out_, out_, size_, 0, 0, cv::INTER_AREA);
  return out_;
}

}  // namespace torugart::hal::sim
