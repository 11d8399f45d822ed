// Threat image projection: a recorded threat is put into a clean picture, as if it had stood in the beam too, so that it
// is known whether the inspector finds it. Attenuations add, so transmissions multiply, in both energies; what the cargo
// hides stays hidden, and the picture's own noise stays (a threat is kept smoothed, it brings none).
//
// The clean picture is not touched: the projected one shares all blocks but those under the threat, and its revision
// differs. Whoever shows it keeps the clean one and removes the projection before anything is decided. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/core/raster.h"
#include "imaging/core/scan_image.h"

namespace torugart::imaging {

struct Threat {
  std::string name;     // "pistol", for the inspector's answer
  Raster<float> high;   // transmission 0 … 1 of the threat alone; 1 where it is not
  Raster<float> low;    // empty for a single-energy library
  double pixel_mm = 0;  // 0: unknown, then it is not scaled
};

// The threat alone, out of a picture where it stands before something even: transmissions over those of what is around
// it (median of a frame of 3 pixels around `box`, row by row), smoothed over 3 x 3, cut at 1. Fails when the box with its
// frame does not lie in the picture, or a fifth of the frame deviates by over 10 %.
[[nodiscard]] Result<Threat> extract_threat(const ScanImage& image, Rect box, std::string name);

struct Projection {
  ScanImagePtr image;
  Rect box;                    // where it stands now, image pixels
  double visible_percent = 0;  // of the threat's pixels, that change the picture by more than twice its noise
};

// With its top left corner at (x, y); scaled where both pictures know their pixel's size. Fails when it would not lie
// within the picture, or a dual-energy picture meets a single-energy threat.
[[nodiscard]] Result<Projection> project_threat(const ScanImagePtr& clean, const Threat& threat, int x, int y);

// A place for it inside `load`, drawn by `seed`: of 24 places the one where most of it can be seen at all. Equal seeds,
// equal places.
[[nodiscard]] Result<Projection> project_threat_somewhere(const ScanImagePtr& clean, const Threat& threat, Rect load,
                                                          std::uint64_t seed);

}  // namespace torugart::imaging
