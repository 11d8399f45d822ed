// The simulator's only source of chance: seeded, the same on every machine (std's distributions are not).
// Thread-bound.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace torugart::hal::sim {

// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) { next(); }

  // Streams that do not run into each other: per truck, per device, per scan.
  static Random of(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0) {
    Random r(seed ^ (0x9E3779B97F4A7C15ULL * (a + 1)));
    return Random(r.next() ^ (0xD1B54A32D192ED03ULL * (b + 1)));
  }

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }  // 0 … <1
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  int integer(int low, int high) {  // inclusive
    return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(double p) { return uniform() < p; }
  char of_chars(const std::string& letters) { return letters[next() % letters.size()]; }

  // Standard normal, from four 16-bit uniforms: quick, and its tails end at 3.5 sigma.
  float gauss() {
    const std::uint64_t r = next();
    const auto sum = static_cast<float>((r & 0xFFFFU) + ((r >> 16U) & 0xFFFFU) + ((r >> 32U) & 0xFFFFU) + (r >> 48U));
    return (sum - 131070.0F) * (1.7320508F / 65536.0F);
  }
  // Poisson: exact below a mean of 20, a rounded normal above.
  double poisson(double mean) {
    if (mean <= 0) return 0;
    if (mean > 20) return std::max(0.0, std::round(mean + std::sqrt(mean) * static_cast<double>(gauss())));
    const double limit = std::exp(-mean);
    double product = uniform();
    int n = 0;
    while (product > limit) {
      ++n;
      product *= uniform();
    }
    return n;
  }

 private:
  std::uint64_t state_;
};

}  // namespace torugart::hal::sim
