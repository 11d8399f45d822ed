#include "imaging/display/local_contrast.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "imaging/core/multiversion.h"
#include "imaging/display/passes.h"
#include "imaging/display/source_rows.h"
#include "imaging/display/tone.h"

namespace torugart::imaging::detail {
namespace {

constexpr int kSamples = 32;                // a side of a tile; more would only cost
constexpr double kSteepest = 2.5;           // of a curve, beside what is spread evenly
constexpr std::uint16_t kLastNode = 32767;  // tone 128 x 256, half a node past white
constexpr std::uint16_t kAir = 55800U;      // T = 0.93: above it is open beam

int tile_for(int rows) {
  return std::max(kSamples, static_cast<int>(std::bit_floor(static_cast<unsigned>(std::max(rows / 12, 1)))));
}

// The curve's two nodes around each tone.
void take_nodes(const std::uint16_t* tones, const std::uint16_t* curve, std::uint16_t* __restrict pairs,
                std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    std::uint32_t both;
    std::memcpy(&both, curve + (tones[i] >> 8), sizeof both);
    std::memcpy(pairs + 2 * i, &both, sizeof both);
  }
}

TORUGART_MULTIVERSION
void mix(const std::uint16_t* __restrict left, const std::uint16_t* __restrict right,
         const std::int16_t* __restrict across, std::uint16_t* __restrict tones, std::size_t n) {
  const auto part = [](std::int16_t distance, std::int16_t weight) {
    return static_cast<std::int16_t>((static_cast<int>(distance) * static_cast<int>(weight)) >> 16);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const auto within = static_cast<std::int16_t>((tones[i] & 255) << 7);
    const auto a0 = static_cast<std::int16_t>(left[2 * i]);
    const auto a = static_cast<std::int16_t>(a0 + 2 * part(static_cast<std::int16_t>(left[2 * i + 1] - a0), within));
    const auto b0 = static_cast<std::int16_t>(right[2 * i]);
    const auto b = static_cast<std::int16_t>(b0 + 2 * part(static_cast<std::int16_t>(right[2 * i + 1] - b0), within));
    const auto v = static_cast<std::int16_t>(a + 2 * part(static_cast<std::int16_t>(b - a), across[i]));
    tones[i] = static_cast<std::uint16_t>(std::min<std::int16_t>(v, kToneOne));
  }
}

}  // namespace

