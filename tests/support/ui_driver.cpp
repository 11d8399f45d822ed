#include "tests/support/ui_driver.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace torugart::tests {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double frame_s = 1.0 / 60;
// frames after which an event put into SDL's queue has been heard by the widgets: hover, down
constexpr int frames_to_down = 2;

double ms_since(Clock::time_point t) {
  return std::chrono::duration<double, std::milli>(Clock::now() - t).count();
}

std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> out;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U && !out.empty())
      out.back() += c;
    else
      out.emplace_back(1, c);
  }
  return out;
}

/// The capital of a Latin or Cyrillic letter, as the keys are called.
std::string capital(const std::string& c) {
  if (c.size() == 1 && c[0] >= 'a' && c[0] <= 'z') return {static_cast<char>(c[0] - 'a' + 'A')};
  if (c.size() != 2) return c;
  unsigned code = (static_cast<unsigned char>(c[0]) & 0x1FU) << 6U | (static_cast<unsigned char>(c[1]) & 0x3FU);
  if (code >= 0x430 && code <= 0x44F) code -= 0x20;
  if (code >= 0x450 && code <= 0x45F) code -= 0x50;
  return {static_cast<char>(0xC0U | code >> 6U), static_cast<char>(0x80U | (code & 0x3FU))};
}

}  // namespace

UiDriver::UiDriver(platform::Window& window, const touch::Ui& ui, std::function<void()> frame,
                   std::function<void(double)> advance)
    : window_(window), ui_(ui), frame_(std::move(frame)), advance_(std::move(advance)) {}

void UiDriver::one_frame() {
  if (advance_) advance_(frame_s);
  frame_();
}

void UiDriver::frames(int n) {
  for (int i = 0; i < n; ++i)
    one_frame();
}

bool UiDriver::wait_until(const std::function<bool()>& condition, double timeout_s) {
  const auto start = Clock::now();
  const double start_s = window_.now_s();
  while (true) {
    const auto begin = Clock::now();
    one_frame();
    if (condition()) return true;
    if (advance_ ? window_.now_s() - start_s > timeout_s : ms_since(start) > timeout_s * 1e3) return false;
    // real time: leave the processor to those who are waited for
    if (!advance_) {
      const double rest_ms = frame_s * 1e3 - ms_since(begin);
      if (rest_ms > 0) std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(rest_ms));
    }
  }
}

bool UiDriver::wait_for(std::string_view id, double timeout_s) {
  const bool there = wait_until([&] { return ui_.registry().has(id); }, timeout_s);
  if (!there) problem_ = "'" + std::string(id) + "' did not appear";
  return there;
}

const touch::WidgetRecord* UiDriver::reach(std::string_view id) {
  const auto ready = [&] {
    const touch::WidgetRecord* r = ui_.registry().find(id);
    return r != nullptr && r->touchable && r->enabled && !r->covered && !r->visible.empty();
  };
  if (ready() || wait_until(ready, patience_s_)) return ui_.registry().find(id);
  const touch::WidgetRecord* r = ui_.registry().find(id);
  problem_ = "'" + std::string(id) + "' ";
  if (r == nullptr)
    problem_ += "is not on the screen";
  else if (!r->touchable)
    problem_ += "is not made for fingers";
  else if (!r->enabled)
    problem_ += "cannot be pressed: " + r->value;
  else if (r->covered)
    problem_ += "is covered";
  else
    problem_ += "is scrolled out of sight";
  return nullptr;
}

void UiDriver::tap_at(touch::Point p) {
  ++touches_;
  auto start = Clock::now();
  window_.inject_finger_down(1, p.x, p.y);
  frames(frames_to_down);
  answers_ms_.push_back(ms_since(start));
  start = Clock::now();
  window_.inject_finger_up(1, p.x, p.y);
  one_frame();
  answers_ms_.push_back(ms_since(start));
  one_frame();
}

bool UiDriver::tap(std::string_view id) {
  const touch::WidgetRecord* r = reach(id);
  if (r == nullptr) return false;
  tap_at(r->visible.center());
  return true;
}

bool UiDriver::hold(std::string_view id, double seconds) {
  const touch::WidgetRecord* r = reach(id);
  if (r == nullptr) return false;
  const touch::Point p = r->visible.center();
  ++touches_;
  const auto start = Clock::now();
  window_.inject_finger_down(1, p.x, p.y);
  frames(frames_to_down);
  answers_ms_.push_back(ms_since(start));
  const double down_s = window_.now_s();
  wait_until([&] { return window_.now_s() - down_s >= seconds; }, seconds + 5);
  window_.inject_finger_up(1, p.x, p.y);
  frames(2);
  return true;
}

