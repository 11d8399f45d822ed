// The test object of imaging/analyse/test_object.h as a picture of which everything is known: painted with an attenuation of
// 0.035 cm2/g, a noise and a blur that the test chooses.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "imaging/analyse/test_object.h"
#include "imaging/core/scan_image.h"
#include "imaging/material/curves.h"

namespace torugart::tests {

using imaging::kNoSignal;
using imaging::kOpenBeam;
using imaging::Raster;
using imaging::Raster16;
using imaging::ScanImage;

inline constexpr double kMu = 0.035;           // cm2/g
inline constexpr double kSteel = 0.1 * 7.85;   // g/cm2 in a mm
inline constexpr double kMm = 4;               // of a pixel
inline constexpr int kLeft = 50, kAbove = 40;  // px around the frame

struct Painted {
  Raster<double> g_cm2{static_cast<int>(imaging::test_object::kLength_mm / kMm) + 2 * kLeft,
                       static_cast<int>(imaging::test_object::kHeight_mm / kMm) + 2 * kAbove};
  Raster<double> z{g_cm2.width(), g_cm2.height(), 26.0};
  double noise = 0.003;  // of T in the open beam; elsewhere with its square root
  double floor = 2e-5;   // of T: what electronics add
  double blur = 0;       // px, standard deviation along x and y

  // Parts of pixels count as parts.
  void fill(const imaging::test_object::Place& p, double mass, double number = 26) {
    const double x0 = kLeft + p.x / kMm, x1 = kLeft + (p.x + p.w) / kMm;
    const double y1 = kAbove + (imaging::test_object::kHeight_mm - p.y) / kMm, y0 = y1 - p.h / kMm;
    for (int y = static_cast<int>(y0); y < static_cast<int>(std::ceil(y1)); ++y) {
      for (int x = static_cast<int>(x0); x < static_cast<int>(std::ceil(x1)); ++x) {
        const double part = (std::min<double>(x + 1, x1) - std::max<double>(x, x0)) *
                            (std::min<double>(y + 1, y1) - std::max<double>(y, y0));
        g_cm2.at(x, y) += mass * part;
        z.at(x, y) = number;
      }
    }
  }
  void paint() {
    using namespace imaging::test_object;
    const double bar = kBarThick_mm * kSteel;
    fill({0, 0, kLength_mm, kBar_mm}, bar);
    fill({0, kHeight_mm - kBar_mm, kLength_mm, kBar_mm}, bar);
    fill({0, kBar_mm, kBar_mm, kHeight_mm - 2 * kBar_mm}, bar);
    fill({kLength_mm - kBar_mm, kBar_mm, kBar_mm, kHeight_mm - 2 * kBar_mm}, bar);
    for (std::size_t i = 0; i < kSteps_mm.size(); ++i) {
      fill(step(i), kSteps_mm[i] * kSteel);
      fill(step_block(i), kStepBlock_mm * kSteel);
    }
    fill(kPlate, kPlate_mm * kSteel);
    for (std::size_t i = 0; i < kSheets_mm.size(); ++i)
      fill(sheet(i), kSheets_mm[i] * kSteel);
    for (std::size_t i = 0; i < kWires_mm.size(); ++i) {
      const double d = kWires_mm[i];
      fill({wire_x(i) - d / 2, kWireSpan.y, d, kWireSpan.h}, std::numbers::pi / 4 * d * kSteel);
    }
    for (std::size_t i = 0; i < kPitches_mm.size(); ++i) {
      const double p = kPitches_mm[i];
      for (int k = 0; k < kBarsOfGroup; ++k) {
        const auto u = upright(i), l = lying(i);
        fill({u.x + k * p, u.y, p / 2, u.h}, kGroupThick_mm * kSteel);
        fill({l.x, l.y + k * p, l.w, p / 2}, kGroupThick_mm * kSteel);
      }
    }
    fill(kSolid, kGroupThick_mm * kSteel);
    const double numbers[] = {6, 13, 26, 82};
    for (const Block b : kBlocks)
      fill(block(b), kBlock_g_cm2, numbers[static_cast<std::size_t>(b)]);
  }
  [[nodiscard]] Raster<double> transmissions(bool low) const {
    Raster<double> t(g_cm2.width(), g_cm2.height());
    for (int y = 0; y < t.height(); ++y) {
      for (int x = 0; x < t.width(); ++x) {
        const double a = kMu * g_cm2.at(x, y);
        t.at(x, y) = std::exp(-(low ? imaging::MaterialCurves::defaults().alpha_low(z.at(x, y), a) : a));
      }
    }
    if (blur <= 0) return t;
    const int reach = static_cast<int>(std::ceil(4 * blur));
    for (const bool along : {true, false}) {
      Raster<double> out(t.width(), t.height());
      for (int y = 0; y < t.height(); ++y) {
        for (int x = 0; x < t.width(); ++x) {
          double sum = 0, weights = 0;
          for (int k = -reach; k <= reach; ++k) {
            const double w = std::exp(-0.5 * k * k / (blur * blur));
            sum += w * t.at(std::clamp(along ? x + k : x, 0, t.width() - 1),
                            std::clamp(along ? y : y + k, 0, t.height() - 1));
            weights += w;
          }
          out.at(x, y) = sum / weights;
        }
      }
      t = out;
    }
    return t;
  }
  [[nodiscard]] ScanImage image(bool two = true) const {
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    const auto plane = [&](bool low) {
      const auto t = transmissions(low);
      Raster16 out(t.width(), t.height());
      for (int y = 0; y < t.height(); ++y) {
        for (int x = 0; x < t.width(); ++x) {
          const double v = t.at(x, y) + std::hypot(noise * std::sqrt(t.at(x, y)), floor) * normal(random);
          out.at(x, y) = v < 0.5 / kOpenBeam ? kNoSignal : imaging::code_of(static_cast<float>(v));
        }
      }
      return out;
    };
    ScanImage out;
    out.view = imaging::make_view(plane(false), two ? plane(true) : Raster16());
    out.statistics.calibrated = out.statistics.geometry_calibrated = true;
    out.statistics.pixel_mm = kMm;
    out.statistics.air_noise_high = out.statistics.air_noise_low = noise;
    return out;
  }
};

}  // namespace torugart::tests
