#include "kiosk/touch/ui.h"

#include <algorithm>
#include <cmath>

#include "kiosk/touch/ui_state.h"

namespace torugart::touch {
namespace {

// design pixels a finger may travel before a press inside a scroll area becomes scrolling
constexpr float scroll_threshold = 14;

float distance(Point a, Point b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

/// Whose press is it, and which scroll area lies under it: as the finger saw it, in the frame before.
void take_press(Ui::State& s) {
  s.active.clear(), s.scroll_area.clear();
  s.active_drags = s.left = s.hold_fired = s.scrolling = false;
  s.went_down = s.at;
  s.down_since = s.in.now_s;
  const WidgetRecord* hit = s.last.hit(s.at);
  if (hit == nullptr) return;
  s.active = hit->id;
  s.active_drags = hit->drags;
  for (const WidgetRecord& r : s.last.all())
    if (r.role == Role::scroll && r.layer == hit->layer && r.visible.contains(s.at)) s.scroll_area = r.id;
}

void read_pointer(Ui::State& s) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool down = io.MouseDown[0];
  s.before = s.at;
  s.at = {io.MousePos.x, io.MousePos.y};
  s.press = down && !s.down;
  s.release = !down && s.down;
  s.down = down;
  s.wheel = io.MouseWheel;
  if (s.press) {
    s.before = s.at;
    take_press(s);
  }
  if (s.down && !s.scrolling && !s.scroll_area.empty() && !s.active_drags &&
      std::abs(s.at.y - s.went_down.y) > scroll_threshold * s.scale && s.at.y > -1e5F) {
    s.scrolling = true;
    s.active = s.scroll_area;
  }
  if (s.in.pinch.active && !s.was_pinching) {
    const WidgetRecord* hit = s.last.hit(s.in.pinch.center);
    s.pinch_target = hit != nullptr && hit->role == Role::image ? hit->id : std::string();
  }
  s.was_pinching = s.in.pinch.active;
}

}  // namespace

Ui::Ui(const Theme& theme) : state_(std::make_unique<State>(*this)) {
  state_->theme = theme;
}
Ui::~Ui() = default;

void Ui::begin_frame(const FrameInput& input) {
  State& s = *state_;
  s.in = input;
  s.out = {};
  s.out.background = s.theme.background;
  s.scale = scale_for(input.width, input.height);
  std::swap(s.last, s.now);
  s.now.clear();
  s.owner = -1;
  s.draw = ImGui::GetBackgroundDrawList();
  s.draw->ChannelsSplit(layer_channels);
  s.layer = 0;
  s.layers.clear();
  s.clips = {screen()};
  s.in_frame = true;
  s.keyboard.seen = false;
  read_pointer(s);
}

FrameOutput Ui::end_frame() {
  State& s = *state_;
  if (!s.keyboard.field.empty() && !s.keyboard.seen) close_keyboard();
  draw_keyboard(*this);
  draw_toasts(*this);
  s.draw->ChannelsMerge();
  s.now.finish();
  s.in_frame = false;
  if (s.release) {
    s.active.clear(), s.scroll_area.clear();
    s.scrolling = false;
    s.grabbed.clear();
  }
  return s.out;
}

void Ui::set_theme(const Theme& theme) {
  state_->theme = theme;
}
const Theme& Ui::theme() const {
  return state_->theme;
}
float Ui::u(float design_px) const {
  return std::round(design_px * state_->scale);
}
float Ui::scale() const {
  return state_->scale;
}
Rect Ui::screen() const {
  return {0, 0, state_->in.width, state_->in.height};
}
double Ui::now_s() const {
  return state_->in.now_s;
}
float Ui::min_target() const {
  return std::round(64 * state_->scale);
}
float Ui::gap() const {
  return std::round(8 * state_->scale);
}
float Ui::margin() const {
  return std::round(24 * state_->scale);
}
Painter& Ui::paint() {
  return state_->painter;
}
Ui::State& Ui::state() {
  return *state_;
}

const Registry& Ui::registry() const {
  return state_->in_frame ? state_->last : state_->now;
}

std::vector<Finding> Ui::audit() const {
  return touch::audit(registry(), screen(), min_target(), gap());
}

Interaction Ui::interact(const WidgetSpec& spec) {
  State& s = *state_;
  WidgetRecord record;
  record.id = spec.id;
  record.rect = spec.rect;
  record.visible = spec.rect.intersect(s.clips.back());
  record.role = spec.role;
  record.touchable = spec.behaviour != Behaviour::none;
  record.drags = spec.behaviour == Behaviour::drag;
  record.enabled = spec.enabled;
  record.layer = s.layer;
  record.label = spec.label;
  record.value = spec.value;
  const float least = min_target() - 0.5F;
  record.small_target = record.touchable && (spec.rect.w < least || spec.rect.h < least);
  const Rect visible = record.visible;
  s.now.add(std::move(record));
  s.owner = static_cast<int>(s.now.all().size()) - 1;

  Interaction out;
  out.finger = s.at;
  if (!spec.enabled || spec.behaviour == Behaviour::none) return out;
  if (s.in.pinch.active && spec.id == s.pinch_target) out.pinch = s.in.pinch;
  if (s.wheel != 0 && visible.contains(s.at)) {
    const WidgetRecord* hit = s.last.hit(s.at);
    if (hit != nullptr && hit->id == spec.id) out.wheel = s.wheel;
  }
  if (s.active.empty() || s.active != spec.id) return out;

  const bool inside = visible.contains(s.at);
  if (!inside) s.left = true;
  out.pressed = s.press;
  out.drag_total = s.at - s.went_down;
  switch (spec.behaviour) {
    case Behaviour::tap:
      out.down = s.down && inside;
      out.tapped = s.release && inside;
      break;
    case Behaviour::hold:
      out.down = s.down && inside && !s.left;
      if (out.down && !s.hold_fired) {
        const double held = s.in.now_s - s.down_since;
        out.hold_progress = static_cast<float>(std::clamp(held / hold_time_s, 0.0, 1.0));
        animate_until(s.down_since + hold_time_s + 0.1);
        if (held >= hold_time_s) out.tapped = s.hold_fired = true;
      }
      break;
    case Behaviour::drag:
      out.down = s.down;
      if (s.down || s.release) out.drag = s.at - s.before;
      out.released = s.release;
      // a finger that was called off is nowhere: that is no movement
      if (s.at.x < -1e5F || s.before.x < -1e5F) out.drag = {};
      out.tapped = s.release && inside && distance(s.at, s.went_down) < scroll_threshold * s.scale;
      break;
    case Behaviour::none:
      break;
  }
  return out;
}

void Ui::note(std::string_view id, const Rect& rect, Role role, std::string_view words, std::string_view value,
              bool enabled) {
  interact({id, rect, role, Behaviour::none, enabled, words, value});
}

void set_layer(Ui::State& s, int layer) {
  s.layer = layer;
  s.draw->ChannelsSetCurrent(std::min(layer, layer_channels - 1));
}

void Ui::push_layer(const Rect& blocks) {
  State& s = *state_;
  s.layers.push_back(s.layer);
  set_layer(s, s.layer + 1);
  s.now.cover(blocks, s.layer);
  s.clips.push_back(screen());
  s.draw->PushClipRect({0, 0}, {s.in.width, s.in.height}, false);
  s.owner = -1;
}

void Ui::pop_layer() {
  State& s = *state_;
  s.draw->PopClipRect();
  s.clips.pop_back();
  set_layer(s, s.layers.back());
  s.layers.pop_back();
  s.owner = -1;
}

void Ui::toast(std::string_view text, Tone tone) {
  constexpr double shown_s = 4;
  state_->toasts.push_back({std::string(text), tone, state_->in.now_s + shown_s});
  if (state_->toasts.size() > 3) state_->toasts.erase(state_->toasts.begin());
}

int Ui::digit_key() const {
  if (keyboard_open()) return 0;
  for (const ImWchar c : ImGui::GetIO().InputQueueCharacters) {
    if (c >= '1' && c <= '9') return c - '0';
  }
  return 0;
}

bool Ui::keyboard_open() const {
  return !state_->keyboard.field.empty();
}
Rect Ui::keyboard_rect() const {
  return keyboard_open() ? state_->keyboard.rect : Rect{};
}

void Ui::close_keyboard() {
  const bool cyrillic = state_->keyboard.cyrillic;
  state_->keyboard = {};
  state_->keyboard.cyrillic = cyrillic;
}

void Ui::animate_until(double until_s) {
  state_->out.animate_until_s = std::max(state_->out.animate_until_s, until_s);
}

void Ui::wake_at(double at_s) {
  double& wake = state_->out.wake_at_s;
  wake = wake == 0 ? at_s : std::min(wake, at_s);
}

}  // namespace torugart::touch
