#include "tests/kiosk/touch/gallery.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/touch/i18n.h"
#include "kiosk/touch/image.h"
#include "kiosk/touch/numbers.h"
#include "kiosk/touch/scroll.h"
#include "kiosk/touch/sheet.h"
#include "kiosk/touch/text_field.h"
#include "kiosk/touch/widgets.h"

namespace torugart::tests {
using namespace touch;  // NOLINT(google-build-using-namespace): the whole file is about it

namespace {

/// The gallery's own words are no part of the product's catalogue.
const char* w(const char* english, const char* russian) {
  return current_language() == "ru" ? russian : english;
}

}  // namespace

const char* Gallery::name_of(Page page) {
  static constexpr std::array names = {"lane", "controls", "meanings", "review", "list", "sheet", "keyboard"};
  return names[static_cast<std::size_t>(page)];
}

void Gallery::frame(Ui& ui, Rect& content) {
  Rect rest = ui.screen();
  Rect top = rest.cut_top(ui.u(64));
  bar(ui, top);
  top = top.inset(ui.u(24), 0);
  label(ui, "status.lane", top.cut_left(ui.u(230), ui.u(24)), w("Lane 2 · Kordai", "Полоса 2 · Кордай"),
        {.face = Face::strong});
  label(ui, "status.clock", top.cut_left(ui.u(110), ui.u(16)), "14:32:07", {.face = Face::strong});
  status(ui, "status.clock_state", top.cut_left(ui.u(150), ui.u(24)), Tone::green, w("clock ok", "часы верны"),
         Face::small);
  button(ui, "status.user", top.cut_right(ui.u(150), ui.u(24)), "A. I.", {.icon = Icon::user, .look = Look::quiet});
  status(ui, "status.devices", top.cut_right(ui.u(250), ui.u(24)), Tone::green, w("devices ok", "приборы исправны"),
         Face::small);
  status(ui, "status.line", top, Tone::yellow,
         w("line: offline since 13:58 · 6 waiting", "связи нет с 13:58 · ждут отправки 6"), Face::small);
  const std::array items = {RailItem{"rail.lane", Icon::lane, w("Lane", "Полоса")},
                            RailItem{"rail.review", Icon::review, w("Review", "Снимок")},
                            RailItem{"rail.queue", Icon::queue, w("Queue", "Очередь"), 3},
                            RailItem{"rail.records", Icon::records, w("Records", "Архив")},
                            RailItem{"rail.health", Icon::health, w("Health", "Приборы"), 1, Tone::yellow}};
  if (const auto chosen = touch::rail(ui, rest.cut_left(ui.u(112)), items, rail)) rail = *chosen;
  content = rest.inset(ui.u(24), ui.u(24));
}

void Gallery::lane(Ui& ui, Rect r) {
  Rect left = r.cut_left(ui.u(430), ui.u(24));
  Rect inside = card(ui, left);
  static constexpr std::array doubtful = {2};
  plate(ui, "lane.plate", inside.cut_top(ui.u(92), ui.u(4)), {.text = "123ABC02", .country = "KZ"});
  container(ui, "lane.container", inside.cut_top(ui.u(66), ui.u(12)), {.text = "MSKU1234565"});
  Rect figures = inside.cut_top(ui.u(70), ui.u(12));
  label_value(ui, "lane.since", figures.cut_left(ui.u(180), ui.u(16)), w("since arrival", "с прибытия"), "00:48");
  label_value(ui, "lane.weight", figures, w("weight", "масса"), "38 240 kg");
  divider(ui, inside.cut_top(ui.u(9), ui.u(8)));
  const std::array steps = {
      Step{w("Arrived", "Прибытие"), StepState::done, {}, "14:31:19"},
      Step{w("Numbers", "Номера"), StepState::done, w("confirmed", "подтверждены"), "4 s"},
      Step{w("Documents", "Документы"), StepState::done, {}, "11 s"},
      Step{w("Risk", "Риск"), StepState::attention, w("red, 2 profiles", "красный, 2 профиля"), "2 s"},
      Step{w("Weight", "Вес"), StepState::done, {}, "6 s"},
      Step{w("Radiation", "Радиация"), StepState::done, w("background", "фон"), "9 s"},
      Step{w("Scan", "Сканирование"), StepState::current, w("area to be cleared", "освободить зону"), ""},
      Step{w("Review", "Анализ снимка"), StepState::blocked, w("waits for scan", "ждёт снимка"), ""},
      Step{w("Decision", "Решение"), StepState::waiting},
      Step{w("Release", "Выпуск"), StepState::waiting}};
  float step_height = std::min(ui.u(60), inside.h / static_cast<float>(steps.size()));
  int index = 0;
  for (const Step& s : steps)
    step_row(ui, "lane.step." + std::to_string(index++), inside.cut_top(step_height), s);

  Rect bottom = r.cut_bottom(ui.u(104), ui.u(24));
  hold_button(ui, "lane.reroute", bottom.cut_left(ui.u(380), ui.u(16)),
              w("Move to yellow lane", "На жёлтый коридор"));
  if (next_step(ui, "lane.next", {bottom.right() - ui.u(520), bottom.y, ui.u(520), bottom.h},
                {.words = w("Ask for scan", "Запросить сканирование"),
                 .reason = steps_done > 0 ? "" : w("Interlock 3 open", "Блокировка 3 разомкнута"),
                 .hold = true}))
    ++holds;
  Rect risk = r.cut_bottom(ui.u(190), ui.u(24));
  Rect in = card(ui, risk, {}, Tone::red);
  Rect head = in.cut_top(ui.u(48), ui.u(12));
  badge(ui, "lane.colour", head.cut_left(badge(ui, "", {}, Tone::red, w("Red", "Красный")), ui.u(20)), Tone::red,
        w("Red", "Красный"));
  label(ui, "lane.risk.source", head.cut_right(ui.u(330)), w("central, 4 s ago", "центр, 4 с назад"),
        {.face = Face::small, .color = ui.theme().text_dim, .align = Align::right});
  label(ui, "", head, w("scan and review required", "снимок и осмотр обязательны"), {.face = Face::strong});
  label(ui, "", in.cut_top(ui.u(36)),
        w("P-114  declared weight 6 t under the scale", "P-114  заявленный вес на 6 т меньше весов"));
  label(ui, "", in.cut_top(ui.u(36)), w("Hold: veterinary service", "Задержание: ветеринарная служба"));

  const std::array names = {w("front", "спереди"), w("side", "сбоку"), w("rear", "сзади")};
  const auto columns = r.columns(3, ui.u(16));
  for (std::size_t i = 0; i < 3; ++i) {
    Rect column = columns[i];
    Rect chip = column.cut_bottom(ui.u(84), ui.u(8));
    image(ui, "lane.camera." + std::to_string(i), column, i == 2 ? 0 : picture, 1200, 400,
          {.fit = Fit::cover,
           .touchable = true,
           .caption = names[i],
           .missing = w("no picture for 12 s", "нет кадра 12 с"),
           .selected = i == 1});
    if (i == 0)
      plate(ui, "lane.candidate.0", chip, {.text = "123ABC02", .country = "KZ", .selected = true, .touchable = true});
    if (i == 1) container(ui, "lane.candidate.1", chip, {.text = "MSKU1234565", .touchable = true});
    if (i == 2)
      plate(ui, "lane.candidate.2", chip,
            {.text = "45KG678ABC", .country = "KG", .doubtful = doubtful, .sure = false, .touchable = true});
  }
}

void Gallery::controls(Ui& ui, Rect r) {
  const auto columns = r.columns(3, ui.u(24));
  Rect a = card(ui, columns[0], w("Buttons", "Кнопки"));
  const float row_height = ui.u(72), gap = ui.u(16);
  if (button(ui, "g.plain", a.cut_top(row_height, gap), w("Read again", "Прочитать ещё раз"), {.icon = Icon::camera}))
    ++taps;
  button(ui, "g.selected", a.cut_top(row_height, gap), w("Selected", "Выбрано"),
         {.icon = Icon::mark, .selected = true});
  button(ui, "g.quiet", a.cut_top(row_height, gap), w("Back", "Назад"), {.icon = Icon::back, .look = Look::quiet});
  button(ui, "g.strong", a.cut_top(row_height, gap), w("Confirm numbers", "Подтвердить номера"),
         {.icon = Icon::check, .look = Look::strong});
  button(ui, "g.danger", a.cut_top(row_height, gap), w("Stop scan", "Остановить сканирование"),
         {.icon = Icon::stop, .look = Look::danger});
  button(ui, "g.disabled", a.cut_top(row_height, gap), w("Clear", "Чисто"),
         {.enabled = false, .reason = w("The picture is not complete", "Снимок ещё не полон")});
  if (hold_button(ui, "g.hold", a.cut_top(ui.u(88), gap), w("Release truck", "Выпустить машину"))) ++holds;
  hold_button(ui, "g.hold.off", a.cut_top(ui.u(88), gap), w("Ask for scan", "Запросить скан"),
              {.enabled = false, .reason = w("Interlock 3 open", "Блокировка 3 разомкнута")});

  Rect b = card(ui, columns[1], w("Choices", "Выбор"));
  const std::vector<std::string> cab = {w("Out", "Вышел"), w("In cab", "В кабине")};
  if (auto c = segmented(ui, "g.cab", b.cut_top(row_height, gap), cab, segment)) segment = *c;
  const std::vector<std::string> tab_words = {w("Today", "Сегодня"), w("Shift", "Смена"), w("All", "Все")};
  if (auto c = tabs(ui, "g.tabs", b.cut_top(row_height, gap), tab_words, tab)) tab = *c;
  if (touch::toggle(ui, "g.toggle", b.cut_top(row_height, gap), w("Enhance edges", "Подчеркнуть края"), toggle_on))
    toggle_on = !toggle_on;
  if (touch::toggle(ui, "g.other", b.cut_top(row_height, gap), w("Compare with empty", "Сравнить с пустым"),
                    other_on))
    other_on = !other_on;
  slider(ui, "g.slider", b.cut_top(ui.u(92), gap), slide, w("Edge strength", "Сила края"),
         std::to_string(static_cast<int>(slide * 100)) + " %");
  std::array<float, 96> bars{};
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const float x = static_cast<float>(i) / 96.0F;
    bars[i] = 0.9F * std::exp(-40 * (x - 0.3F) * (x - 0.3F)) + 0.55F * std::exp(-90 * (x - 0.72F) * (x - 0.72F));
  }
  tone_window(ui, "g.tone", b.cut_top(ui.u(110), gap), bars, low, high);
  const auto tools = b.cut_top(ui.u(96), gap).columns(4, ui.gap());
  tool_button(ui, "g.tool.move", tools[0], Icon::move, w("Move", "Сдвиг"), true);
  tool_button(ui, "g.tool.zoom", tools[1], Icon::zoom, w("Magnify", "Лупа"));
  tool_button(ui, "g.tool.measure", tools[2], Icon::measure, w("Measure", "Длина"));
  tool_button(ui, "g.tool.mark", tools[3], Icon::mark, w("Mark", "Метка"), false, false);
  progress(ui, "g.progress", b.cut_top(ui.u(60), gap), 0.62F, w("Storing the picture", "Снимок записывается"));

