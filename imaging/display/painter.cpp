#include "imaging/display/painter.h"

#include <algorithm>

#include "imaging/display/renderer.h"
#include "imaging/display/source_rows.h"
#include "imaging/display/tone.h"

namespace torugart::imaging::detail {
namespace {

constexpr std::uint32_t kMissingColour = 0xFF3A4A5AU;
constexpr std::uint32_t kMaskColour = 0xFF2020D0U;
constexpr std::uint32_t kBandColour = 0xFFC83CE6U;

std::uint32_t half_way(std::uint32_t a, std::uint32_t b) {
  return ((a >> 1U) & 0x7F7F7F7FU) + ((b >> 1U) & 0x7F7F7F7FU) + 0x01000000U;
}

// The same steps for both kinds of rows: which sources, from where, how much of the next.
void unroll(const std::vector<Tap>& taps, std::size_t begin, std::size_t end, int x, std::vector<int>& first,
            std::vector<std::int16_t>& weight) {
  first.resize(end - begin);
  weight.resize(end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    first[i - begin] = taps[i].first - x;
    weight[i - begin] = static_cast<std::int16_t>(taps[i].weight * 128);
  }
}

}  // namespace

const Painter::Row& Painter::tone_row(int y) {
  Row& row = ring_[static_cast<std::size_t>(y % kRing)];
  if (row.y == y) return row;
  const Job& job = *job_;
  const std::size_t padded = width_ + 2 * kHalo;
  row.y = y;
  codes_.resize(padded);
  row.tones.resize(padded + 1);  // a pair may be taken at the last column
  constexpr int halo = static_cast<int>(kHalo);
  source_.read(y, codes_.data());
  // Over the picture's edge its last column goes on, so that edges there are not sharpened against nothing.
  const int before = std::max(0, halo - x_);
  const int after = std::max(0, x_ + static_cast<int>(width_) + halo - job.source_columns);
  for (int i = 0; i < before; ++i)
    codes_[static_cast<std::size_t>(i)] = codes_[static_cast<std::size_t>(before)];
  for (std::size_t i = padded - static_cast<std::size_t>(after); i < padded; ++i)
    codes_[i] = codes_[padded - static_cast<std::size_t>(after) - 1];
  row.masked = any_masked(codes_.data() + kHalo, width_);
  if (row.masked || job.band_lo <= job.band_hi) row.codes.assign(codes_.begin() + kHalo, codes_.end() - kHalo);
  look_up(codes_.data(), job.tones, row.tones.data(), padded);
  row.tones[padded] = row.tones[padded - 1];
  return row;
}

const std::uint16_t* Painter::final_row(int y) {
  const Job& job = *job_;
  const bool edge = job.options->enhance == Enhance::edge;
  if (!edge && job.local == nullptr) return tone_row(y).tones.data() + kHalo;
  Row& out = finished_[static_cast<std::size_t>(y % 2)];
  if (out.y == y) return out.tones.data();
  out.y = y;
  out.tones.resize(width_ + 1);
  if (edge) {
    constexpr int reach = static_cast<int>(kHalo);
    const auto at = [&](int row) { return tone_row(std::clamp(row, 0, job.source_rows - 1)).tones.data(); };
    const std::size_t padded = width_ + 2 * kHalo;
    sums_.resize(padded);
    if (sums_y_ + 1 == y) {
      const auto* removed = at(y - reach - 1);  // still in the ring
      swap_quarters(at(y + reach), removed, sums_.data(), padded);
    } else {
      clear(sums_.data(), padded);
      for (int k = y - reach; k <= y + reach; ++k)
        add_quarters(at(k), sums_.data(), padded);
    }
    sums_y_ = y;
    sharpen(at(y), sums_.data(), out.tones.data(), static_cast<int>(job.options->edge_strength * 8192.0F), width_);
  } else {
    const auto* from = tone_row(y).tones.data() + kHalo;
    std::copy(from, from + width_, out.tones.begin());
    local_.apply(y, out.tones.data());
  }
  out.tones[width_] = out.tones[width_ - 1];
  return out.tones.data();
}

const std::uint16_t* Painter::line(int y) {
  if (job_->straight) return final_row(y) + first_[0];
  Line& out = lines_[static_cast<std::size_t>(y % 2)];
  if (out.y == y) return out.tones.data();
  const std::size_t n = end_ - begin_;
  out.y = y;
  out.tones.resize(n);
  pairs_.resize(2 * n);
  take_pairs(final_row(y), first_.data(), pairs_.data(), n);
  between_pairs(pairs_.data(), weight_.data(), out.tones.data(), n);
  return out.tones.data();
}

const Painter::Colour& Painter::colour_line(int y) {
  Colour& out = colours_[static_cast<std::size_t>(y % 2)];
  if (out.y == y) return out;
  const std::size_t n = end_ - begin_;
  out.y = y;
  out.red.resize(n + 3);
  out.blue.resize(n + 3);
  const auto cells = material_.row(y);
  if (job_->options->strip != Strip::none) out.cells.assign(cells.begin(), cells.end());
  if (!job_->coloured) return out;
  chroma_.resize(colour_width_ + 1);
  take_cells(cells.data(), job_->chroma_of_cell, chroma_.data(), colour_width_);
  chroma_[colour_width_] = chroma_[colour_width_ - 1];
  if (job_->doubled) {
    double_chroma(chroma_.data(), out.red.data(), out.blue.data(), (n + 3) / 2 * 2);
  } else {
    pairs_.resize(2 * n);
    take_pairs(chroma_.data(), colour_first_.data(), pairs_.data(), n);
    between_chroma(pairs_.data(), colour_weight_.data(), out.red.data(), out.blue.data(), n);
  }
  return out;
}

void Painter::colour(int y, const std::int16_t*& red, const std::int16_t*& blue) {
  const Tap& tap = job_->colour_ys[static_cast<std::size_t>(y)];
  const std::size_t skip = colour_skip_;
  const Colour& upper = colour_line(tap.first);
  if (tap.weight == 0) {
    red = upper.red.data() + skip;
    blue = upper.blue.data() + skip;
    return;
  }
  const Colour& lower = colour_line(tap.first + 1);
  mixed_colour_.red.resize(upper.red.size());
  mixed_colour_.blue.resize(upper.blue.size());
  blend(upper.red.data(), lower.red.data(), mixed_colour_.red.data(), tap.weight, upper.red.size());
  blend(upper.blue.data(), lower.blue.data(), mixed_colour_.blue.data(), tap.weight, upper.blue.size());
  red = mixed_colour_.red.data() + skip;
  blue = mixed_colour_.blue.data() + skip;
}

void Painter::strip(int y, std::uint32_t* out) {
  const Job& job = *job_;
  const Tap& tap = job.colour_ys[static_cast<std::size_t>(y)];
  const Colour& line = colour_line(tap.first + (tap.weight >= 128 ? 1 : 0));
  const std::uint32_t paper = job.options->invert ? 0xFF000000U : 0xFFFFFFFFU;
  for (std::size_t i = begin_; i < end_; ++i) {
    const Tap& across = job.colour_xs[i];
    const MaterialClass c = MaterialTable::class_of(
        line.cells[static_cast<std::size_t>(across.first + (across.weight >= 128 ? 1 : 0) - colour_x_)]);
    const bool gone = job.options->strip == Strip::organic
                          ? c == MaterialClass::organic
                          : c == MaterialClass::light || c == MaterialClass::steel || c == MaterialClass::heavy;
    if (gone) out[i] = half_way(half_way(half_way(out[i], paper), paper), paper);  // a shadow of it stays
  }
}

void Painter::overlay(const Row& row, int y, std::uint32_t* out) const {
  const Job& job = *job_;
  for (std::size_t i = begin_; i < end_; ++i) {
    const Tap& tap = job.xs[i];
    const std::uint16_t code = row.codes[static_cast<std::size_t>(tap.first + (tap.weight >= 128 ? 1 : 0) - x_)];
    if (code >= job.band_lo && code <= job.band_hi) out[i] = half_way(out[i], kBandColour);
    const PixelState state = state_of(code);
    if (state == PixelState::measured) continue;
    const bool stripe = ((static_cast<int>(i) + y + job.stripe) & 7) < 2;
    if (state == PixelState::missing) {
      out[i] = stripe ? kMissingColour : kBackground;
    } else if (job.options->show_masks && stripe) {
      out[i] = kMaskColour;
    }
  }
}

void Painter::paint(const Job& job, const Rect& part, RasterRgba& out) {
  job_ = &job;
  const auto inside = [](const Tap& t) { return t.inside; };
  const auto from = job.xs.begin() + part.x;
  const auto to = job.xs.begin() + part.right();
  const auto first = std::find_if(from, to, inside);
  begin_ = static_cast<std::size_t>(first - job.xs.begin());
  end_ = static_cast<std::size_t>(std::find_if_not(first, to, inside) - job.xs.begin());
  const auto clear_row = [&](int y, int x0, int x1) {
    std::fill(out.row(y).data() + x0, out.row(y).data() + x1, kBackground);
  };
  if (begin_ == end_) {
    for (int y = part.y; y < part.bottom(); ++y)
      clear_row(y, part.x, part.right());
    return;
  }
  x_ = job.xs[begin_].first;
  const Tap& last = job.xs[end_ - 1];
  width_ = static_cast<std::size_t>(last.first - x_ + (last.weight > 0 ? 2 : 1));
  unroll(job.xs, begin_, end_, x_, first_, weight_);
  constexpr int halo = static_cast<int>(kHalo);
  source_ = SourceRows(*job.view, job.options->source, job.level, x_ - halo, static_cast<int>(width_) + 2 * halo);
  for (Row& row : ring_)
    row.y = -1;
  for (Row& row : finished_)
    row.y = -1;
  for (Line& row : lines_)
    row.y = -1;
  for (Colour& row : colours_)
    row.y = -1'000'000;
  sums_y_ = -2;
  if (job.local != nullptr) local_.start(*job.local, job.level, x_, width_);
  if (job.table != nullptr) {
    // A doubled row starts with the first output of a source pixel, and reads one before it.
    colour_skip_ = job.doubled && job.colour_xs[begin_].weight < 128 ? 1 : 0;
    colour_x_ = job.colour_xs[begin_].first - static_cast<int>(colour_skip_);
    colour_width_ = static_cast<std::size_t>(job.colour_xs[end_ - 1].first - colour_x_ + 4);
    unroll(job.colour_xs, begin_, end_, colour_x_, colour_first_, colour_weight_);
    material_.start(*job.view, *job.table, job.colour_level, colour_x_, static_cast<int>(colour_width_));
  }
  const std::size_t n = end_ - begin_;
  mixed_.resize(n);
  for (int y = part.y; y < part.bottom(); ++y) {
    const Tap& tap = job.ys[static_cast<std::size_t>(y)];
    if (!tap.inside) {
      clear_row(y, part.x, part.right());
      continue;
    }
    clear_row(y, part.x, static_cast<int>(begin_));
    clear_row(y, static_cast<int>(end_), part.right());
    const std::uint16_t* tones = line(tap.first);
    if (tap.weight != 0) {
      const std::uint16_t* lower = line(tap.first + 1);
      blend(tones, lower, mixed_.data(), tap.weight, n);
      tones = mixed_.data();
    }
    std::uint32_t* to_row = out.row(y).data();
    if (job.coloured) {
      const std::int16_t* red = nullptr;
      const std::int16_t* blue = nullptr;
      colour(y, red, blue);
      to_colour(tones, red, blue, job.options->invert, to_row + begin_, n);
    } else if (job.palette != nullptr) {
      to_palette(tones, job.palette, to_row + begin_, n);
    } else {
      to_grey(tones, job.options->invert, to_row + begin_, n);
    }
    if (job.options->strip != Strip::none && job.table != nullptr) strip(y, to_row);
    const Row& nearest = tone_row(tap.first + (tap.weight >= 128 ? 1 : 0));
    if (nearest.masked || job.band_lo <= job.band_hi) overlay(nearest, y, to_row);
  }
}

}  // namespace torugart::imaging::detail
