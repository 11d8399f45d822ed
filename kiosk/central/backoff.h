// How long to wait after failures: doubling, bounded, and with chance in it, so that a hundred lanes whose line comes
// back at the same second do not all call at the same second.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

namespace torugart::central {

class Backoff {
 public:
  Backoff(std::int64_t first_ms, std::int64_t max_ms, std::function<double()> random)
      : first_ms_(std::max<std::int64_t>(1, first_ms)),
        max_ms_(std::max(first_ms_, max_ms)),
        random_(std::move(random)) {}

  void succeeded() { failures_ = 0; }

  // The pause after one more failure: uniform in [d/2, d], d = min(first · 2^(n-1), max).
  std::int64_t failed_ms() {
    const auto doublings = std::min(failures_++, 40);
    auto d = first_ms_;
    for (int i = 0; i < doublings && d < max_ms_; ++i)
      d *= 2;
    d = std::min(d, max_ms_);
    return d / 2 + static_cast<std::int64_t>(static_cast<double>(d - d / 2) * random_());
  }

 private:
  std::int64_t first_ms_, max_ms_;
  std::function<double()> random_;
  int failures_ = 0;
};

}  // namespace torugart::central
