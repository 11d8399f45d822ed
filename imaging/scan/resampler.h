// Internal to imaging/scan: lines at uneven steps along the truck -> columns of one pitch, by area: a column is the
// mean of the lines that cover it, weighted by how much of it they cover. Nothing is invented between lines, nothing
// counted twice. Thread-bound.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace torugart::imaging::detail {

class Resampler {
 public:
  using Emit = std::function<void(std::span<const std::uint16_t> high, std::span<const std::uint16_t> low)>;
  Resampler(int rows, bool dual, Emit emit);

  // A line that covers the next `length` columns (a fraction or several). Empty spans: the line is missing.
  void add(std::span<const std::uint16_t> high, std::span<const std::uint16_t> low, double length);
  // The last column, if at least half of it was covered.
  void finish();

 private:
  struct Plane {
    std::vector<float> sum, measured, dark, over;  // the last three of lines with a mask
    float whole = 0;                               // weight of lines that were measured throughout
    bool masked = false;
    std::vector<std::uint16_t> out;
  };
  void accumulate(Plane& plane, std::span<const std::uint16_t> codes, float weight);
  void emit_column();

  int rows_;
  bool dual_;
  Emit emit_;
  Plane planes_[2];
  double filled_ = 0;  // of the column that is being filled, 0 .. 1
};

}  // namespace torugart::imaging::detail
