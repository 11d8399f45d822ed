// Text fields and the on-screen keyboard. Tapping a field opens the keyboard at the bottom of the screen; the
// keyboard shows what is being typed in a strip of its own, so it does not matter that it covers the lower part of
// the screen. A keyboard on a cable types into the same field.
//
// Keys have the ids "key.A", "key.7", "key.shift", "key.back", "key.done", "key.space", "key.lang", "key.clear".
#pragma once
#include <string>
#include <string_view>

#include "kiosk/touch/ui.h"

namespace torugart::touch {

enum class FieldKind {
  text,    ///< letters of both alphabets and digits
  code,    ///< plates, containers, document numbers: upper case, both alphabets, digits
  number,  ///< digits, point, minus
};

struct FieldOptions {
  FieldKind kind = FieldKind::text;
  std::string_view name = {};  ///< what is asked for; shown above the field and in the keyboard's strip
  std::string_view hint = {};  ///< in the empty field
  int max_characters = 64;
  bool masked = false;  ///< shown as dots, kept out of the registry
  bool enabled = true;
  Icon icon = Icon::none;
};

struct FieldResult {
  bool changed = false;
  bool done = false;  ///< "Done" was pressed
  bool focused = false;
};

/// `value` is UTF-8 and owned by the caller.
FieldResult text_field(Ui& ui, std::string_view id, const Rect& r, std::string& value, const FieldOptions& o = {});

/// Opens the keyboard for a field without a tap (a screen that is only there to type).
void focus_field(Ui& ui, std::string_view id);

}  // namespace torugart::touch
