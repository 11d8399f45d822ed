// Files of assets/models, read whole and proven before a library parses them. Reentrant.
//
// OpenCV's importer ends the process on some damaged models. So a folder of models has a file SHA256SUMS as sha256sum
// writes it, and what it lists must agree; a folder without one (a training run's) is taken as it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "ocr/numbers/seen.h"

namespace torugart::ocr {

struct ModelFile {
  std::filesystem::path path;
  std::vector<unsigned char> bytes;
};

// Error: the file is missing, larger than `largest` bytes, or not what SHA256SUMS beside it says.
tl::expected<ModelFile, Error> read_listed(const std::filesystem::path& path, std::uintmax_t largest);

// The same for a network, at most 32 MB. Error also: the file is cut off or no ONNX model.
tl::expected<ModelFile, Error> read_model(const std::filesystem::path& path);

// What went wrong with a file of assets/models, with what the user can do.
Error broken_model(std::string what, const std::filesystem::path& path);

}  // namespace torugart::ocr
