// A scanner for tests: known transmission in, raw lines with dark, gain and pulse out. Deterministic.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "imaging/scan/scan_builder.h"

namespace torugart::imaging::test {

struct TestScanner {
  int detectors = 100;
  double dark = 500;
  double open_beam = 40000;
  double noise = 0;  // relative, of the open beam
  double pulse = 0;  // relative deviation of the pulses
  bool monitor = false;
  double line_us = 2000;
  std::vector<int> dead, noisy;
  std::mt19937 random{7};

  [[nodiscard]] double gain(int d) const { return 1.0 + 0.15 * std::sin(d * 0.7); }

  RawLine line(LineKind kind, std::int64_t index, const std::function<double(int)>& transmission) {
    std::normal_distribution<double> normal;
    RawLine out;
    out.kind = kind;
    out.index = index;
    out.time_us = static_cast<std::int64_t>(static_cast<double>(index) * line_us);
    const double dose = 1.0 + pulse * normal(random);
    if (monitor) out.reference_high = out.reference_low = 100.0 * dose;
    for (int d = 0; d < detectors; ++d) {
      const double t = kind == LineKind::dark ? 0.0 : kind == LineKind::air ? 1.0 : transmission(d);
      double v = dark + d % 7 + open_beam * gain(d) * dose * t;
      v += noise * open_beam * std::sqrt(t) * normal(random);
      for (const int bad : dead)
        v = bad == d ? dark : v;
      for (const int bad : noisy)
        v = bad == d && kind != LineKind::dark ? v + 6000 * normal(random) : v;
      const double clipped = std::min(std::max(std::round(v), 0.0), 65535.0);
      out.high.push_back(static_cast<std::uint16_t>(clipped));
      out.low.push_back(static_cast<std::uint16_t>(clipped));
    }
    return out;
  }
  void calibrate(ScanBuilder& builder, int lines = 32) {
    for (int i = 0; i < lines; ++i)
      builder.add(line(LineKind::dark, i, {}));
    for (int i = 0; i < lines; ++i)
      builder.add(line(LineKind::air, i, {}));
  }
  void scan(ScanBuilder& builder, int from, int to, const std::function<double(int, int)>& transmission) {
    for (int x = from; x < to; ++x) {
      builder.add(line(LineKind::object, x, [&](int d) { return transmission(x, d); }));
    }
  }
};

}  // namespace torugart::imaging::test
