// The reader of pictures: one frame in, what is written on plates and containers out.
// Engines are thread-bound: one per worker thread, each used by its thread only.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "ocr/numbers/container.h"
#include "ocr/read/read.h"

namespace torugart::ocr {

struct ReadOptions {
  bool cropped_plate = false;  // the picture is a plate already: locate nothing
  bool plates = true;
  bool containers = true;
  bool codes = false;
  std::vector<std::string> countries;  // preferred, ISO 3166; ranks candidates, excludes none
  // Reading stops after this time with what it has. Checked between regions: one region more may be read.
  std::chrono::milliseconds budget{400};
};

class Engine {
 public:
  virtual ~Engine() = default;

  // `frame`: 8- or 16-bit, 1, 3 (BGR) or 4 (BGRA) channels; it is not changed and not kept. An empty frame, one under
  // 8 pixels a side or of another depth gives no reads. Larger than 1920 pixels a side: worked on a reduced copy, so
  // time and memory stay bounded; coordinates are those of the frame all the same. Never throws.
  virtual FrameReads read(const cv::Mat& frame, const ReadOptions& options) = 0;

  virtual std::string name() const = 0;
};

struct EngineSettings {
  std::filesystem::path models;  // folder with locate.onnx, spell.onnx, spell.txt, character.onnx (assets/models)
  std::filesystem::path owners;  // owner_codes.csv; empty: no owner is known, and no container is accepted
};

// Our own engine: two small networks of ours find regions and spell what is written there, the grammars repair and
// rank. Takes about 200 ms to make. Error: a model or the owner table is missing, damaged or of another kind.
tl::expected<std::unique_ptr<Engine>, Error> make_engine(const EngineSettings& settings);

}  // namespace torugart::ocr
