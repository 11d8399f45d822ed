// Internal to imaging/scan.
#pragma once

#include <algorithm>
#include <vector>

namespace torugart::imaging::detail {

// Upper median; 0 of nothing.
[[nodiscard]] inline float median(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace torugart::imaging::detail
