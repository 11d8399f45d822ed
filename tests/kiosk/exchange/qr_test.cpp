// A checkpoint on paper: what is read from the code is the note, byte by byte.
#include "kiosk/exchange/qr.h"

#define ZX_USE_UTF8 1  // text as std::string: ZXing 1.4 is between two interfaces
#include <ZXing/ReadBarcode.h>
#include <gtest/gtest.h>

#include <vector>

namespace torugart::exchange {
namespace {

constexpr const char* kNote =
    "torugart.journal/kordai-2\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nprevious 20852014\n\n"
    "— torugart.journal/kordai-2 "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

// The blocks as grey pixels, 4 a module.
std::string read_back(const std::string& blocks) {
  constexpr int kScale = 4;
  std::vector<std::vector<bool>> light;  // by half rows
  std::size_t at = 0;
  while (at < blocks.size()) {
    std::vector<bool> upper, lower;
    for (; blocks[at] != '\n';) {
      const bool space = blocks[at] == ' ';
      const std::string glyph = space ? " " : blocks.substr(at, 3);
      upper.push_back(glyph == "█" || glyph == "▀");
      lower.push_back(glyph == "█" || glyph == "▄");
      at += space ? 1 : 3;
    }
    ++at;
    light.push_back(upper);
    light.push_back(lower);
  }
  const auto width = static_cast<int>(light.at(0).size()) * kScale, height = static_cast<int>(light.size()) * kScale;
  std::vector<std::uint8_t> grey(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      grey[static_cast<std::size_t>(y * width + x)] =
          light[static_cast<std::size_t>(y / kScale)][static_cast<std::size_t>(x / kScale)] ? 255 : 0;
  ZXing::DecodeHints hints;
  hints.setFormats(ZXing::BarcodeFormat::QRCode);
  const auto result = ZXing::ReadBarcode({grey.data(), width, height, ZXing::ImageFormat::Lum}, hints);
  return result.text();
}

TEST(Qr, ACheckpointIsReadBackFromPaperAsItWasSigned) {
  EXPECT_EQ(read_back(qr_blocks(kNote)), kNote);
  const auto svg = qr_svg(kNote);
  EXPECT_NE(svg.find("<path d=\"M"), std::string::npos);
  EXPECT_NE(svg.find(">20852163<"), std::string::npos);
  EXPECT_EQ(qr_blocks(std::string(5000, 'x')), "");
}

}  // namespace
}  // namespace torugart::exchange