  Rect c = columns[2];
  Rect pad = card(ui, c.cut_top(std::min(ui.u(720), c.h)));
  if (pin_pad(ui, "g.pin", pad, pin, {.message = w("Your PIN", "Ваш ПИН-код"), .confirm = w("Sign in", "Войти")}))
    pin_confirmed = true;
  if (c.h > ui.u(104) + ui.u(24)) {
    next_step(ui, "g.next", next_step_rect(ui, c), {.words = w("Confirm numbers", "Подтвердить номера")});
  }
}

void Gallery::meanings(Ui& ui, Rect r) {
  banner(ui, "g.alarm", r.cut_top(ui.u(84), ui.u(16)), Tone::alarm, w("RADIATION ALARM", "РАДИАЦИОННАЯ ТРЕВОГА"),
         w("gamma 7.2 σ · detector 3 · 14:31:58", "гамма 7,2 σ · детектор 3 · 14:31:58"), 460);
  // the banner's buttons stand on it: drawn after it
  banner(ui, "g.warn", r.cut_top(ui.u(84), ui.u(16)), Tone::yellow,
         w("Lane is worked by hand", "Полоса работает вручную"),
         w("Cameras do not answer since 14:20. Type the numbers.",
           "Камеры не отвечают с 14:20. Введите номера вручную."));
  Rect badges = r.cut_top(ui.u(56), ui.u(24));
  int i = 0;
  for (const auto& [tone, word] :
       {std::pair{Tone::red, w("Red", "Красный")}, std::pair{Tone::yellow, w("Yellow", "Жёлтый")},
        std::pair{Tone::blue, w("Blue", "Синий")}, std::pair{Tone::green, w("Green", "Зелёный")},
        std::pair{Tone::alarm, w("Alarm", "Тревога")}, std::pair{Tone::accent, w("Now", "Сейчас")},
        std::pair{Tone::neutral, w("Not set", "Не задано")}})
    badge(ui, "g.badge." + std::to_string(i++), badges.cut_left(badge(ui, "", {}, tone, word), ui.u(16)), tone, word);
  const auto contacts = r.cut_top(ui.u(72), ui.u(24)).columns(6, ui.u(12));
  const std::array names = {w("Door A", "Дверь А"),   w("Door B", "Дверь Б"),    w("Interlock 3", "Блок. 3"),
                            w("Barrier", "Шлагбаум"), w("E-stop", "Авар. стоп"), w("Key", "Ключ")};
  for (std::size_t k = 0; k < 6; ++k)
    touch::contact(ui, "g.contact." + std::to_string(k), contacts[k], names[k],
                   k == 2   ? Contact::open
                   : k == 4 ? Contact::unknown
                            : Contact::closed);
  Rect plates = card(ui, r.cut_left(r.w * 0.56F, ui.u(24)), w("Numbers", "Номера"));
  static constexpr std::array doubtful = {3, 4};
  const std::array chips = {NumberChip{"123ABC02", "KZ"},
                            NumberChip{"01KG123ABC", "KG"},
                            NumberChip{"A123BC77", "RU"},
                            NumberChip{"01A123BC", "UZ"},
                            NumberChip{"1234AB01", "TJ"},
                            NumberChip{"BD1234AG", "TM"},
                            NumberChip{"1234УБА", "MN"},
                            NumberChip{"A12345", "CN"},
                            NumberChip{"10AB123", "AZ"},
                            NumberChip{"AB123CD", "GE"},
                            NumberChip{"XYZ789", "", doubtful, false},
                            NumberChip{"987KZA02", "KZ", doubtful, false, true}};
  const auto lines = plates.rows(5, ui.u(12));
  for (std::size_t k = 0; k < chips.size(); ++k) {
    const auto cells = lines[k / 3].columns(3, ui.u(16));
    plate(ui, "g.plate." + std::to_string(k), cells[k % 3], chips[k]);
  }
  const auto cells = lines[4].columns(2, ui.u(16));
  container(ui, "g.container.0", cells[0], {.text = "MSKU1234565"});
  container(ui, "g.container.1", cells[1], {.text = "TGHU7654321", .doubtful = doubtful, .sure = false});
  Rect values = card(ui, r, w("Values", "Значения"));
  label_value(ui, "g.value.0", values.cut_top(ui.u(86), ui.u(16)), w("dose in the cab", "доза в кабине"), "0.08 µSv",
              Tone::green, Face::figure);
  label_value(ui, "g.value.1", values.cut_top(ui.u(86), ui.u(16)), w("declared and weighed", "заявлено и взвешено"),
              "32 100 / 38 240 kg", Tone::red);
  label_value(ui, "g.value.2", values.cut_top(ui.u(40), ui.u(8)), w("speed", "скорость"), "5.2 km/h");
  label_value(ui, "g.value.3", values.cut_top(ui.u(40), ui.u(16)), w("still fit on the disk", "ещё поместится"),
              w("1 840 trucks", "1 840 машин"));
  status(ui, "g.status.0", values.cut_top(ui.u(40), ui.u(8)), Tone::green,
         w("Camera front: works", "Камера спереди: работает"));
  status(ui, "g.status.1", values.cut_top(ui.u(40), ui.u(8)), Tone::red,
         w("Scale: silent for 3 min", "Весы: молчат 3 мин"));
  progress(ui, "g.working", values.cut_top(ui.u(64), ui.u(8)), -1, w("Waiting for the centre", "Ждём ответа центра"));
}

