// Internal to imaging/display: local contrast. The picture is cut into square tiles that lie fixed on the image, not on
// the window; each has a curve from tone to tone that spreads the tones that occur in it, and a pixel takes the curves
// of the four tiles around it by its distance to their centres (contrast-limited adaptive equalisation, K. Zuiderveld,
// Graphics Gems IV (1994) 474). So panning and zooming show the same picture, and no seams. Air and masked pixels do
// not count as tones that occur. Curves are kept until picture, plane or tone change.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "imaging/core/scan_view.h"
#include "imaging/display/options.h"

namespace torugart::imaging::detail {

class LocalContrast {
 public:
  static constexpr int kNodes = 128;  // of a curve, 2 grey levels apart; between them it is straight
  using Curve = std::array<std::uint16_t, kNodes + 4>;

  // Makes the curves that `part` (image pixels) needs. `tones` is the table of 65,536 codes that `tone_key` stands for;
  // other keys or another view drop what was kept. Not while rows are applied elsewhere.
  void prepare(const ScanView& view, Source source, const std::vector<std::uint16_t>& tones, std::uint64_t tone_key,
               const Rect& part);

  // Of one thread: the curves along a row of a level's pixels.
  class Rows {
   public:
    // Columns x … x + n - 1 of a level. `owner` must outlive the calls of apply().
    void start(const LocalContrast& owner, int level, int x, std::size_t n);
    void apply(int y, std::uint16_t* tones);  // in place

   private:
    struct Stretch {  // columns between the centres of two tiles
      std::size_t begin, end;
      int left;  // tile; the right one is the next
    };
    const LocalContrast* owner_ = nullptr;
    int level_ = 0, first_tile_ = 0;
    std::vector<Stretch> stretches_;
    std::vector<std::int16_t> weights_;
    std::vector<Curve> curves_;  // of the tiles across, blended for the row in hand
    std::vector<std::uint16_t> left_, right_;
    std::vector<std::int16_t> within_;
  };

 private:
  [[nodiscard]] const Curve& curve(int column, int row) const;
  void make(const ScanView& view, Source source, const std::vector<std::uint16_t>& tones, int column, int row);

  int tile_ = 0;  // image pixels a side, a power of two
  int columns_ = 0, rows_ = 0;
  std::shared_ptr<const ColumnBlock> block_;  // held, so that no other scan's can stand at its address
  std::uint64_t revision_ = 0, tone_key_ = 0;
  Source source_ = Source::high;
  std::vector<Curve> curves_;
  std::vector<char> made_;
  std::vector<std::uint16_t> codes_, scratch_;
};

}  // namespace torugart::imaging::detail
