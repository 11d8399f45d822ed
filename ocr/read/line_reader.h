// One straightened line of characters -> text with a confidence per character, by Tesseract 5. Internal to ocr/read.
// Thread-bound.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <opencv2/core/mat.hpp>
#include <tl/expected.hpp>

#include "ocr/numbers/seen.h"

namespace torugart::ocr::detail {

class LineReader {
 public:
  // `language` is the name of Tesseract's model, "eng"; only characters of `alphabet` (UTF-8) are read.
  static tl::expected<LineReader, Error> make(const std::filesystem::path& tessdata, const std::string& language,
                                              const std::string& alphabet);
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  // `line`: 8-bit grey, dark on light, one line. Never throws; unreadable: empty.
  Seen read(const cv::Mat& line);

 private:
  struct Tesseract;
  explicit LineReader(std::unique_ptr<Tesseract> tesseract);
  std::unique_ptr<Tesseract> tesseract_;
};

}  // namespace torugart::ocr::detail