void Gallery::review(Ui& ui, Rect r) {
  Rect bottom = r.cut_bottom(ui.u(104), ui.u(16));
  next_step(ui, "review.next", next_step_rect(ui, bottom), {.words = w("Clear", "Чисто"), .hold = true});
  button(ui, "review.suspect", {bottom.x, bottom.y + ui.u(16), ui.u(300), ui.u(88)}, w("Suspect …", "Подозрение …"),
         {.icon = Icon::flag});
  button(ui, "review.second", {bottom.x + ui.u(316), bottom.y + ui.u(16), ui.u(340), ui.u(88)},
         w("Second look", "Второй взгляд"), {.icon = Icon::users});
  Rect tools = r.cut_right(ui.u(112), ui.u(16));
  int k = 0;
  for (const auto& [icon, word] :
       {std::pair{Icon::move, w("Move", "Сдвиг")}, std::pair{Icon::zoom, w("Magnify", "Лупа")},
        std::pair{Icon::measure, w("Measure", "Длина")}, std::pair{Icon::mark, w("Mark", "Метка")},
        std::pair{Icon::material, w("Material", "Состав")}, std::pair{Icon::compare, w("Compare", "Сверка")}}) {
    tool_button(ui, "review.tool." + std::to_string(k), tools.cut_top(ui.u(96), ui.gap()), icon, word, k == 0);
    ++k;
  }
  std::array<float, 128> bars{};
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const float x = static_cast<float>(i) / 128.0F;
    bars[i] =
        0.8F * std::exp(-30 * (x - 0.35F) * (x - 0.35F)) + 0.6F * std::exp(-220 * (x - 0.9F) * (x - 0.9F)) + 0.05F;
  }
  tone_window(ui, "review.tone", r.cut_bottom(ui.u(96), ui.u(16)), bars, low, high);
  const ImageResult picture_at =
      image(ui, "review.picture", r, picture, 1200, 400, {.touchable = true, .drag = true});
  pan_x += picture_at.touch.drag.x + picture_at.touch.pinch.pan.x;
  pan_y += picture_at.touch.drag.y + picture_at.touch.pinch.pan.y;
  zoom *= picture_at.touch.pinch.zoom;
  if (picture_at.touch.tapped) ++taps;
  const Point p = picture_at.to_screen({0.46F, 0.38F}), q = picture_at.to_screen({0.58F, 0.68F});
  mark_box(ui, "review.mark.1", {p.x, p.y, q.x - p.x, q.y - p.y}, w("1 · dense, 312 mm", "1 · плотное, 312 мм"),
           Tone::red, true);
  const Point s = picture_at.to_screen({0.70F, 0.3F}), e = picture_at.to_screen({0.8F, 0.55F});
  mark_box(ui, "review.mark.2", {s.x, s.y, e.x - s.x, e.y - s.y}, w("2 · not declared", "2 · не заявлено"),
           Tone::yellow);
}

