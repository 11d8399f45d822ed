// Colours and type of the whole product, and the check that they can be read.
//
// Two themes: dark (default: from night to snow, no glare in the cab of the inspector) and light (sun on the glass).
// A colour never stands alone: lane colours come with a shape (Shape) and a word. Everything that is read has a
// contrast of at least 4.5:1, figures and alarms 7:1 (WCAG 2.1, 1.4.3 and 1.4.6); contrast_audit() computes every
// pair in use.
//
// Values only, usable from any thread.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace torugart::touch {

struct Color {
  std::uint8_t r = 0, g = 0, b = 0, a = 255;

  static constexpr Color hex(std::uint32_t rgb, std::uint8_t alpha = 255) {
    return {static_cast<std::uint8_t>(rgb >> 16U & 0xFFU), static_cast<std::uint8_t>(rgb >> 8U & 0xFFU),
            static_cast<std::uint8_t>(rgb & 0xFFU), alpha};
  }
  constexpr Color with_alpha(float alpha01) const { return {r, g, b, static_cast<std::uint8_t>(alpha01 * 255.0F)}; }
  friend constexpr bool operator==(Color, Color) = default;
};

/// Linear mix of two colours, t = 0 gives a, 1 gives b.
Color mix(Color a, Color b, float t);

/// Contrast ratio of two opaque colours, 1 … 21 (WCAG 2.1).
double contrast_ratio(Color a, Color b);

/// What a thing means. Lane colours are red, yellow, blue, green; `alarm` waits for a hand now.
enum class Tone { neutral, accent, red, yellow, blue, green, alarm };

/// The shape that goes with a tone, so that the colour is never alone: ■ red, ▲ yellow, ● blue, ✓ green, ! alarm.
enum class Shape { none, square, triangle, circle, tick, exclamation, ring };
Shape shape_of(Tone tone);

/// One tone in its three uses.
struct ToneColors {
  Color fill;     ///< background of a badge or banner
  Color on_fill;  ///< text and shape on that background
  Color ink;      ///< text or shape in this tone on background, surface or raised
};

struct Theme {
  std::string name;
  bool dark = true;

  Color background;    ///< behind everything
  Color surface;       ///< bars, cards
  Color raised;        ///< buttons, rows that can be touched
  Color pressed;       ///< the same under a finger
  Color outline;       ///< hairlines between things
  Color control_edge;  ///< edge of what can be touched: 3:1 against its surroundings
  Color text;          ///< what is read
  Color text_dim;      ///< labels beside figures, times
  Color text_off;      ///< words on something that cannot be pressed now; still 4.5:1
  Color accent;        ///< where one is: selected tab, focused field, handle
  Color on_accent;
  Color primary;  ///< the next step: neutral, the brightest (darkest) area of the screen
  Color primary_pressed;
  Color on_primary;
  Color picture;  ///< behind x-ray and camera pictures, the same in both themes
  Color scrim;    ///< over everything behind a sheet (translucent)

  ToneColors neutral, accented, red, yellow, blue, green, alarm;
  const ToneColors& tone(Tone t) const;
};

const Theme& dark_theme();
const Theme& light_theme();

struct ContrastCheck {
  std::string what;
  double ratio = 0, needed = 0;
  bool ok() const { return ratio >= needed; }
};

/// Every pair of colours the kit puts on each other, with the contrast it has and needs.
std::vector<ContrastCheck> contrast_audit(const Theme& theme);

/// Faces of the type, in the order in which they stand in the font atlas (see font_faces()).
enum class Face { small, body, strong, title, figure, display };
inline constexpr int face_count = 6;

/// What the window must load for one Face: weight as in CSS (400 regular, 500 medium, 700 bold) and size in pixels.
/// `figures_only`: only Latin, digits and signs are needed in this size (saves most of the atlas).
struct FontFace {
  int weight = 400;
  float size_px = 20;
  bool figures_only = false;
};

/// The faces for a scale, in the order of Face. Never smaller than 20 px at scale 1 and 16 px at scale 0.75.
std::vector<FontFace> font_faces(float scale);

/// The scale for a window: 1 at 1920×1080, 0.75 (the least) at 1280×800, 2 at 3840×2160.
float scale_for(float width_px, float height_px);

}  // namespace torugart::touch
