#include "tests/ocr/support/render.h"

#include <random>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace torugart::ocr::test {
namespace {

constexpr int face = cv::FONT_HERSHEY_DUPLEX;

// Text of exactly this height, baseline at `bottom`; returns the right end.
int put(cv::Mat& picture, const std::string& text, int left, int bottom, int height, const cv::Scalar& colour) {
  const double scale = height / 21.0;
  const int thickness = std::max(1, static_cast<int>(std::lround(height / 9.0)));
  cv::putText(picture, text, {left, bottom}, face, scale, colour, thickness, cv::LINE_AA);
  int baseline = 0;
  return left + cv::getTextSize(text, face, scale, thickness, &baseline).width;
}

int width_of(const std::string& text, int height) {
  int baseline = 0;
  return cv::getTextSize(text, face, height / 21.0, std::max(1, height / 9), &baseline).width;
}

void finish(cv::Mat& frame, const Scene& scene) {
  if (scene.blur > 0) cv::GaussianBlur(frame, frame, {}, scene.blur);
  cv::RNG random(scene.seed * 7919U + 13U);
  cv::Mat noise(frame.size(), CV_16SC3);
  random.fill(noise, cv::RNG::NORMAL, 0, scene.noise);
  cv::Mat wide;
  frame.convertTo(wide, CV_16SC3);
  wide += noise;
  wide.convertTo(frame, CV_8UC3);
}

// Pastes `picture` so that its corners come to `quad`; soft edges.
void paste(cv::Mat& frame, const cv::Mat& picture, const std::vector<cv::Point2f>& quad) {
  const auto w = static_cast<float>(picture.cols);
  const auto h = static_cast<float>(picture.rows);
  const std::vector<cv::Point2f> from{{0, 0}, {w, 0}, {w, h}, {0, h}};
  const cv::Mat transform = cv::getPerspectiveTransform(from, quad);
  cv::Mat warped;
  cv::Mat mask;
  cv::warpPerspective(picture, warped, transform, frame.size(), cv::INTER_AREA);
  cv::warpPerspective(cv::Mat(picture.size(), CV_8U, cv::Scalar(255)), mask, transform, frame.size(),
                      cv::INTER_NEAREST);
  warped.copyTo(frame, mask);
}

}  // namespace

cv::Mat plate_picture(const std::string& upper, const std::string& lower, int plate_width, bool yellow) {
  const bool two = !lower.empty();
  constexpr int scale = 2;  // drawn large, then reduced: cleaner strokes
  const int w = plate_width * scale;
  const int h = two ? w * 2 / 3 : w * 2 / 9;
  cv::Mat plate(h, w, CV_8UC3, yellow ? cv::Scalar(40, 200, 240) : cv::Scalar(235, 235, 235));
  cv::rectangle(plate, {0, 0, w, h}, {20, 20, 20}, std::max(2, w / 80));
  const int glyph = two ? h * 33 / 100 : h * 58 / 100;
  const auto centred = [&](const std::string& text, int bottom) {
    int height = glyph;
    while (height > 4 && width_of(text, height) > w * 90 / 100)
      --height;
    put(plate, text, (w - width_of(text, height)) / 2, bottom, height, {15, 15, 15});
  };
  if (two) {
    centred(upper, h * 45 / 100);
    centred(lower, h * 90 / 100);
  } else {
    centred(upper, h / 2 + glyph / 2);
  }
  cv::Mat out;
  cv::resize(plate, out, {}, 1.0 / scale, 1.0 / scale, cv::INTER_AREA);
  return out;
}

Drawn plate_frame(const std::string& upper, const std::string& lower, int plate_width, const Scene& scene) {
  std::mt19937 random(scene.seed);
  const auto between = [&random](int from, int to) {
    return from + static_cast<int>(random() % static_cast<unsigned>(to - from + 1));
  };
  Drawn drawn;
  drawn.frame = cv::Mat(scene.height, scene.width, CV_8UC3, cv::Scalar(120, 125, 130));
  // cabin, wind screen, grille, lamps
  const cv::Scalar paint(between(20, 200), between(20, 200), between(20, 200));
  cv::rectangle(drawn.frame, {scene.width / 5, 20, scene.width * 3 / 5, scene.height - 60}, paint, cv::FILLED);
  cv::rectangle(drawn.frame, {scene.width / 4, 50, scene.width / 2, scene.height / 4}, {60, 50, 40}, cv::FILLED);
  for (int y = scene.height / 2 - 60; y < scene.height / 2 + 60; y += 14) {
    cv::line(drawn.frame, {scene.width / 3, y}, {scene.width * 2 / 3, y}, {30, 30, 30}, 4);
  }
  cv::circle(drawn.frame, {scene.width / 4 + 20, scene.height * 3 / 4}, 40, {230, 240, 240}, cv::FILLED);
  cv::circle(drawn.frame, {scene.width * 3 / 4 - 20, scene.height * 3 / 4}, 40, {230, 240, 240}, cv::FILLED);

  const cv::Mat plate = plate_picture(upper, lower, plate_width * 2, random() % 3 == 0);
  const auto w = static_cast<float>(plate_width);
  const float h = w * static_cast<float>(plate.rows) / static_cast<float>(plate.cols);
  const auto x = static_cast<float>(scene.width / 2 - plate_width / 2 + between(-60, 60));
  const auto y = static_cast<float>(scene.height * 7 / 10 + between(-20, 20));
  const auto shrink = static_cast<float>(scene.tilt) * h / 2;
  paste(drawn.frame, plate, {{x, y}, {x + w, y + shrink}, {x + w, y + h - shrink}, {x, y + h}});
  drawn.box = cv::Rect(static_cast<int>(x), static_cast<int>(y), plate_width, static_cast<int>(h));
  finish(drawn.frame, scene);
  return drawn;
}

Drawn container_frame(const std::string& code, bool vertical, int glyph_height, const Scene& scene) {
  std::mt19937 random(scene.seed);
  Drawn drawn;
  drawn.frame = cv::Mat(scene.height, scene.width, CV_8UC3);
  const cv::Scalar colours[] = {{120, 60, 20}, {40, 40, 150}, {50, 90, 30}, {90, 80, 70}};
  const cv::Scalar colour = colours[random() % 4];
  for (int x = 0; x < scene.width; ++x) {
    const double wave = 1.0 + 0.12 * ((x / 24) % 2 == 0 ? 1 : -1);
    drawn.frame.col(x).setTo(cv::Scalar(colour[0] * wave, colour[1] * wave, colour[2] * wave));
  }
  const cv::Scalar white(235, 235, 235);
  if (vertical) {
    int y = scene.height / 10;
    const int x = scene.width * 2 / 3;
    const int top = y;
    for (const char c : code) {
      const std::string one(1, c);
      y += glyph_height;
      put(drawn.frame, one, x + (glyph_height - width_of(one, glyph_height)) / 2, y, glyph_height, white);
      y += glyph_height / 3;
    }
    drawn.box = {x, top, glyph_height, y - top};
  } else {
    const int y = scene.height / 3;
    int x = scene.width / 3;
    const int left = x;
    for (const auto& [from, n] : {std::pair{0, 4}, std::pair{4, 6}, std::pair{10, 1}}) {
      x = put(drawn.frame, code.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(n)), x, y,
              glyph_height, white);
      x += glyph_height / 2;
    }
    put(drawn.frame, "22G1", left, y + glyph_height * 3 / 2, glyph_height, white);
    drawn.box = {left, y - glyph_height, x - left, glyph_height};
  }
  finish(drawn.frame, scene);
  return drawn;
}

}  // namespace torugart::ocr::test