void Gallery::list(Ui& ui, Rect r) {
  Rect left = r.cut_left(r.w * 0.5F, ui.u(24));
  text_field(ui, "list.search", left.cut_top(ui.u(72), ui.u(16)), number,
             {.kind = FieldKind::code, .hint = w("Any number", "Любой номер"), .icon = Icon::search});
  const float row_height = ui.u(84), gap = ui.gap();
  constexpr int rows = 24;
  ScrollArea area(ui, "list.area", left, static_cast<float>(rows) * (row_height + gap) - gap);
  Rect content = area.content();
  for (int i = 0; i < rows; ++i) {
    const Rect line = content.cut_top(row_height, gap);
    if (!area.visible(line)) continue;
    const std::string plate_text = std::to_string(100 + 37 * i) + " ABC 02";
    const bool red = i % 5 == 1;
    if (row(ui, "list.row." + std::to_string(i), line, plate_text,
            {.detail = red ? w("suspect · second look agreed", "подозрение · второй взгляд согласен")
                           : w("released", "выпущена"),
             .right = "14:0" + std::to_string(i % 10),
             .right_detail = w("8 min", "8 мин"),
             .tone = red ? Tone::red : Tone::green,
             .selected = i == tapped_row,
             .chevron = true}))
      tapped_row = i;
  }
}

