// Numbers to pixels, for the visible window only, on the CPU: deterministic to the last bit, quick without a GPU.
//
// Cost depends on the output's size, not on the image's: reduced views read the pyramid level next to the output's
// scale. Order of the steps: window, tone and gamma; edge or local contrast; bilinear sampling; inversion (once, of the
// grey level); palette or colour of materials; band; masks. Materials are told apart on a lower pyramid level (4 x 4
// pixels at 1:1), and their colour is interpolated. Edges and local contrast look beyond the window, so that panning shows no seams.
// Thread-bound: keeps its buffers and tables between calls. Use one per thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "imaging/core/error.h"
#include "imaging/core/raster.h"
#include "imaging/core/scan_image.h"
#include "imaging/display/options.h"
#include "imaging/material/classifier.h"

namespace torugart::imaging {

struct ToneWindow {
  float lo = 0.01F;
  float hi = 1.0F;
  friend bool operator==(const ToneWindow&, const ToneWindow&) = default;
};

// Histogram over log transmission: bin i covers T in [10^(-4 + 4.0375 i / 256), …); ends at T = 1.09.
struct Histogram {
  static constexpr int kBins = 256;
  static constexpr float kLog10Low = -4.0F;
  static constexpr float kLog10High = 0.0375F;
  std::array<std::uint32_t, kBins> bins{};  // measured pixels
  std::uint64_t measured = 0;
  std::uint64_t no_signal = 0;
  std::uint64_t over_range = 0;
  std::uint64_t missing = 0;
  [[nodiscard]] static float transmission_at(float bin);  // of the lower edge of a bin
};

struct RegionStatistics {
  std::int64_t pixels = 0;                                  // measured ones
  float mean = 0, deviation = 0, minimum = 0, maximum = 0;  // transmission, high energy
  float mean_low = 0;                                       // 0 for a single-energy scan
  float mean_alpha_high = 0;
  float mean_ratio = 0;  // alpha_low / alpha_high of the means; 0 where alpha is under 0.05
  std::int64_t no_signal = 0, over_range = 0, missing = 0;
  std::array<std::int64_t, kMaterialClasses> material{};  // pixels of each class; all 0 without a table
};

// Histogram and window of the visible part, from at most about 500,000 samples (pyramid).
[[nodiscard]] Histogram histogram(const ScanView& view, const Viewport& viewport, Source source = Source::high);
// A window that shows what is in the beam: from the 0.5th to the 99.5th percentile of the attenuated pixels. Air,
// missing and saturated pixels do not take part; an empty scene gives the whole range.
[[nodiscard]] ToneWindow auto_window(const Histogram& histogram, Tone tone);
[[nodiscard]] RegionStatistics region_statistics(const ScanView& view, Rect part,
                                                 const MaterialTable* table = nullptr);

class Renderer {
 public:
  // `table` null: the default table, made at the first use of a material palette. `threads` draw large outputs in
  // bands, 1 .. 8; the pixels do not depend on it.
  explicit Renderer(std::shared_ptr<const MaterialTable> table = nullptr, int threads = 1);
  ~Renderer();
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;

  // Draws into `out`, resized to the viewport. Fails on an invalid viewport, an output over 16,384 pixels a side or a
  // window with lo >= hi. An empty view gives an output of background.
  [[nodiscard]] Result<void> render(const ScanView& view, const Viewport& viewport, const RenderOptions& options,
                                    RasterRgba& out);

  // The same into a picture that the renderer keeps; null only with an error. Where the last picture shows the same
  // scan in the same way, moved by whole output pixels, what was drawn already is moved and only the rest drawn: its
  // pixels are those of render() to within one grey level (sampling between pixels may round another way).
  [[nodiscard]] Result<const RasterRgba*> draw(const ScanView& view, const Viewport& viewport,
                                               const RenderOptions& options);

  // The window that the last render() used, for the tone strip.
  [[nodiscard]] ToneWindow window() const;
  void set_table(std::shared_ptr<const MaterialTable> table);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Grey level 0 .. 255 of a transmission; what render() draws for the grey palette without enhancement and inversion.
[[nodiscard]] std::uint8_t grey_level(float transmission, Tone tone, ToneWindow window, float gamma = 1.0F);
// Colour of a class at full brightness, for legends: bytes R, G, B, A as in RasterRgba.
[[nodiscard]] std::uint32_t legend_colour(MaterialClass material, Palette palette);
// Pixels that hold no scan: outside the image, and missing lines (hatched).
inline constexpr std::uint32_t kBackground = 0xFF1C1814U;

}  // namespace torugart::imaging
