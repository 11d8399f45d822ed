// Private to kiosk/platform: fills the font atlas.
#pragma once
#include <span>
#include <string>

#include "kiosk/platform/window.h"

namespace torugart::platform {

/// Replaces the atlas of the current Dear ImGui context. Does not touch the graphics card.
Result<void> fill_font_atlas(std::span<const FontSpec> fonts, const std::string& glyph_text);

}  // namespace torugart::platform
