#include "imaging/material/material_class.h"

namespace torugart::imaging {

const char* to_string(MaterialClass material) {
  switch (material) {
    case MaterialClass::air:
      return "air";
    case MaterialClass::organic:
      return "organic";
    case MaterialClass::light:
      return "light metal or mixed";
    case MaterialClass::steel:
      return "steel";
    case MaterialClass::heavy:
      return "heavy metal";
    case MaterialClass::ambiguous:
      return "ambiguous";
    case MaterialClass::saturated:
      return "no penetration";
  }
  return "ambiguous";
}

const char* key_of(MaterialClass material) {
  switch (material) {
    case MaterialClass::air:
      return "air";
    case MaterialClass::organic:
      return "organic";
    case MaterialClass::light:
      return "light";
    case MaterialClass::steel:
      return "steel";
    case MaterialClass::heavy:
      return "heavy";
    case MaterialClass::ambiguous:
      return "ambiguous";
    case MaterialClass::saturated:
      return "saturated";
  }
  return "ambiguous";
}

}  // namespace torugart::imaging