void Gallery::sheet(Ui& ui) {
  Sheet sheet(ui, "second", 640, 900, w("A second person agrees", "Согласие второго сотрудника"));
  if (sheet.cancelled()) sheet_cancelled = true;
  Rect r = sheet.content();
  label(ui, "", r.cut_top(ui.u(64), ui.u(8)),
        w("Release with an open hold by the veterinary service needs another account.",
          "Выпуск при задержании ветеринарной службой требует второго сотрудника."),
        {.color = ui.theme().text_dim, .max_lines = 2});
  pin_pad(ui, "second.pin", r, pin,
          {.message = w("Wrong PIN, 4 tries left", "Неверный ПИН, осталось 4 попытки"),
           .message_tone = Tone::red,
           .confirm = w("Agree", "Согласен")});
}

void Gallery::keyboard(Ui& ui, Rect r) {
  Rect line = r.cut_top(ui.u(110), ui.u(16));
  text_field(ui, "k.name", line.cut_left(ui.u(520), ui.u(16)), name, {.name = w("Driver's name", "Имя водителя")});
  text_field(ui, "k.code", line.cut_left(ui.u(420), ui.u(16)), code,
             {.kind = FieldKind::code, .name = w("Plate", "Номер машины")});
  text_field(ui, "k.number", line.cut_left(ui.u(300), ui.u(16)), number,
             {.kind = FieldKind::number, .name = w("Weight, kg", "Масса, кг")});
}

