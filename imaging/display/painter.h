// Internal to imaging/display: draws a part of the output, row by row. Everything that does not depend on the part (the
// tables, the curves of local contrast) is shared and read only, so that several painters draw one picture at a time.
// Thread-bound; keeps its buffers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "imaging/core/raster.h"
#include "imaging/core/scan_view.h"
#include "imaging/display/local_contrast.h"
#include "imaging/display/options.h"
#include "imaging/display/passes.h"
#include "imaging/display/source_rows.h"
#include "imaging/material/classifier.h"
#include "imaging/material/material_rows.h"

namespace torugart::imaging::detail {

// Where an output pixel of one direction takes its samples: between `first` and the next with weight / 256 of the
// latter.
struct Tap {
  int first = 0, weight = 0;
  bool inside = false;
};

struct Job {
  const ScanView* view = nullptr;
  const RenderOptions* options = nullptr;
  const MaterialTable* table = nullptr;  // null: neither colour nor strip asks for materials
  bool coloured = false;
  const LocalContrast* local = nullptr;  // null: none
  const std::uint16_t* tones = nullptr;  // by code
  const std::uint16_t* chroma_of_cell = nullptr;
  const std::uint32_t* palette = nullptr;  // by level; null: grey or material
  int level = 0, source_rows = 0, source_columns = 0;
  int colour_level = 0;  // of the pyramid, where materials are told apart
  std::vector<Tap> xs, ys;
  std::vector<Tap> colour_xs, colour_ys;
  bool straight = false;                   // xs takes whole source pixels, one after the other
  bool doubled = false;                    // colour_xs is two output pixels a source pixel
  int stripe = 0;                          // phase of the hatching: it moves with the picture
  std::uint16_t band_lo = 1, band_hi = 0;  // codes; empty when lo > hi
};

class Painter {
 public:
  // `part` of the output, in output pixels.
  void paint(const Job& job, const Rect& part, RasterRgba& out);

 private:
  struct Row {  // source row as tones, with kHalo more on both sides
    int y = -1;
    bool masked = false;
    std::vector<std::uint16_t> tones;
    std::vector<std::uint16_t> codes;  // without halo; kept when they are needed
  };
  struct Line {  // finished row at the output's width
    int y = -1;
    std::vector<std::uint16_t> tones;
  };
  struct Colour {
    int y = -1;
    std::vector<std::int16_t> red, blue;
    std::vector<std::uint8_t> cells;  // kept for strip
  };
  const Row& tone_row(int y);
  const std::uint16_t* final_row(int y);  // without halo
  const std::uint16_t* line(int y);
  const Colour& colour_line(int y);
  void colour(int y, const std::int16_t*& red, const std::int16_t*& blue);
  void strip(int y, std::uint32_t* out);
  void overlay(const Row& row, int y, std::uint32_t* out) const;

  const Job* job_ = nullptr;
  std::size_t begin_ = 0, end_ = 0;  // output columns inside the picture
  int x_ = 0;                        // first source column that is needed
  std::size_t width_ = 0;            // source columns
  static constexpr int kRing = 8;
  std::array<Row, kRing> ring_;
  std::array<Row, 2> finished_;
  std::array<Line, 2> lines_;
  std::array<Colour, 2> colours_;
  Colour mixed_colour_;
  std::vector<std::uint16_t> mixed_, pairs_, codes_, sums_;
  int sums_y_ = -1;
  std::vector<int> first_, colour_first_;
  std::vector<std::int16_t> weight_, colour_weight_;
  SourceRows source_;
  MaterialRows material_;
  LocalContrast::Rows local_;
  int colour_x_ = 0;
  std::size_t colour_width_ = 0, colour_skip_ = 0;
  std::vector<std::uint16_t> chroma_;
};

}  // namespace torugart::imaging::detail
