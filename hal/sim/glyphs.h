// Letters as paint puts them on plates and containers: strokes of even width, upper case and digits. Reentrant.
#pragma once

#include <opencv2/core/mat.hpp>
#include <string_view>

namespace torugart::hal::sim {

// Width in pixels of `text` at this letter height.
double text_width(std::string_view text, double height, double spacing = 0.22);
// Draws with the top left corner at (x, y); `weight` is the stroke's width as part of the height. Letters that are
// not known (anything but A–Z, 0–9, space, hyphen, point and 新) leave a gap.
void draw_text(cv::Mat& picture, std::string_view text, double x, double y, double height, const cv::Scalar& colour,
               double weight = 0.14, double spacing = 0.22);
// One letter under the other.
void draw_text_down(cv::Mat& picture, std::string_view text, double x, double y, double height, double step,
                    const cv::Scalar& colour, double weight = 0.14);

}  // namespace torugart::hal::sim
