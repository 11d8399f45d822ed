#include "hal/drivers/gige_detector/line_cutter.h"

#include <algorithm>

namespace torugart::hal::gige_detector {
namespace {

constexpr std::uint8_t kEven = 0x5A, kOdd = 0xA5;
// The pattern's samples in a row that are no coincidence; a packet is never smaller.
constexpr std::size_t kRun = 64;  // bytes
// More missing blocks than this are another count, not a loss.
constexpr std::uint64_t kMostMissing = 20'000;

// Where nothing arrived: one flag per byte.
std::vector<bool> holes(const Block& block, std::size_t size) {
  std::vector<bool> out(size, false);
  for (std::size_t from = 0; from < size;) {
    std::size_t to = from;
    while (to < size && block.bytes[to] == (to % 2 == 0 ? kEven : kOdd))
      ++to;
    if (to - from >= std::min(kRun, size))
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(from), out.begin() + static_cast<std::ptrdiff_t>(to), true);
    from = std::max(to, from + 1);
  }
  return out;
}

}  // namespace

void fill_pattern(std::uint8_t* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = i % 2 == 0 ? kEven : kOdd;
}

void LineCutter::restart() {
  last_id_.reset();
  next_index_ = 0;
}

void LineCutter::skip_missing_blocks(const Block& block) {
  if (last_id_ && block.id != *last_id_) {
    std::uint64_t step = block.id - *last_id_;
    if (block.id < *last_id_ && *last_id_ <= 0xFFFF) step = block.id + 0xFFFF - *last_id_;  // 0 is skipped
    if (step > 1 && step <= kMostMissing) {
      const auto missing = (step - 1) * static_cast<std::uint64_t>(lines_of(block.height));
      next_index_ += static_cast<std::uint32_t>(missing);
      lost_ += missing;
    }
  }
  last_id_ = block.id;
}

std::vector<CutLine> LineCutter::cut(const Block& block) {
  std::vector<CutLine> out;
  if (block.width <= 0 || block.height <= 0 || block.bytes == nullptr) return out;
  skip_missing_blocks(block);
  const auto sample = static_cast<std::size_t>(block.bytes_per_sample);
  const auto width = static_cast<std::size_t>(block.width);
  const auto row_bytes = width * sample;
  const auto size = std::min(block.size, row_bytes * static_cast<std::size_t>(block.height));
  const auto missing = block.complete ? std::vector<bool>() : holes(block, size);

  const auto read_row = [&](int row) {
    const auto begin = static_cast<std::size_t>(row) * row_bytes;
    std::size_t end = std::min(begin + row_bytes, size);
    if (begin >= end) return std::vector<std::uint16_t>();
    if (!missing.empty()) {
      const auto from = missing.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto to = missing.begin() + static_cast<std::ptrdiff_t>(end);
      end = begin + static_cast<std::size_t>(std::find(from, to, true) - from);
    }
    std::vector<std::uint16_t> values((end - begin) / sample);
    const auto* bytes = block.bytes + begin;
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = sample == 1 ? bytes[i] : static_cast<std::uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8);
    return values;
  };

  const int lines = lines_of(block.height);
  for (int i = 0; i < lines; ++i, ++next_index_) {
    CutLine line;
    line.index = next_index_;
    line.row = i;
    if (energies_ == Energies::single) {
      line.high = read_row(i);
    } else {
      auto first = read_row(energies_ == Energies::rows ? 2 * i : i);
      auto second = read_row(energies_ == Energies::rows ? 2 * i + 1 : lines + i);
      line.high = low_first_ ? std::move(second) : std::move(first);
      line.low = low_first_ ? std::move(first) : std::move(second);
    }
    const bool two = energies_ != Energies::single;
    if (line.high.empty() || (two && line.low.empty())) {
      ++lost_;
      continue;
    }
    if (line.high.size() < width || (two && line.low.size() < width)) ++torn_;
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace torugart::hal::gige_detector
