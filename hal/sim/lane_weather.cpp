#include "hal/sim/lane_weather.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace torugart::hal::sim {
namespace {

// Slow variation between 0 and 1.
cv::Mat clouds(cv::Size size, int cell, Random& random) {
  cv::Mat coarse(std::max(2, size.height / cell), std::max(2, size.width / cell), CV_32F);
  for (int y = 0; y < coarse.rows; ++y)
    for (int x = 0; x < coarse.cols; ++x)
      coarse.at<float>(y, x) = static_cast<float>(random.uniform());
  cv::Mat out;
  cv::resize(coarse, out, size, 0, 0, cv::INTER_CUBIC);
  return out;
}

}  // namespace

void soil(cv::Mat& bgra, double amount, Random random) {
  if (amount <= 0 || bgra.empty()) return;
  const cv::Mat veil = clouds(bgra.size(), std::max(8, bgra.rows / 12), random);
  const cv::Mat grain = clouds(bgra.size(), std::max(2, bgra.rows / 160), random);
  const cv::Vec3d mud(72, 92, 108);
  for (int y = 0; y < bgra.rows; ++y) {
    const double low = 0.35 + 0.65 * y / bgra.rows;
    auto* row = bgra.ptr<cv::Vec4b>(y);
    for (int x = 0; x < bgra.cols; ++x) {
      const double there =
          static_cast<double>(veil.at<float>(y, x)) + 0.35 * static_cast<double>(grain.at<float>(y, x));
      const double cover = std::clamp((there - 1.25 + amount * low) * 1.6, 0.0, 0.85);
      for (int k = 0; k < 3; ++k)
        row[x][k] = cv::saturate_cast<std::uint8_t>(row[x][k] * (1 - cover) + mud[k] * cover);
    }
  }
  const int splashes = static_cast<int>(amount * 160);
  for (int i = 0; i < splashes; ++i) {
    const cv::Point at(random.integer(0, bgra.cols - 1), static_cast<int>(bgra.rows * std::sqrt(random.uniform())));
    const int radius = random.integer(1, std::max(2, bgra.rows / 120));
    for (int y = std::max(0, at.y - radius); y < std::min(bgra.rows, at.y + radius); ++y)
      for (int x = std::max(0, at.x - radius); x < std::min(bgra.cols, at.x + radius); ++x)
        if (std::hypot(x - at.x, y - at.y) < radius)
          for (int k = 0; k < 3; ++k)
            bgra.at<cv::Vec4b>(y, x)[k] = cv::saturate_cast<std::uint8_t>(mud[k] * 0.8);
  }
}

void make_night(cv::Mat& bgr, const std::vector<cv::Point>& headlamps) {
  cv::Mat gain(bgr.size(), CV_32FC3);
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) {
      const double away =
          std::hypot((x - bgr.cols / 2.0) / (bgr.cols * 0.42), (y - bgr.rows * 0.62) / (bgr.rows * 0.5));
      const auto light = static_cast<float>(0.13 + 0.5 * std::exp(-away * away));
      gain.at<cv::Vec3f>(y, x) = {light * 1.06F, light, light * 0.94F};
    }
  }
  cv::multiply(bgr, gain, bgr, 1, CV_8UC3);
  if (headlamps.empty()) return;
  // A disc and its halo, worked out small: the halo is wide.
  cv::Mat glare(bgr.rows / 4, bgr.cols / 4, CV_8UC3, cv::Scalar::all(0));
  for (const cv::Point& lamp : headlamps)
    cv::circle(glare, lamp / 4, 5, cv::Scalar(235, 250, 255), -1);
  cv::Mat halo;
  cv::GaussianBlur(glare, halo, {}, 14);
  cv::addWeighted(glare, 1, halo, 5, 0, glare);
  cv::resize(glare, glare, bgr.size(), 0, 0, cv::INTER_LINEAR);
  cv::add(bgr, glare, bgr);
}

void make_wet(cv::Mat& bgr, Random random) {
  bgr.convertTo(bgr, -1, 0.72, 30);
  cv::Mat soft;
  cv::GaussianBlur(bgr, soft, {}, bgr.rows * 0.006);
  const int drops = random.integer(2, 14);
  for (int i = 0; i < drops; ++i) {
    cv::Mat mask(bgr.size(), CV_8U, cv::Scalar(0));
    const cv::Point at(random.integer(0, bgr.cols - 1), random.integer(0, bgr.rows - 1));
    cv::circle(mask, at, random.integer(bgr.rows / 120, bgr.rows / 28), 255, -1);
    soft.copyTo(bgr, mask);
  }
}

void rain_on(cv::Mat& bgr, Random random) {
  cv::Mat streaks = bgr.clone();
  const double slant = random.uniform(-0.12, 0.12);
  for (int i = 0; i < 260; ++i) {
    const cv::Point from(random.integer(0, bgr.cols - 1), random.integer(-20, bgr.rows - 1));
    const double length = bgr.rows * random.uniform(0.015, 0.05);
    const cv::Point to(from.x + static_cast<int>(slant * length), from.y + static_cast<int>(length));
    cv::line(streaks, from, to, cv::Scalar(206, 204, 200), 1, cv::LINE_AA);
  }
  cv::addWeighted(bgr, 0.65, streaks, 0.35, 0, bgr);
}

}  // namespace torugart::hal::sim