void LocalContrast::prepare(const ScanView& view, Source source, const std::vector<std::uint16_t>& tones,
                            std::uint64_t tone_key, const Rect& part) {
  const int tile = tile_for(view.rows);
  const int columns = (view.columns + tile - 1) / tile;
  const int rows = (view.rows + tile - 1) / tile;
  const auto& block = view.blocks.front();
  if (tile != tile_ || columns != columns_ || rows != rows_ || block != block_ || revision_ != view.revision ||
      tone_key != tone_key_ || source != source_) {
    tile_ = tile;
    columns_ = columns;
    rows_ = rows;
    block_ = block;
    revision_ = view.revision;
    tone_key_ = tone_key;
    source_ = source;
    curves_.resize(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
    made_.assign(curves_.size(), 0);
  }
  const auto tile_at = [tile](int at, int count, int more) {
    return std::clamp((at >= 0 ? at / tile : -1) + more, 0, count - 1);
  };
  for (int row = tile_at(part.y, rows, -1); row <= tile_at(part.bottom(), rows, 1); ++row) {
    for (int column = tile_at(part.x, columns, -1); column <= tile_at(part.right(), columns, 1); ++column)
      make(view, source, tones, column, row);
  }
}

const LocalContrast::Curve& LocalContrast::curve(int column, int row) const {
  const int c = std::clamp(column, 0, columns_ - 1);
  const int r = std::clamp(row, 0, rows_ - 1);
  return curves_[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(c)];
}

void LocalContrast::make(const ScanView& view, Source source, const std::vector<std::uint16_t>& tones, int column,
                         int row) {
  const auto at =
      static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column);
  if (made_[at]) return;
  made_[at] = 1;
  int level = 0;
  while ((tile_ >> level) > kSamples && level + 1 < view.levels())
    ++level;
  const int side = tile_ >> level;
  codes_.resize(static_cast<std::size_t>(side));
  std::array<std::uint32_t, kNodes + 1> tally{};  // the last is for what does not count
  const int last_row = view.blocks.front()->level_rows(level);
  for (int y = row * side; y < std::min((row + 1) * side, last_row); ++y) {
    read_source(view, source, level, column * side, y, codes_, scratch_);
    for (const std::uint16_t code : codes_) {
      ++tally[code < kAir ? tones[code] >> 8U : kNodes];
    }
  }
  // What does not count, and what is cut off, is spread evenly: a tile of air keeps its tones.
  const float all = static_cast<float>(side) * static_cast<float>(side);
  const float most = static_cast<float>(kSteepest) * all / kNodes;
  std::array<float, kNodes> counts{};
  float kept = 0;
  for (std::size_t i = 0; i < kNodes; ++i) {
    counts[i] = std::min(static_cast<float>(tally[i]), most);
    kept += counts[i];
  }
  const float even = (all - kept) / kNodes;
  Curve& out = curves_[at];
  double sum = 0;
  const double scale = kLastNode / static_cast<double>(all);
  for (std::size_t i = 0; i < kNodes; ++i) {
    out[i] = static_cast<std::uint16_t>(std::min(sum * scale + 0.5, static_cast<double>(kLastNode)));
    sum += static_cast<double>(counts[i] + even);
  }
  for (std::size_t i = kNodes; i < out.size(); ++i)
    out[i] = kLastNode;
}

void LocalContrast::Rows::start(const LocalContrast& owner, int level, int x, std::size_t n) {
  owner_ = &owner;
  level_ = level;
  stretches_.clear();
  weights_.resize(n);
  left_.resize(2 * n);
  right_.resize(2 * n);
  const double step = static_cast<double>(1 << level) / owner.tile_;
  int last = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double across = (x + static_cast<double>(i) + 0.5) * step - 0.5;
    const int left = static_cast<int>(std::floor(across));
    weights_[i] = static_cast<std::int16_t>(std::min(32767L, std::lround((across - left) * 32768)));
    if (stretches_.empty() || left != last) {
      if (!stretches_.empty()) stretches_.back().end = i;
      stretches_.push_back({i, n, left});
      last = left;
    }
  }
  first_tile_ = stretches_.empty() ? 0 : stretches_.front().left;
  curves_.resize(stretches_.empty() ? 0 : static_cast<std::size_t>(stretches_.back().left - first_tile_ + 2));
}

void LocalContrast::Rows::apply(int y, std::uint16_t* tones) {
  const double down = (y + 0.5) * (1 << level_) / owner_->tile_ - 0.5;
  const int above = static_cast<int>(std::floor(down));
  const int weight = std::min(255, static_cast<int>(std::lround((down - above) * 256)));
  for (std::size_t t = 0; t < curves_.size(); ++t) {
    const int column = first_tile_ + static_cast<int>(t);
    blend(owner_->curve(column, above).data(), owner_->curve(column, above + 1).data(), curves_[t].data(), weight,
          curves_[t].size());
  }
  for (const Stretch& s : stretches_) {
    const auto t = static_cast<std::size_t>(s.left - first_tile_);
    take_nodes(tones + s.begin, curves_[t].data(), left_.data() + 2 * s.begin, s.end - s.begin);
    take_nodes(tones + s.begin, curves_[t + 1].data(), right_.data() + 2 * s.begin, s.end - s.begin);
  }
  mix(left_.data(), right_.data(), weights_.data(), tones, weights_.size());
}

}  // namespace torugart::imaging::detail
