#include "hal/drivers/toledo_scale/toledo_frame.h"

#include <algorithm>
#include <cmath>

namespace torugart::hal::drivers::toledo {
namespace {

constexpr std::uint8_t kStx = 0x02, kCr = 0x0d;
constexpr double kMost_kg = 200'000;

// Six digits, blanks in front.
std::optional<double> digits(const std::uint8_t* from) {
  double value = 0;
  bool seen = false;
  for (int i = 0; i < 6; ++i) {
    if (from[i] == ' ' && !seen) continue;
    if (from[i] < '0' || from[i] > '9') return std::nullopt;
    seen = true;
    value = value * 10 + (from[i] - '0');
  }
  return seen ? std::optional(value) : std::nullopt;
}

std::optional<double> kg_per(Unit unit) {
  switch (unit) {
    case Unit::kg:
      return 1.0;
    case Unit::lb:
      return 0.45359237;
    case Unit::g:
      return 1e-3;
    case Unit::t:
      return 1e3;
    case Unit::other:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

bool FrameFinder::take(char c) {
  const auto byte = static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) & 0x7fU);
  if (have_ == 0 && byte != kStx) return false;
  bytes_[have_++] = byte;
  // A frame that cannot be one is given up at once, so that the one behind it is not lost with it.
  const bool status = have_ >= 2 && have_ <= 4;
  if ((status && (byte & 0x20U) == 0) || (have_ == 17 && byte != kCr)) {
    resync();
    return false;
  }
  if (have_ < length_) return false;
  if (parse()) {
    have_ = 0;
    return true;
  }
  resync();
  return false;
}

// Looks for another beginning inside what was taken for a frame.
void FrameFinder::resync() {
  ++damaged_;
  const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(have_);
  const auto next = std::find(bytes_.begin() + 1, end, kStx);
  have_ = static_cast<std::size_t>(end - next);
  std::copy(next, end, bytes_.begin());
}

bool FrameFinder::parse() {
  if (length_ == 18) {
    unsigned sum = 0;
    for (const auto b : bytes_)
      sum += b;
    if ((sum & 0x7fU) != 0) return false;
  }
  const unsigned a = bytes_[1], b = bytes_[2], c = bytes_[3];
  const auto shown = digits(bytes_.data() + 4), tare = digits(bytes_.data() + 10);
  if (!shown || !tare) return false;
  const double scale = std::pow(10.0, 2 - static_cast<int>(a & 7U)) * ((c & 0x10U) != 0 ? 0.1 : 1.0);
  frame_ = {};
  frame_.shown = *shown * scale;
  frame_.tare = *tare * scale;
  frame_.net = (b & 1U) != 0;
  frame_.negative = (b & 2U) != 0;
  frame_.out_of_range = (b & 4U) != 0;
  frame_.motion = (b & 8U) != 0;
  frame_.not_zeroed = (b & 0x40U) != 0;
  switch (c & 7U) {
    case 0:
      frame_.unit = (b & 0x10U) != 0 ? Unit::kg : Unit::lb;
      break;
    case 1:
      frame_.unit = Unit::g;
      break;
    case 2:
      frame_.unit = Unit::t;
      break;
    default:
      frame_.unit = Unit::other;
  }
  return true;
}

std::optional<WeightReading> reading_of(const Frame& frame, TimeStamp at) {
  const auto factor = kg_per(frame.unit);
  if (!factor) return std::nullopt;
  WeightReading out;
  out.at = at;
  out.tare_kg = frame.tare * *factor;
  const double shown = (frame.negative ? -frame.shown : frame.shown) * *factor;
  const double gross = shown + (frame.net ? out.tare_kg : 0);
  out.gross_kg = std::clamp(gross, 0.0, kMost_kg);
  if (frame.out_of_range) {
    out.status = frame.negative ? WeightStatus::underload : WeightStatus::overload;
  } else if (gross < 0) {
    out.status = WeightStatus::underload;
  } else if (gross > kMost_kg) {
    out.status = WeightStatus::overload;
  } else {
    out.status = frame.motion ? WeightStatus::motion : WeightStatus::stable;
  }
  return out;
}

const char* to_string(Unit unit) {
  switch (unit) {
    case Unit::lb:
      return "lb";
    case Unit::kg:
      return "kg";
    case Unit::g:
      return "g";
    case Unit::t:
      return "t";
    case Unit::other:
      return "another unit";
  }
  return "unknown";
}

}  // namespace torugart::hal::drivers::toledo
