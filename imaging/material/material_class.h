// What a dual-energy pixel is made of, as far as the physics can tell.
#pragma once

#include <array>
#include <cstdint>

namespace torugart::imaging {

enum class MaterialClass : std::uint8_t {
  air,        // nothing in the beam
  organic,    // effective Z up to 10: food, wood, plastics, drugs, explosives
  light,      // Z 10 to 20: aluminium, glass, salt, and mixtures of organic and steel
  steel,      // Z 20 to 45: iron, copper, zinc
  heavy,      // Z over 45: silver, tungsten, lead, uranium
  ambiguous,  // too thin, at an edge, or too noisy to say
  saturated,  // no signal or over range: nothing can be said
};
inline constexpr int kMaterialClasses = 7;
inline constexpr std::array<MaterialClass, kMaterialClasses> kAllMaterialClasses = {
    MaterialClass::air,   MaterialClass::organic,   MaterialClass::light,    MaterialClass::steel,
    MaterialClass::heavy, MaterialClass::ambiguous, MaterialClass::saturated};

// English, lower case: "air", "organic", "light metal or mixed", …
[[nodiscard]] const char* to_string(MaterialClass material);
// Key for JSON and files: "light", never translated.
[[nodiscard]] const char* key_of(MaterialClass material);

}  // namespace torugart::imaging
