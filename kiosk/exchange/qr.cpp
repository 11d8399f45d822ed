#include "kiosk/exchange/qr.h"

#include <ZXing/BitMatrix.h>
#include <ZXing/CharacterSet.h>
#include <ZXing/MultiFormatWriter.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string_view>
#include <vector>

namespace torugart::exchange {
namespace {

constexpr int kQuiet = 4;  // modules of margin, as ISO/IEC 18004 asks

std::optional<ZXing::BitMatrix> encode(const std::string& text) {
  try {
    return ZXing::MultiFormatWriter(ZXing::BarcodeFormat::QRCode)
        .setEncoding(ZXing::CharacterSet::UTF8)
        .setMargin(kQuiet)
        .encode(text, 0, 0);
  } catch (const std::exception&) {  // too long
    return std::nullopt;
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

}  // namespace

std::string qr_blocks(const std::string& text) {
  const auto code = encode(text);
  if (!code) return {};
  std::string out;
  const auto light = [&](int x, int y) { return y >= code->height() || !code->get(x, y); };
  for (int y = 0; y < code->height(); y += 2) {
    for (int x = 0; x < code->width(); ++x) {
      const bool upper = light(x, y), lower = light(x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += '\n';
  }
  return out;
}

std::string qr_svg(const std::string& text) {
  const auto code = encode(text);
  if (!code) return {};
  constexpr int kLine = 3;  // height of a line of text, in modules
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  const int width = std::max(code->width(), 120), height = code->height() + kLine * (lines + 1);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"180mm\">"
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path d=\"",
      width, height);
  for (int y = 0; y < code->height(); ++y)
    for (int x = 0; x < code->width(); ++x)
      if (code->get(x, y)) out += fmt::format("M{} {}h1v1h-1z", x, y);
  out += "\"/><g font-family=\"monospace\" font-size=\"1.9\">";
  int y = code->height();
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    out += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>", kQuiet, y += kLine, escaped(line));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return out + "</g></svg>\n";
}

}  // namespace torugart::exchange
