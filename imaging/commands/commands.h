// What `torugart image …` does, without its command line: the application parses options and prints results.
// IN is one DICOS or DICOM file, a TIFF or PNG, or two of them: high and low. A DICOS file written here finds its own
// second energy beside it (<stem>-low.dcs). Reentrant.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/core/geometry.h"
#include "imaging/core/scan_image.h"
#include "imaging/display/options.h"
#include "imaging/files/metadata.h"

namespace torugart::imaging::commands {

using Inputs = std::vector<std::filesystem::path>;

// Reads and, where the file holds raw counts, corrects: with the file of `calibrate` where one is given, else with air
// estimated from the picture, and the result says uncalibrated.
[[nodiscard]] Result<ScanImagePtr> open(const Inputs& inputs, const std::filesystem::path& calibration = {});

// JSON text (one object), UTF-8, ends without a line break.
[[nodiscard]] Result<std::string> info_json(const Inputs& inputs, const std::filesystem::path& calibration = {});
[[nodiscard]] Result<std::string> analyse_json(const Inputs& inputs, const std::filesystem::path& calibration = {});

// Makes a calibration of a dark scan, an air scan and, for material curves, a scan of a step wedge. `steps` is a text
// file, one step a line: x,y,w,h of its place in the wedge's picture, effective z, area density in g/cm2; lines that
// start with # are skipped. Returns what was measured, as JSON text.
struct CalibrateRequest {
  Inputs dark, air, wedge;  // one file, or high and low; the wedge may be empty
  std::filesystem::path steps, out;
};
[[nodiscard]] Result<std::string> calibrate(const CalibrateRequest& request);

// OUT: *.dcs DICOS (high and low), *.png or *.tiff 16-bit pairs (<stem>-high.png, <stem>-low.png). Returns the files.
[[nodiscard]] Result<std::vector<std::filesystem::path>> convert(const Inputs& inputs,
                                                                 const std::filesystem::path& out,
                                                                 const ScanMetadata& metadata);

struct RenderRequest {
  std::optional<Rect> viewport;      // empty: the whole image
  std::optional<int> width, height;  // empty: as many pixels as the viewport has
  RenderOptions options;
  std::filesystem::path calibration;
};
[[nodiscard]] Result<void> render_to_png(const Inputs& inputs, const RenderRequest& request,
                                         const std::filesystem::path& out);

// Options in the words of the command line. Errors name the option and what was expected.
struct RenderWords {
  std::string viewport;          // "x,y,w,h" or empty
  std::string size;              // "WxH" or empty
  std::string tone = "log";      // linear | log
  std::string window = "auto";   // "lo,hi" in transmission | auto
  std::string palette = "grey";  // names of display/options.h
  std::string material;          // "on" | "off" | empty: as the palette says
  std::string strip = "none";    // organic | metal | none
  std::string enhance = "none";  // edge | local | none
  bool invert = false;
};
[[nodiscard]] Result<RenderRequest> parse(const RenderWords& words);

// Picture of a - b around middle grey; returns the figures as JSON text.
[[nodiscard]] Result<std::string> diff(const Inputs& a, const Inputs& b, const std::filesystem::path& out);

}  // namespace torugart::imaging::commands
