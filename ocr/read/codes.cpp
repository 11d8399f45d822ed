#include "ocr/read/codes.h"

// Text as std::string: ZXing 1.4 is between two interfaces and asks which one is meant.
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include "ocr/read/frame.h"

namespace torugart::ocr {
namespace {

constexpr std::size_t most_codes = 5;

void read_formats(const detail::WorkFrame& work, ZXing::BarcodeFormats formats, int most,
                  std::vector<CodeRead>& into) {
  ZXing::DecodeHints hints;
  hints.setFormats(formats).setTryHarder(true).setTryRotate(true);
  hints.setMaxNumberOfSymbols(static_cast<std::uint8_t>(most));
  const ZXing::ImageView view(work.grey.data, work.grey.cols, work.grey.rows, ZXing::ImageFormat::Lum,
                              static_cast<int>(work.grey.step));
  for (const ZXing::Result& result : ZXing::ReadBarcodes(view, hints)) {
    if (!result.isValid() || into.size() == most_codes) continue;
    CodeRead code;
    code.symbology = ZXing::ToString(result.format());
    code.text = result.text();
    const auto& corners = result.position();
    for (std::size_t i = 0; i < 4; ++i) {
      code.quad[i] = {static_cast<float>(corners[i].x * work.to_frame),
                      static_cast<float>(corners[i].y * work.to_frame)};
    }
    into.push_back(std::move(code));
  }
}

}  // namespace

std::vector<CodeRead> read_codes(const cv::Mat& frame) {
  std::vector<CodeRead> out;
  const detail::WorkFrame work = detail::work_frame(frame);
  if (work.grey.empty()) return out;
  try {
    using Format = ZXing::BarcodeFormat;
    read_formats(work, Format::PDF417 | Format::QRCode | Format::DataMatrix, static_cast<int>(most_codes), out);
    // ZXing 1.4 stops the process by an assertion when it compares a linear code with any other result
    // (Result::operator==, "lineCount() == 1"), so linear codes are sought by themselves, one a frame.
    read_formats(work, Format::Code128, 1, out);
  } catch (const std::exception&) {
    // A symbol that breaks the decoder is a symbol that was not read.
  }
  return out;
}

}  // namespace torugart::ocr
