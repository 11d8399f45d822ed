// Where plates and container codes stand in a frame, by our own small network (assets/models/locate.onnx).
//
// The network sees the whole frame at once, reduced to 640 x 384, and says for every cell of 4 x 4 pixels of that how
// likely it lies in the heart of a plate or of a code. The heart is the object drawn in on every side by 0.2 of its
// short side, so that neighbours do not touch; what is found is grown back by as much.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <tl/expected.hpp>

#include "ocr/find/net.h"

namespace torugart::ocr {

enum class RegionKind { plate, code };

struct Region {
  // From top left, clockwise as the characters stand; pixels of the frame, may reach beyond its rim.
  std::array<cv::Point2f, 4> quad{};
  RegionKind kind = RegionKind::plate;
  bool vertical = false;  // a code at least three times as tall as wide: one character below the other
  double score = 0;       // [0, 1], mean over its cells
};

struct LocateOptions {
  double threshold = 0.4;  // of a cell, [0, 1]
  std::size_t most = 12;
};

// Thread-bound.
class Locator {
 public:
  static constexpr int width = 640;
  static constexpr int height = 384;

  static tl::expected<Locator, Error> load(const std::filesystem::path& onnx);

  // `grey`: CV_8UC1. Best first, each place once for each kind. An empty frame gives none.
  std::vector<Region> find(const cv::Mat& grey, const LocateOptions& options = {});

 private:
  explicit Locator(Net net);
  Net net_;
};

// The network's maps (1 x 2 x h x w logits, plate and code) as regions; a point of the map's input times `to_frame`
// is a point of the frame. Not sorted, not cut. Pure.
std::vector<Region> decode_regions(const cv::Mat& logits, double threshold, double to_frame);

// The best of regions that cover one another by more than half, best first, at most `most`. Pure.
std::vector<Region> best_regions(std::vector<Region> regions, std::size_t most);

}  // namespace torugart::ocr
