#include <algorithm>
#include <string>
#include <vector>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/text_field.h"
#include "kiosk/touch/ui_state.h"
#include "kiosk/touch/utf8.h"
#include "kiosk/touch/widgets.h"

namespace torugart::touch {
namespace {

struct Key {
  std::string name;  ///< the character it types, or "back", "shift", "lang", "space", "clear", "done"
  int columns = 1;
};
using KeyRow = std::vector<Key>;

void append(KeyRow& row, std::string_view letters) {
  for (const std::string& c : characters(letters))
    row.push_back({c});
}

/// Twelve columns wide, whatever the alphabet: keys do not move when it changes.
std::vector<KeyRow> letters_layout(bool cyrillic) {
  std::vector<KeyRow> rows(5);
  append(rows[0], "1234567890-");
  rows[0].push_back({"back"});
  if (cyrillic) {
    append(rows[1], "ЙЦУКЕНГШЩЗХЪ");
    append(rows[2], "ФЫВАПРОЛДЖЭ/");
    rows[3].push_back({"shift"});
    append(rows[3], "ЯЧСМИТЬБЮЁ");
    rows[3].push_back({"clear"});
  } else {
    append(rows[1], "QWERTYUIOP()");
    append(rows[2], "ASDFGHJKL:,/");
    rows[3].push_back({"shift", 2});
    append(rows[3], "ZXCVBNM.");
    rows[3].push_back({"clear", 2});
  }
  rows[4] = {{"lang", 2}, {"space", 7}, {"done", 3}};
  return rows;
}

std::vector<KeyRow> number_layout() {
  return {{{"7"}, {"8"}, {"9"}, {"back"}},
          {{"4"}, {"5"}, {"6"}, {"clear"}},
          {{"1"}, {"2"}, {"3"}, {"-"}},
          {{"0"}, {"."}, {"done", 2}}};
}

void type_key(Ui& ui, const std::string& name, bool capital) {
  KeyboardState& k = ui.state().keyboard;
  if (name == "back") {
    k.typed += '\b';
  } else if (name == "clear") {
    k.typed += '\f';
  } else if (name == "shift") {
    k.shift = !k.shift;
  } else if (name == "lang") {
    k.cyrillic = !k.cyrillic;
  } else if (name == "done") {
    k.done = true;
  } else {
    k.typed += name == "space" ? " " : capital ? name : lower(name);
    k.shift = false;
  }
}

void draw_key(Ui& ui, const Key& key, const Rect& r, bool capital) {
  const KeyboardState& k = ui.state().keyboard;
  const std::string id = "key." + key.name;
  const bool code = k.kind == static_cast<int>(FieldKind::code);
  const bool enabled = !(key.name == "shift" && code);
  const Interaction hit = ui.interact({id, r, Role::key, Behaviour::tap, enabled, key.name, {}});
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  const bool strong = key.name == "done", special = key.name.size() > 2;
  Color fill = strong ? t.primary : special ? t.surface : t.raised;
  Color ink = strong ? t.on_primary : t.text;
  if (key.name == "shift" && k.shift) fill = t.accented.fill, ink = t.accented.on_fill;
  if (!enabled) ink = t.text_off;
  if (hit.down) fill = strong ? t.primary_pressed : t.pressed;
  const float radius = ui.u(8);
  paint.fill(r, fill, radius);
  if (!strong) paint.outline(r, mix(t.raised, t.control_edge, 0.35F), 1, radius);
  const Rect inside = r.inset(ui.u(8), ui.u(4));
  const Rect icon = inside.centered(ui.u(32), ui.u(32));
  if (key.name == "back")
    paint.icon(icon, Icon::backspace, ink);
  else if (key.name == "shift")
    paint.icon(icon, Icon::shift, ink);
  else if (key.name == "lang")
    paint.text(inside, k.cyrillic ? "ABC" : "АБВ", {.face = Face::strong, .color = ink, .align = Align::center});
  else if (key.name == "clear")
    paint.text(inside, trc("keyboard", "Clear"),
               {.face = Face::body, .color = ink, .align = Align::center, .min_scale = 0.6F});
  else if (key.name == "done")
    paint.text(inside, trc("keyboard", "Done"), {.face = Face::strong, .color = ink, .align = Align::center});
  else if (key.name == "space")
    paint.fill({r.center().x - ui.u(60), r.center().y + ui.u(6), ui.u(120), ui.u(3)}, t.text_dim, ui.u(1));
  else
    paint.text(inside, capital ? key.name : lower(key.name),
               {.face = Face::title, .color = ink, .align = Align::center});
  if (hit.tapped) type_key(ui, key.name, capital);
}

/// A keyboard on a cable types into the same field.
void take_hardware_keys(Ui& ui) {
  KeyboardState& k = ui.state().keyboard;
  const ImGuiIO& io = ImGui::GetIO();
  for (const ImWchar c : io.InputQueueCharacters) {
    const unsigned code = c;
    if (code < 0x20 || code == 0x7F) continue;
    if (code < 0x80) {
      k.typed += static_cast<char>(code);
    } else if (code < 0x800) {
      k.typed += static_cast<char>(0xC0U | code >> 6U);
      k.typed += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
      k.typed += static_cast<char>(0xE0U | code >> 12U);
      k.typed += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
      k.typed += static_cast<char>(0x80U | (code & 0x3FU));
    }
  }
  const auto pressed = [&](ImGuiKey key) { return io.KeyMap[key] >= 0 && ImGui::IsKeyPressed(io.KeyMap[key], true); };
  if (pressed(ImGuiKey_Backspace)) k.typed += '\b';
  if (pressed(ImGuiKey_Enter) || pressed(ImGuiKey_KeyPadEnter) || pressed(ImGuiKey_Escape)) k.done = true;
}

}  // namespace

void draw_keyboard(Ui& ui) {
  Ui::State& s = ui.state();
  KeyboardState& k = s.keyboard;
  if (k.field.empty()) return;
  take_hardware_keys(ui);
  const Theme& t = ui.theme();
  Painter& paint = ui.paint();
  const bool number = k.kind == static_cast<int>(FieldKind::number);
  const std::vector<KeyRow> rows = number ? number_layout() : letters_layout(k.cyrillic);
  const float key_height = ui.u(66), gap = ui.gap(), pad = ui.u(16), strip = ui.u(64);
  const auto n = static_cast<float>(rows.size());
  const float height = pad + strip + ui.u(12) + n * key_height + (n - 1) * gap + pad;
  const Rect screen = ui.screen();
  const float width = number ? std::min(screen.w, ui.u(620)) : screen.w;
  k.rect = {screen.center().x - width / 2, screen.bottom() - height, width, height};

  const int before = s.layer;
  set_layer(s, keyboard_layer);
  s.now.cover(k.rect, keyboard_layer);
  s.owner = -1;
  paint.fill(k.rect, t.background, 0);
  paint.fill({k.rect.x, k.rect.y, k.rect.w, ui.u(2)}, t.control_edge);
  const float key_area = number ? width - 2 * pad : std::min(width - 2 * pad, ui.u(1560));
  Rect inside = Rect{k.rect.center().x - key_area / 2, k.rect.y + pad, key_area, height - 2 * pad};

  Rect line = inside.cut_top(strip, ui.u(12));
  ui.note("keyboard.text", line, Role::value, k.name, k.masked ? std::string() : k.shown);
  paint.fill(line, t.surface, ui.u(10));
  paint.outline(line, t.accent, ui.u(2), ui.u(10));
  line = line.inset(ui.u(18), ui.u(4));
  if (!k.name.empty()) {
    const float w = std::min(paint.text_width(k.name, Face::small) + 1, line.w * 0.45F);
    paint.text(line.cut_left(w, ui.u(20)), k.name, {.face = Face::small, .color = t.text_dim, .max_lines = 2});
  }
  draw_field_text(ui, line, k.shown, Face::title, true);

  const bool capital = k.kind != static_cast<int>(FieldKind::text) || k.shift;
  const int columns = number ? 4 : 12;
  for (const KeyRow& row : rows) {
    Rect rest = inside.cut_top(key_height, gap);
    const float one = (rest.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    for (const Key& key : row) {
      const auto wide = static_cast<float>(key.columns);
      draw_key(ui, key, rest.cut_left(one * wide + gap * (wide - 1), gap), capital);
    }
  }
  // the field takes what was typed in the next frame
  if (!k.typed.empty() || k.done) ui.animate_until(ui.now_s() + 0.1);
  set_layer(s, before);
}

}  // namespace torugart::touch
