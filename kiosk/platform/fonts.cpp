#include "kiosk/platform/fonts.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_freetype.h>
#include <unistd.h>

#include <algorithm>

namespace torugart::platform {
namespace {

std::string first_installed(int weight, std::string& tried) {
  for (const std::string& path : font_candidates(weight)) {
    if (access(path.c_str(), R_OK) == 0) return path;
    tried += (tried.empty() ? "" : ", ") + path;
  }
  return {};
}

}  // namespace

std::vector<std::string> font_candidates(int weight) {
  const std::string roboto = "/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/Roboto-";
  const std::string dejavu = "/usr/share/fonts/truetype/dejavu/DejaVuSans";
  if (weight >= 650) return {roboto + "Bold.ttf", dejavu + "-Bold.ttf"};
  if (weight >= 450) return {roboto + "Medium.ttf", dejavu + "-Bold.ttf"};
  return {roboto + "Regular.ttf", dejavu + ".ttf"};
}

Result<void> fill_font_atlas(std::span<const FontSpec> fonts, const std::string& glyph_text) {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  // what people of the region are called may hold any letter of both alphabets, whether or not a catalogue uses it
  static constexpr ImWchar letters[] = {0x0020, 0x007E, 0x00A0, 0x00FF, 0x0400, 0x045F, 0};
  static constexpr const char* signs = "–—…•·×±≤≥≈°µσ№→←↑↓“”„‘’«»₸€$ҚқҒғҢңҮүҰұӘәӨөҺһІіЎўҲҳҶҷӢӣӮӯ√−";
  ImVector<ImWchar> ranges, figure_ranges;
  ImFontGlyphRangesBuilder all;
  all.AddRanges(letters);
  all.AddText(signs);
  all.AddText(glyph_text.c_str());
  all.BuildRanges(&ranges);
  static constexpr ImWchar ascii[] = {0x0020, 0x007E, 0};
  ImFontGlyphRangesBuilder figures;
  figures.AddRanges(ascii);
  figures.AddText("–—…·×±≤≥≈°µσ№−");
  figures.BuildRanges(&figure_ranges);

  std::vector<FontSpec> wanted(fonts.begin(), fonts.end());
  if (wanted.empty()) wanted = {{400, 20}};
  for (const FontSpec& f : wanted) {
    std::string tried;
    const std::string path = first_installed(f.weight, tried);
    if (path.empty())
      return tl::make_unexpected(Error{Error::Code::no_font, "None of the fonts for the screen is installed", tried,
                                       "Install the package fonts-roboto-unhinted or fonts-dejavu-core"});
    ImFontConfig config;
    config.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
    config.OversampleH = config.OversampleV = 1;
    config.PixelSnapH = true;
    const ImWchar* glyphs = f.figures_only ? figure_ranges.Data : ranges.Data;
    if (atlas.AddFontFromFileTTF(path.c_str(), std::max(8.0F, f.size_px), &config, glyphs) == nullptr)
      return tl::make_unexpected(Error{Error::Code::no_font, "A font cannot be read", path, "Reinstall its package"});
  }
  // built here, while the ranges live
  if (!atlas.Build())
    return tl::make_unexpected(Error{Error::Code::no_font, "The fonts do not fit into one texture", "", ""});
  return {};
}

}  // namespace torugart::platform
