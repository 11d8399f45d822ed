// Numbers on papers and warning plates: TIR carnets and ADR orange plates. Pure functions, reentrant.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace torugart::ocr {

// TIR carnet: digits; above 25,000,000 two letters come first, computed from the number (IRU's rule).
enum class TirVerdict { not_a_carnet, valid, prefix_missing, prefix_wrong };
TirVerdict check_tir(std::string_view number);
// The two letters that belong before `digits` (1 to 9 digits); nothing if it is not such a number.
std::optional<std::string> tir_prefix(std::string_view digits);

// ADR orange plate: hazard number over UN number, "33/1203", "X423/1428" or with a space or line break between.
struct AdrPlate {
  std::string hazard;  // two or three digits, X before them: reacts dangerously with water
  std::string un;      // four digits
  bool no_water = false;
};
std::optional<AdrPlate> parse_adr(std::string_view text);

}  // namespace torugart::ocr
