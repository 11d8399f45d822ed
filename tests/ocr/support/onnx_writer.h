// Writes the smallest network that our loaders take: one convolution of 4 x 4 pixels in steps of 4. So tests have
// networks whose answers can be computed by hand, and need no trained one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace torugart::ocr::test {

// One channel of the output: (mean of the cell's 16 input values) * gain + bias. Input values are (grey - 128) / 64.
struct CellChannel {
  float gain = 0;
  float bias = 0;
};

// ONNX, opset 11, input "in" 1 x 1 x height x width.
std::string cell_network(const std::vector<CellChannel>& channels, int width, int height);

// One channel of an output for a whole picture: the sum of its input values times `weights` (row by row) plus `bias`.
struct WholeChannel {
  std::vector<float> weights;
  float bias = 0;
};

// The same with one convolution as large as the picture: 1 x channels x 1 x 1.
std::string whole_network(const std::vector<WholeChannel>& channels, int width, int height);

// Answers on bright (255) and dark (0) places: channel 0 is +6 where bright and -6 on grey 128, channel 1 the same
// where dark.
std::string bright_plates_dark_codes();

void write_file(const std::filesystem::path& path, const std::string& bytes);
// SHA256SUMS of `names` as they are in the folder now.
void write_sums(const std::filesystem::path& folder, const std::vector<std::string>& names);

}  // namespace torugart::ocr::test
