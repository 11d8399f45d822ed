// Detector lines in, a corrected and geometrically true picture out, while the truck still moves.
//
//   dark lines, air lines          -> Calibration (or one from an earlier scan is given)
//   object line: counts            -> (I - dark) / (air - dark)
//                                  -> times pulse factor (pulse monitor, else the air above the truck)
//                                  -> over drift of the gain since the calibration (open beam at the picture's edges)
//                                  -> dead and noisy detectors filled from their neighbours above and below
//                                  -> 16-bit transmission (transmission.h), both energies
//                                  -> speed known: square pixels by area-weighted resampling, else one column a line
//                                  -> column block, pyramid
//
// Without dark and air lines the picture shown while it grows uses the air seen so far, and finish() corrects the
// whole scan again with the air estimated per detector from the whole picture; it is marked uncalibrated. Memory: 2
// bytes a sample for the raw counts (kept for the archive), 2.7 for the picture with its pyramid, for each energy;
// max_lines bounds it. Lines over the bound are counted, not kept.
//
// Thread-safe: one thread adds lines, others take snapshots. add() never waits longer than a snapshot's copy of one
// block.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/core/scan_image.h"
#include "imaging/scan/calibration.h"

namespace torugart::imaging {

enum class LineKind : std::uint8_t { dark, air, object };
enum class LineEnergy : std::uint8_t { high, low, both };

// One line as the scanner sent it. `index` counts the lines of one kind from any start; a gap in it is a lost line.
// Interlaced scanners send a high and a low line with the same index.
struct RawLine {
  LineKind kind = LineKind::object;
  LineEnergy energy = LineEnergy::both;
  std::int64_t index = 0;
  std::int64_t time_us = 0;              // monotonic clock of the lane
  std::optional<double> reference_high;  // pulse monitor of this pulse, any unit, proportional to the dose
  std::optional<double> reference_low;
  std::optional<double> speed_mm_s;  // of the truck past the detectors; empty when not known
  std::vector<std::uint16_t> high;   // counts, one per detector from the top; empty when energy is low
  std::vector<std::uint16_t> low;    // empty when energy is high
};

struct ScanConfig {
  int detectors = 0;  // 0: as many as the first line has
  bool dual_energy = true;
  double detector_pitch_mm = 0;  // at the truck's middle plane; 0: unknown, geometry stays uncalibrated
  double line_rate_hz = 0;       // 0: from the lines' times
  int air_rows = 24;  // detectors from the top that see over every truck; pulse normalisation without a monitor
  bool use_pulse_monitor = true;
  bool follow_drift = true;  // of the gains, by the open beam before, behind and between what is scanned
  // Interlaced energies are half a line apart on the truck: the later one becomes the mean of its lines before and
  // after the other.
  bool align_interlaced = true;
  bool keep_raw = true;              // raw picture in the result, for the archive
  std::uint16_t full_scale = 65535;  // counts at and above are over range
  std::int64_t max_lines = 40000;
  CalibrationLimits limits;
};

struct ScanResult {
  ScanImagePtr corrected;                  // never null
  ScanImagePtr raw;                        // counts, one column a line, no pyramid; null unless keep_raw
  std::optional<Calibration> calibration;  // what was used, to be kept for the next scan; empty when estimated
};

class ScanBuilder {
 public:
  explicit ScanBuilder(ScanConfig config, std::optional<Calibration> calibration = std::nullopt);
  ~ScanBuilder();
  ScanBuilder(ScanBuilder&&) noexcept;
  ScanBuilder& operator=(ScanBuilder&&) noexcept;

  // Any line may come; a torn one is marked and counted. Dark and air lines after the first object line are ignored.
  void add(const RawLine& line);

  // What can be seen now. Cheap enough for every frame; the same object again when nothing came since.
  [[nodiscard]] std::shared_ptr<const ScanView> snapshot() const;
  // Counts so far; calibration verdict as far as it is known.
  [[nodiscard]] ScanStatistics statistics() const;

  // Ends the scan; also one that broke off: every line that came is kept. Fails only when no object line came.
  // The builder is empty afterwards.
  [[nodiscard]] Result<ScanResult> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The same correction for pictures that lie in files: raw counts (rows = detectors) of both energies. `dark` and
// `air` are pictures of the same height, or empty: then air is estimated from the picture and the result says
// uncalibrated.
struct RawPictures {
  Raster16 high, low;            // low may be empty
  Raster16 dark_high, dark_low;  // may be empty
  Raster16 air_high, air_low;    // may be empty
};
// `given`: a calibration measured before, used where the pictures bring no dark and air; its made_at_us counts from now.
[[nodiscard]] Result<ScanImagePtr> correct_pictures(const RawPictures& pictures, const ScanConfig& config = {},
                                                    std::optional<Calibration> given = std::nullopt);
// Dark and air of pictures alone: `dark_…` and `air_…`, the others empty.
[[nodiscard]] Result<Calibration> calibrate_pictures(const RawPictures& pictures, const ScanConfig& config = {});

}  // namespace torugart::imaging
