#include "hal/sim/plate_picture.h"

#include <cctype>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "hal/sim/glyphs.h"

namespace torugart::hal::sim {
namespace {

const cv::Scalar kBlack(28, 26, 26), kWhite(238, 240, 240), kBlue(150, 70, 20);

struct Canvas {
  cv::Mat m;
  // Millimetres.
  void text(const std::string& t, double x, double y, double height, double weight = 0.145, double spacing = 0.16,
            const cv::Scalar& colour = kBlack) {
    draw_text(m, t, x * kPlateScale, y * kPlateScale, height * kPlateScale, colour, weight, spacing);
  }
  // Centred between x0 and x1; the letters are narrowed when they would not fit, as makers do: they never touch.
  void centred(const std::string& t, double x0, double x1, double y, double height, double weight = 0.145,
               const cv::Scalar& colour = kBlack) {
    constexpr double kSpacing = 0.2;
    const double wide = text_width(t, height, kSpacing), room = x1 - x0;
    if (wide <= room) {
      text(t, (x0 + x1 - wide) / 2, y, height, weight, kSpacing, colour);
      return;
    }
    cv::Mat row(cv::Size(static_cast<int>(std::ceil(wide * kPlateScale)), static_cast<int>(height * kPlateScale) + 2),
                CV_8UC3, m.at<cv::Vec3b>(m.rows / 2, static_cast<int>((x0 - 2) * kPlateScale)));
    draw_text(row, t, 0, 0, height * kPlateScale, colour, weight, kSpacing);
    cv::resize(row, row, cv::Size(static_cast<int>(room * kPlateScale), row.rows), 0, 0, cv::INTER_AREA);
    row.copyTo(
        m(cv::Rect(cv::Point(static_cast<int>(x0 * kPlateScale), static_cast<int>(y * kPlateScale)), row.size())));
  }
  void bar(double x, double y, double w, double h, const cv::Scalar& colour) {
    cv::rectangle(m, cv::Rect2d(x * kPlateScale, y * kPlateScale, w * kPlateScale, h * kPlateScale), colour, -1);
  }
  void line(double x) { bar(x, 6, 1.6, 100, kBlack); }
};

std::string spaced(const std::string& text) {
  // A gap where digits meet letters, as the press has it.
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t k) { return std::isdigit(static_cast<unsigned char>(text[k])) != 0; };
    if (i > 0 && digit(i) != digit(i - 1)) out += ' ';
    out += text[i];
  }
  return out;
}

// Small flags: coloured stripes, top to bottom.
void flag(Canvas& c, double x, double y, double w, double h, std::initializer_list<cv::Scalar> stripes) {
  const double each = h / static_cast<double>(stripes.size());
  for (const auto& s : stripes) {
    c.bar(x, y, w, each, s);
    y += each;
  }
}

}  // namespace

cv::Mat plate_picture(const Plate& plate) {
  const bool yellow = plate.country == "CN";
  Canvas c{cv::Mat(cv::Size(static_cast<int>(520 * kPlateScale), static_cast<int>(112 * kPlateScale)), CV_8UC3,
                   yellow ? cv::Scalar(30, 180, 240) : kWhite)};
  const std::string& t = plate.text;
  const double y = 18, h = 76;
  const auto tail = [&t](std::size_t n) { return t.size() > n ? t.substr(t.size() - n) : std::string(); };
  const auto from = [&t](std::size_t n) { return t.size() > n ? t.substr(n) : std::string(); };
  const auto head = [&t](std::size_t n) { return t.size() > n ? t.substr(0, t.size() - n) : t; };
  if (plate.country == "KZ") {
    flag(c, 14, 24, 46, 30, {cv::Scalar(200, 165, 0)});
    cv::circle(c.m, cv::Point2d(37 * kPlateScale, 38 * kPlateScale), 14, cv::Scalar(60, 215, 250), -1, cv::LINE_AA);
    c.centred("KZ", 14, 60, 66, 26, 0.16);
    c.centred(spaced(head(2)), 74, 414, y, h);
    c.line(426);
    c.centred(tail(2), 440, 502, y + 10, 58);
  } else if (plate.country == "KG") {
    const std::string region = t.substr(0, 2), rest = from(2).substr(0, 2) == "KG" ? from(4) : from(2);
    c.centred(region, 20, 90, y, h);
    c.line(98);
    flag(c, 108, 22, 44, 28, {cv::Scalar(40, 30, 205)});
    cv::circle(c.m, cv::Point2d(130 * kPlateScale, 36 * kPlateScale), 14, cv::Scalar(40, 210, 245), -1, cv::LINE_AA);
    c.centred("KG", 104, 156, 60, 34, 0.16);
    c.centred(spaced(rest), 168, 496, y, h);
  } else if (plate.country == "UZ") {
    c.centred(t.substr(0, 2), 18, 86, y + 4, 68);
    c.line(95);
    c.centred(spaced(from(2)), 108, 440, y, h);
    flag(c, 456, 22, 48, 30, {cv::Scalar(190, 140, 20), kWhite, cv::Scalar(60, 150, 30)});
    c.centred("UZ", 452, 508, 62, 30, 0.16);
  } else if (plate.country == "TJ") {
    flag(c, 14, 24, 44, 30, {cv::Scalar(40, 30, 200), kWhite, cv::Scalar(60, 140, 20)});
    c.centred("TJ", 14, 58, 64, 28, 0.16);
    c.centred(spaced(head(2)), 74, 414, y, h);
    c.line(426);
    c.centred(tail(2), 440, 502, y + 10, 58);
  } else if (plate.country == "RU") {
    const std::size_t region = t.size() >= 9 ? 3 : 2;
    c.centred(spaced(head(region)), 20, 368, y, h);
    c.line(380);
    c.centred(tail(region), 392, 502, 14, 52);
    c.centred("RUS", 388, 452, 76, 22, 0.15);
    flag(c, 460, 76, 42, 22, {kWhite, cv::Scalar(170, 60, 20), cv::Scalar(40, 30, 205)});
    cv::rectangle(c.m, cv::Rect2d(460 * kPlateScale, 76 * kPlateScale, 42 * kPlateScale, 22 * kPlateScale), kBlack,
                  1);
  } else if (plate.country == "AZ" || plate.country == "GE") {
    c.bar(6, 6, 44, 100, kBlue);
    c.centred(plate.country, 8, 48, 70, 24, 0.16, kWhite);
    c.centred(spaced(t), 60, 508, y, h);
  } else {
    c.centred(t, 16, 504, y, h);
  }
  cv::rectangle(c.m, cv::Rect(3, 3, c.m.cols - 6, c.m.rows - 6), kBlack, 5, cv::LINE_AA);
  return c.m;
}

}  // namespace torugart::hal::sim
