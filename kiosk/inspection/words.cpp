#include "kiosk/inspection/words.h"

namespace torugart::inspection {

template <typename E>
std::optional<E> from_word(std::string_view text) {
  for (std::size_t i = 0; i < Words<E>::list.size(); ++i)
    if (Words<E>::list[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

#define TORUGART_ENUM(E)            \
  std::string_view to_string(E v) { \
    return word_of(v);              \
  }                                 \
  template std::optional<E> from_word<E>(std::string_view);
TORUGART_ENUM(Role)
TORUGART_ENUM(Direction)
TORUGART_ENUM(LaneColour)
TORUGART_ENUM(NumberKind)
TORUGART_ENUM(Place)
TORUGART_ENUM(ReadVerdict)
TORUGART_ENUM(RiskSource)
TORUGART_ENUM(ClearedHow)
TORUGART_ENUM(DriverPlace)
TORUGART_ENUM(Verdict)
TORUGART_ENUM(ReviewOutcome)
TORUGART_ENUM(MarkKind)
TORUGART_ENUM(Certainty)
TORUGART_ENUM(SealState)
TORUGART_ENUM(ArrivedBy)
TORUGART_ENUM(Stage)
#undef TORUGART_ENUM

std::optional<Role> role_from(std::string_view text) {
  return from_word<Role>(text);
}

}  // namespace torugart::inspection