bool UiDriver::drag_within(std::string_view id, touch::Point from, touch::Point to, int steps) {
  const touch::WidgetRecord* r = reach(id);
  if (r == nullptr) return false;
  const touch::Rect at = r->visible;
  const auto place = [&](float t) -> touch::Point {
    return {at.x + (from.x + (to.x - from.x) * t) * at.w, at.y + (from.y + (to.y - from.y) * t) * at.h};
  };
  ++touches_;
  const auto start = Clock::now();
  window_.inject_finger_down(1, place(0).x, place(0).y);
  frames(frames_to_down);
  answers_ms_.push_back(ms_since(start));
  for (int i = 1; i <= steps; ++i) {
    const touch::Point p = place(static_cast<float>(i) / static_cast<float>(steps));
    window_.inject_finger_move(1, p.x, p.y);
    one_frame();
  }
  window_.inject_finger_up(1, place(1).x, place(1).y);
  frames(2);
  return true;
}

bool UiDriver::drag(std::string_view id, float dx, float dy, int steps) {
  const touch::WidgetRecord* r = reach(id);
  if (r == nullptr) return false;
  return drag_within(id, {0.5F, 0.5F}, {0.5F + dx / r->visible.w, 0.5F + dy / r->visible.h}, steps);
}

bool UiDriver::pinch(std::string_view id, float zoom, int steps) {
  const touch::WidgetRecord* r = reach(id);
  if (r == nullptr) return false;
  const touch::Point m = r->visible.center();
  // as far apart as the widget allows at the wide end
  const float wide = std::min(r->visible.w, r->visible.h) * 0.45F;
  const float first = zoom >= 1 ? wide / zoom : wide, last = first * zoom;
  ++touches_;
  window_.inject_finger_down(1, m.x - first / 2, m.y);
  window_.inject_finger_down(2, m.x + first / 2, m.y);
  frames(4);
  for (int i = 1; i <= steps; ++i) {
    const float d = first + (last - first) * static_cast<float>(i) / static_cast<float>(steps);
    window_.inject_finger_move(1, m.x - d / 2, m.y);
    window_.inject_finger_move(2, m.x + d / 2, m.y);
    one_frame();
  }
  window_.inject_finger_up(1, m.x - last / 2, m.y);
  window_.inject_finger_up(2, m.x + last / 2, m.y);
  frames(3);
  return true;
}

bool UiDriver::type_on_keyboard(std::string_view text) {
  if (!ui_.keyboard_open() && !wait_until([&] { return ui_.keyboard_open(); }, patience_s_)) {
    problem_ = "the keyboard is not open";
    return false;
  }
  frames(1);
  for (const std::string& c : characters(text)) {
    const std::string letter = capital(c);
    const std::string key = c == " " ? "key.space" : "key." + letter;
    if (!ui_.registry().has(key) && ui_.registry().has("key.lang") && !tap("key.lang")) return false;
    if (!ui_.registry().has(key)) {
      problem_ = "the keyboard has no '" + c + "'";
      return false;
    }
    const touch::WidgetRecord* shift = ui_.registry().find("key.shift");
    const bool has_case = letter.size() > 1 || (letter[0] >= 'A' && letter[0] <= 'Z');
    if (has_case && c == letter && shift != nullptr && shift->enabled && !tap("key.shift")) return false;
    if (!tap(key)) return false;
  }
  return true;
}

bool UiDriver::scroll_to(std::string_view area, std::string_view id) {
  for (int attempt = 0; attempt < 60; ++attempt) {
    const touch::WidgetRecord *r = ui_.registry().find(id), *list = ui_.registry().find(area);
    if (list == nullptr || r == nullptr) break;
    if (r->visible.h >= r->rect.h - 1) return true;
    const bool below = r->rect.bottom() > list->visible.bottom();
    if (!drag_within(area, {0.5F, below ? 0.8F : 0.2F}, {0.5F, below ? 0.3F : 0.7F})) return false;
  }
  problem_ = "'" + std::string(id) + "' was not found in '" + std::string(area) + "'";
  return false;
}

double UiDriver::longest_answer_ms() const {
  return answers_ms_.empty() ? 0 : *std::max_element(answers_ms_.begin(), answers_ms_.end());
}

}  // namespace torugart::tests
