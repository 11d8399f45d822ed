// The test object of the daily image-quality check: what hangs where on its frame. In kind after IEC 62523 and ANSI
// N42.46 (penetration, wire, contrast, spatial resolution, material), not one of their objects. README.md has the table to build it by.
//
// Millimetres; x along the direction of travel from the frame's left edge, y upwards from its lower edge. Thickness
// is along the beam. Everything is centred on the frame's plane. The frame itself is of steel bars, 40 mm wide and 60 mm thick.
#pragma once

#include <array>

namespace torugart::imaging::test_object {

struct Place {  // mm
  double x = 0, y = 0, w = 0, h = 0;
};

inline constexpr double kLength_mm = 3600;
inline constexpr double kHeight_mm = 1500;
inline constexpr double kBar_mm = 40;        // width of the frame's bars
inline constexpr double kBarThick_mm = 60;   // steel

// Penetration: steps of steel, each with a block of 60 x 60 mm and 25 mm of steel more at its middle.
inline constexpr std::array<double, 6> kSteps_mm = {100, 200, 250, 300, 350, 400};
inline constexpr Place step(std::size_t i) { return {100 + 260.0 * static_cast<double>(i), 100, 240, 600}; }
inline constexpr Place step_block(std::size_t i) { return {190 + 260.0 * static_cast<double>(i), 370, 60, 60}; }
inline constexpr double kStepBlock_mm = 25;

// Contrast: a plate of 100 mm of steel with sheets of 60 x 60 mm on it.
inline constexpr Place kPlate = {1720, 100, 960, 600};
inline constexpr double kPlate_mm = 100;
inline constexpr std::array<double, 5> kSheets_mm = {4, 2, 1, 0.5, 0.25};
inline constexpr Place sheet(std::size_t i) { return {1810 + 180.0 * static_cast<double>(i), 370, 60, 60}; }

// Material: 40 g/cm2 of polyethylene, aluminium, steel and lead.
enum class Block { organic, light, steel, heavy };
inline constexpr std::array<Block, 4> kBlocks = {Block::organic, Block::light, Block::steel, Block::heavy};
inline constexpr double kBlock_g_cm2 = 40;
inline constexpr Place block(Block b) {
  switch (b) {
    case Block::organic:
      return {2740, 100, 240, 600};
    case Block::light:
      return {3000, 100, 240, 600};
    case Block::steel:
      return {3260, 100, 240, 600};
    case Block::heavy:
      return {2740, 780, 240, 640};
  }
  return {};
}

// Wires of steel, upright, in air.
inline constexpr std::array<double, 6> kWires_mm = {6, 4, 2.5, 1.6, 1.2, 0.8};  // diameter
inline constexpr double wire_x(std::size_t i) { return 160 + 130.0 * static_cast<double>(i); }
inline constexpr Place kWireSpan = {0, 800, 0, 600};  // y and h of all of them

// Resolution: six bars each, 40 mm of steel, as wide as the gaps between them; pitch = bar + gap.
inline constexpr std::array<double, 6> kPitches_mm = {40, 32, 25, 20, 16, 12};
inline constexpr int kBarsOfGroup = 6;
inline constexpr double kGroupThick_mm = 40;
inline constexpr Place upright(std::size_t i) {  // upright bars tell about the resolution along the travel
  double x = 900;
  for (std::size_t k = 0; k < i; ++k)
    x += kPitches_mm[k] * kBarsOfGroup + 40;
  return {x, 1120, kPitches_mm[i] * kBarsOfGroup, 300};
}
inline constexpr Place lying(std::size_t i) {  // lying bars tell about that across it
  return {900 + 190.0 * static_cast<double>(i), 780, 150, kPitches_mm[i] * kBarsOfGroup};
}
inline constexpr Place kSolid = {2160, 780, 240, 640};  // 40 mm of steel without a gap, to compare with

}  // namespace torugart::imaging::test_object
