#include "kiosk/platform/damage.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace torugart::platform {
namespace {

constexpr int cell = 64;
// more rectangles than this are one: each costs an upload of the vertices
constexpr std::size_t most_rects = 6;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash ^= value;
  hash *= 0x9E3779B97F4A7C15ULL;
  return hash ^ hash >> 29U;
}

std::uint64_t word(float a, float b) {
  std::uint32_t x = 0, y = 0;
  std::memcpy(&x, &a, sizeof x);
  std::memcpy(&y, &b, sizeof y);
  return static_cast<std::uint64_t>(x) << 32U | y;
}

bool overlap(const PixelRect& a, const PixelRect& b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

PixelRect both(const PixelRect& a, const PixelRect& b) {
  const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.w, b.x + b.w) - x, std::max(a.y + a.h, b.y + b.h) - y};
}

}  // namespace

void Damage::hash_command(const ImDrawList& list, const ImDrawCmd& command, std::uint64_t seed) {
  const ImVec4& clip = command.ClipRect;
  const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
  const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
  for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
    float left = 1e9F, top = 1e9F, right = -1e9F, bottom = -1e9F;
    std::uint64_t hash = seed;
    for (unsigned k = 0; k < 3; ++k) {
      const ImDrawVert& v = vertices[index[i + k]];
      left = std::min(left, v.pos.x), right = std::max(right, v.pos.x);
      top = std::min(top, v.pos.y), bottom = std::max(bottom, v.pos.y);
      hash = mixed(hash, word(v.pos.x, v.pos.y));
      hash = mixed(hash, word(v.uv.x, v.uv.y) + v.col);
    }
    left = std::max(left, clip.x), top = std::max(top, clip.y);
    right = std::min(right, clip.z), bottom = std::min(bottom, clip.w);
    if (left > right || top > bottom) continue;
    const auto at = [](float v, int most) { return std::clamp(static_cast<int>(std::floor(v / cell)), 0, most - 1); };
    const int first = at(left, columns_), last = at(right, columns_), end = at(bottom, rows_);
    for (int y = at(top, rows_); y <= end; ++y)
      for (int x = first; x <= last; ++x) {
        std::uint64_t& h = now_[static_cast<std::size_t>(y * columns_ + x)];
        h = mixed(h, hash);
      }
  }
}

std::vector<PixelRect> Damage::changed_rects(int width, int height) const {
  std::vector<PixelRect> out;
  for (int y = 0; y < rows_; ++y) {
    for (int x = 0; x < columns_;) {
      const auto changed = [&](int column) {
        const auto i = static_cast<std::size_t>(y * columns_ + column);
        return now_[i] != last_[i];
      };
      const int first = x;
      while (x < columns_ && changed(x))
        ++x;
      if (x > first) {
        const PixelRect run{first * cell, y * cell, (x - first) * cell, cell};
        // a run under one of the same columns makes that one taller
        const auto above = std::find_if(out.begin(), out.end(), [&](const PixelRect& r) {
          return r.x == run.x && r.w == run.w && r.y + r.h == run.y;
        });
        if (above != out.end())
          above->h += cell;
        else
          out.push_back(run);
      }
      ++x;
    }
  }
  // few and disjoint: join the two whose common rectangle wastes least
  while (out.size() > most_rects) {
    std::size_t a = 0, b = 1;
    std::int64_t least = INT64_MAX;
    for (std::size_t i = 0; i < out.size(); ++i)
      for (std::size_t k = i + 1; k < out.size(); ++k) {
        const PixelRect u = both(out[i], out[k]);
        const std::int64_t waste =
            std::int64_t{u.w} * u.h - std::int64_t{out[i].w} * out[i].h - std::int64_t{out[k].w} * out[k].h;
        if (waste < least) least = waste, a = i, b = k;
      }
    out[a] = both(out[a], out[b]);
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(b));
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    for (std::size_t k = i + 1; k < out.size(); ++k)
      if (overlap(out[i], out[k])) {
        out[i] = both(out[i], out[k]);
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(k));
        // the larger one may overlap others now
        i = static_cast<std::size_t>(-1);
        break;
      }
  for (PixelRect& r : out)
    r.w = std::min(r.w, width - r.x), r.h = std::min(r.h, height - r.y);
  return out;
}

std::vector<PixelRect> Damage::update(const ImDrawData& data, int width, int height, std::uint64_t salt,
                                      const TextureVersion& version) {
  columns_ = std::max(1, (width + cell - 1) / cell);
  rows_ = std::max(1, (height + cell - 1) / cell);
  now_.assign(static_cast<std::size_t>(columns_ * rows_), salt);
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      std::uint64_t seed = mixed(version(command.GetTexID()), reinterpret_cast<std::uintptr_t>(command.GetTexID()));
      seed = mixed(seed, word(command.ClipRect.x, command.ClipRect.y));
      seed = mixed(seed, word(command.ClipRect.z, command.ClipRect.w));
      hash_command(list, command, seed);
    }
  }
  std::vector<PixelRect> out;
  if (last_.size() != now_.size())
    out = {{0, 0, width, height}};
  else
    out = changed_rects(width, height);
  std::swap(now_, last_);
  return out;
}

}  // namespace torugart::platform