void Gallery::draw(Ui& ui) {
  Rect content;
  frame(ui, content);
  switch (page) {
    case Page::lane:
      lane(ui, content);
      break;
    case Page::controls:
      controls(ui, content);
      break;
    case Page::meanings:
      meanings(ui, content);
      break;
    case Page::review:
      review(ui, content);
      break;
    case Page::list:
      list(ui, content);
      break;
    case Page::sheet:
      lane(ui, content), sheet(ui);
      break;
    case Page::keyboard:
      keyboard(ui, content);
      break;
  }
}

std::vector<unsigned char> gallery_picture() {
  constexpr int width = 1200, height = 400;
  std::vector<unsigned char> out(static_cast<std::size_t>(width) * height * 4, 255);
  const auto box = [](int x, int y, int l, int t, int r, int b) { return x >= l && x < r && y >= t && y < b; };
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      double through = 1;
      if (box(x, y, 60, 60, 1140, 330)) through *= 0.82;
      if (box(x, y, 70, 70, 1130, 320)) through *= 0.93;
      for (int i = 0; i < 9; ++i)
        if (box(x, y, 120 + i * 110, 200 - (i % 3) * 30, 215 + i * 110, 310)) through *= 0.5 + 0.04 * (i % 4);
      if (std::hypot(x - 620, y - 210) < 46) through *= 0.2;
      for (const int wheel : {180, 260, 900, 980, 1060})
        if (std::hypot(x - wheel, y - 350) < 32) through *= std::hypot(x - wheel, y - 350) < 15 ? 0.25 : 0.5;
      const auto v = static_cast<unsigned char>(
          std::clamp(through * 235 + 8 * std::sin(x * 0.9) * std::sin(y * 1.3), 0.0, 255.0));
      unsigned char* p = &out[(static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)) * 4];
      p[0] = p[1] = p[2] = v;
    }
  return out;
}

}  // namespace torugart::tests
