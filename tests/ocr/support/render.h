// Draws plates and container codes as a lane camera might see them: seeded, with perspective, noise and blur.
// Test material only; the letters are OpenCV's own strokes, so no font file is needed.
#pragma once

#include <cstdint>
#include <string>

#include <opencv2/core.hpp>

namespace torugart::ocr::test {

struct Scene {
  std::uint32_t seed = 1;
  int width = 1280;
  int height = 720;
  double tilt = 0.0;   // perspective: how much one side of the plate shrinks, 0 to 0.3
  double noise = 4.0;  // grey levels, sigma
  double blur = 0.6;   // pixels, sigma
};

struct Drawn {
  cv::Mat frame;  // BGR
  cv::Rect box;   // where the text stands
};

// A lorry's front with a plate `plate_width` pixels wide. `lower` empty: one line.
Drawn plate_frame(const std::string& upper, const std::string& lower, int plate_width, const Scene& scene);
// The plate alone, filling the picture.
cv::Mat plate_picture(const std::string& upper, const std::string& lower, int plate_width, bool yellow = false);
// Corrugated side with the code, light on colour. Vertical: one character below the other.
Drawn container_frame(const std::string& code, bool vertical, int glyph_height, const Scene& scene);

}  // namespace torugart::ocr::test
