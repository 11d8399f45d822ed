// What a frame gave: the reads of plates, container numbers and codes. Plain values; copying is cheap (the crop is
// shared and must not be changed).
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

#include "ocr/numbers/seen.h"

namespace torugart::ocr {

enum class Verdict { nothing, ask, accept };
enum class Orientation { horizontal, vertical };

const char* to_string(Verdict verdict);
const char* to_string(Orientation orientation);

// One plate or container number seen in one frame. Coordinates are pixels of the frame that was given.
struct Read {
  std::string text;      // normalised, after the grammar; UTF-8
  std::string raw_text;  // as the reader saw it
  std::string country;   // ISO 3166, two letters; empty if no grammar fits, and for containers
  std::string kind;      // the grammar's row: "standard", "trailer", …; empty for containers
  int lines = 1;
  Orientation orientation = Orientation::horizontal;
  double confidence = 0;                 // [0, 1], of the whole
  std::vector<double> char_confidences;  // [0, 1], one per code point of `text`; the smallest one matters
  // The rules leave these shapes no other number: a grammar that says enough, met without dear repairs, and none of its
  // characters could as well be another of the same shape. Containers: category, check digit and owner. What is not
  // firm is never accepted, however sure its characters are.
  bool firm = false;
  // [0, 1]: the least sure of all that must be so if the number is right, over every look that was taken at it; 0 if it
  // is not firm.
  double sureness = 0;
  Verdict verdict = Verdict::ask;  // of this frame alone: sureness against the calibrated level; ocr/track decides
  cv::Rect box;
  std::array<cv::Point2f, 4> quad{};  // from top left, clockwise as the text stands
  double repair_cost = 0;
  // containers only
  std::string size_type;  // "22G1", empty if not seen
  bool check_digit = false;
  bool owner_known = false;
  std::shared_ptr<const cv::Mat> crop;  // rectified, BGR, at most 400 x 200; for the screen

  double min_confidence() const;  // 0 when there is no character
};

struct CodeRead {
  std::string symbology;  // "Code128", "PDF417", "QRCode", "DataMatrix", as ZXing calls them
  std::string text;       // UTF-8
  std::array<cv::Point2f, 4> quad{};
};

struct FrameReads {
  std::vector<Read> plates;      // best first, at most five
  std::vector<Read> containers;  // best first, at most five
  std::vector<CodeRead> codes;   // at most five
  double ms = 0;                 // time spent
  bool out_of_time = false;      // the budget ended before every region was read
};

}  // namespace torugart::ocr
