#include "ocr/read/codes.h"

// Text as std::string: ZXing 1.4 is between two interfaces and asks which one is meant.
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include "ocr/read/frame.h"

namespace torugart::ocr {
namespace {

constexpr std::size_t most_codes = 5;

}  // namespace

std::vector<CodeRead> read_codes(const cv::Mat& frame) {
  std::vector<CodeRead> out;
  const detail::WorkFrame work = detail::work_frame(frame);
  if (work.grey.empty()) return out;
  try {
    ZXing::DecodeHints hints;
    hints.setFormats(ZXing::BarcodeFormat::Code128 | ZXing::BarcodeFormat::PDF417 | ZXing::BarcodeFormat::QRCode |
                     ZXing::BarcodeFormat::DataMatrix);
    hints.setTryHarder(true).setTryRotate(true);
    const ZXing::ImageView view(work.grey.data, work.grey.cols, work.grey.rows, ZXing::ImageFormat::Lum,
                                static_cast<int>(work.grey.step));
    for (const ZXing::Result& result : ZXing::ReadBarcodes(view, hints)) {
      if (!result.isValid() || out.size() == most_codes) continue;
      CodeRead code;
      code.symbology = ZXing::ToString(result.format());
      code.text = result.text();
      const auto& p = result.position();
      for (std::size_t i = 0; i < 4; ++i) {
        code.quad[i] = {static_cast<float>(p[static_cast<int>(i)].x * work.to_frame),
                        static_cast<float>(p[static_cast<int>(i)].y * work.to_frame)};
      }
      out.push_back(std::move(code));
    }
  } catch (const std::exception&) {
    // A symbol that breaks the decoder is a symbol that was not read.
  }
  return out;
}

}  // namespace torugart::ocr
