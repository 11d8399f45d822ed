#include "kiosk/screens/xray_pane.h"

#include <algorithm>
#include <cmath>

namespace torugart::screens {

using imaging::Viewport;
using touch::Rect;

namespace {
constexpr double kNearest = 12;      // output pixels per image pixel, at most
constexpr double kMapEveryS = 0.25;  // while a scan grows its map need not be redrawn with every line
constexpr int kThreads = 2;          // of the large picture; a kiosk has two cores
constexpr float kStep = 1.25F;       // zoom of one wheel step

int whole(float v) {
  return std::max(1, static_cast<int>(std::lround(v)));
}
}  // namespace

XrayPane::XrayPane(Textures& textures, std::string slot)
    : textures_(textures), slot_(std::move(slot)), renderer_(nullptr, kThreads), other_renderer_(nullptr, kThreads) {}

const imaging::ScanView* XrayPane::view() const {
  return image_ ? &image_->view : growing_.get();
}

void XrayPane::show_growing(const std::string& id, std::shared_ptr<const imaging::ScanView> view) {
  if (id != id_) follow_ = true;
  id_ = id;
  image_.reset();
  growing_ = std::move(view);
}

void XrayPane::show_image(const std::string& id, std::shared_ptr<const imaging::ScanImage> image,
                          std::shared_ptr<const imaging::MaterialTable> materials) {
  if (id != id_) fit_wanted_ = true;  // else it has grown here: the eye stays where it was
  if (id != id_ || growing_) follow_ = false;
  id_ = id;
  growing_.reset();
  image_ = std::move(image);
  if (materials != materials_) {
    materials_ = std::move(materials);
    renderer_.set_table(materials_);
    small_renderer_.set_table(materials_);
    drawn_ = map_drawn_ = lens_drawn_ = {};
  }
  // colours of another picture's classes would be a lie
  if (!materials_ && imaging::shows_material(options.palette)) options.palette = imaging::Palette::grey;
}

void XrayPane::show_nothing() {
  id_.clear();
  growing_.reset();
  image_.reset();
  follow_ = false;
}

XrayPane::Drawn XrayPane::key(const Viewport& viewport) const {
  return {image_ ? static_cast<const void*>(image_.get()) : static_cast<const void*>(slot_.data()),
          view() ? view()->revision + static_cast<std::uint64_t>(view()->columns) : 0, viewport, options};
}

touch::TextureId XrayPane::rendered(const std::string& slot, const Viewport& viewport, Drawn& drawn,
                                    touch::TextureId before, imaging::Renderer& renderer) {
  const Drawn now = key(viewport);
  if (before != 0 && now == drawn) return before;
  // The large picture moves with the finger, so what is drawn already is kept; map and lens take turns with one buffer.
  const imaging::RasterRgba* pixels = &pixels_;
  if (&renderer == &renderer_) {
    const auto picture = renderer.draw(*view(), viewport, options);
    if (!picture) return before;
    pixels = *picture;
  } else if (!renderer.render(*view(), viewport, options, pixels_)) {
    return before;
  }
  drawn = now;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(pixels->samples().data());
  return textures_.upload(slot, {bytes, pixels->samples().size() * 4}, viewport.width, viewport.height);
}

void XrayPane::resize(int width, int height) {
  if (viewport_.width == width && viewport_.height == height) return;
  if (!viewport_.valid()) {
    fit_wanted_ = true;
    viewport_.width = width;
    viewport_.height = height;
    return;
  }
  // The same scale and the same middle: a banner that appears does not move the picture under the eye.
  const double sx = viewport_.scale_x(), sy = viewport_.scale_y();
  const double cx = viewport_.image.x + viewport_.image.w / 2, cy = viewport_.image.y + viewport_.image.h / 2;
  viewport_.image = {cx - width / sx / 2, cy - height / sy / 2, width / sx, height / sy};
  viewport_.width = width;
  viewport_.height = height;
}

void XrayPane::keep_in_reach() {
  const double w = view()->columns, h = view()->rows;
  auto& part = viewport_.image;
  const Viewport whole_picture = Viewport::fit(view()->columns, view()->rows, viewport_.width, viewport_.height);
  if (part.w > whole_picture.image.w && part.h > whole_picture.image.h && !follow_) {
    part = whole_picture.image;
    return;
  }
  auto hold = [](double& at, double size, double whole_size) {
    at = size >= whole_size ? (whole_size - size) / 2 : std::clamp(at, -size * 0.25, whole_size - size * 0.75);
  };
  if (!follow_) hold(part.x, part.w, w);
  hold(part.y, part.h, h);
}

void XrayPane::gestures(touch::Ui& ui, const touch::Interaction& touch, bool pan) {
  (void)ui;
  const imaging::ViewPoint at{touch.finger.x - area_.x, touch.finger.y - area_.y};
  bool moved = false;
  if (touch.pinch.active) {
    const imaging::ViewPoint middle{touch.pinch.center.x - area_.x, touch.pinch.center.y - area_.y};
    viewport_ = viewport_.zoomed(touch.pinch.zoom, middle).panned(touch.pinch.pan.x, touch.pinch.pan.y);
    moved = true;
  } else if (pan && touch.down && (touch.drag.x != 0 || touch.drag.y != 0)) {
    viewport_ = viewport_.panned(touch.drag.x, touch.drag.y);
    moved = true;
  }
  if (touch.wheel != 0) {
    viewport_ = viewport_.zoomed(std::pow(kStep, touch.wheel), at);
    moved = true;
  }
  if (moved) follow_ = false;
}

bool XrayPane::settle(const Rect& area) {
  area_ = area;
  if (!has_picture()) return false;
  resize(whole(area.w), whole(area.h));
  if (follow_) {
    viewport_ = Viewport::fit_height(view()->rows, 0, viewport_.width, viewport_.height);
    viewport_.image.x = std::max(0.0, view()->columns - viewport_.image.w * 0.92);
  } else if (fit_wanted_) {
    viewport_ = Viewport::fit(view()->columns, view()->rows, viewport_.width, viewport_.height);
  }
  fit_wanted_ = false;
  if (!held_) keep_in_reach();
  return true;
}

touch::Interaction XrayPane::draw(touch::Ui& ui, std::string_view id, const Rect& area, bool pan,
                                  std::string_view missing, touch::TextureId instead) {
  if (!settle(area)) {
    const auto none = touch::image(ui, id, area, 0, area.w, area.h, {.touchable = false, .missing = missing});
    return none.touch;
  }
  if (instead == 0) texture_ = rendered(slot_, viewport_, drawn_, texture_, renderer_);
  const auto shown = touch::image(ui, id, area, instead != 0 ? instead : texture_, area.w, area.h,
                                  {.fit = touch::Fit::stretch, .touchable = true, .drag = true, .missing = missing});
  gestures(ui, shown.touch, pan);
  return shown.touch;
}

const imaging::RasterRgba* XrayPane::pixels(const imaging::RenderOptions& shown) {
  if (!has_picture() || !viewport_.valid()) return nullptr;
  const auto picture = other_renderer_.draw(*view(), viewport_, shown);
  return picture ? *picture : nullptr;
}

touch::TextureId XrayPane::upload(const imaging::RasterRgba& shown) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(shown.samples().data());
  return textures_.upload(slot_ + ".other", {bytes, shown.samples().size() * 4}, shown.width(), shown.height());
}

void XrayPane::draw_map(touch::Ui& ui, std::string_view id, const Rect& area) {
  if (!has_picture()) return;
  const Rect place = area.fitted(static_cast<float>(view()->columns) / static_cast<float>(view()->rows));
  const auto columns = static_cast<float>(view()->columns), rows = static_cast<float>(view()->rows);
  const Viewport all = Viewport::fit(view()->columns, view()->rows, whole(place.w), whole(place.h));
  if (!growing_ || ui.now_s() - map_at_s_ > kMapEveryS || map_texture_ == 0) {
    map_texture_ = rendered(slot_ + ".map", all, map_drawn_, map_texture_, small_renderer_);
    map_at_s_ = ui.now_s();
  }
  ui.paint().fill(area, ui.theme().picture, ui.u(6));
  ui.paint().outline(area, ui.theme().control_edge, 1, ui.u(6));
  if (map_texture_) ui.paint().picture(place, map_texture_);
  const double sx = place.w / columns, sy = place.h / rows;
  const Rect seen =
      Rect{static_cast<float>(place.x + viewport_.image.x * sx), static_cast<float>(place.y + viewport_.image.y * sy),
           static_cast<float>(viewport_.image.w * sx), static_cast<float>(viewport_.image.h * sy)}
          .intersect(area);
  ui.paint().outline(seen, ui.theme().accent, ui.u(2));
  const auto touch = ui.interact(
      {.id = id, .rect = area, .role = touch::Role::image, .behaviour = touch::Behaviour::drag, .label = "map"});
  if (touch.down) {
    const double x = (touch.finger.x - place.x) / sx, y = (touch.finger.y - place.y) / sy;
    viewport_.image.x = x - viewport_.image.w / 2;
    viewport_.image.y = y - viewport_.image.h / 2;
    follow_ = false;
  }
}

void XrayPane::draw_lens(touch::Ui& ui, const Rect& place, imaging::ImagePoint at, float factor) {
  if (!has_picture()) return;
  const double w = place.w / viewport_.scale_x() / factor, h = place.h / viewport_.scale_y() / factor;
  const Viewport part{{at.x - w / 2, at.y - h / 2, w, h}, whole(place.w), whole(place.h)};
  // The lens shows the tones of the picture around it: a window of its own would make another grey of the same cargo.
  const auto kept = options;
  const auto around = window();
  if (!options.window_lo) options.window_lo = around.lo;
  if (!options.window_hi) options.window_hi = around.hi;
  lens_texture_ = rendered(slot_ + ".lens", part, lens_drawn_, lens_texture_, small_renderer_);
  options = kept;
  ui.paint().picture(place, lens_texture_);
}

void XrayPane::fit() {
  fit_wanted_ = true;
  follow_ = false;
}

void XrayPane::zoom(double factor) {
  if (!viewport_.valid()) return;
  if (factor > 1 && viewport_.scale_x() * factor > kNearest) return;
  follow_ = false;
  viewport_ = viewport_.zoomed(factor, {viewport_.width / 2.0, viewport_.height / 2.0});
}

void XrayPane::center_on(const imaging::Rect& part) {
  if (!viewport_.valid()) return;
  follow_ = false;
  const double scale =
      std::clamp(std::min(viewport_.width / (part.w * 4.0 + 1), viewport_.height / (part.h * 3.0 + 1)),
                 viewport_.height / (view() ? view()->rows * 1.2 : 1e9), kNearest / 3);
  const double w = viewport_.width / scale, h = viewport_.height / scale;
  viewport_.image = {part.x + part.w / 2.0 - w / 2, part.y + part.h / 2.0 - h / 2, w, h};
}

void XrayPane::show_part(const imaging::ImageRect& part) {
  if (!viewport_.valid()) return;
  viewport_.image = part;
  fit_wanted_ = follow_ = false;
}

imaging::ImagePoint XrayPane::to_image(touch::Point screen) const {
  return viewport_.to_image({screen.x - area_.x, screen.y - area_.y});
}

touch::Point XrayPane::to_screen(imaging::ImagePoint p) const {
  const auto v = viewport_.to_view(p);
  return {static_cast<float>(v.x) + area_.x, static_cast<float>(v.y) + area_.y};
}

Rect XrayPane::to_screen(const imaging::Rect& r) const {
  const auto a = to_screen(imaging::ImagePoint{static_cast<double>(r.x), static_cast<double>(r.y)});
  const auto b = to_screen(imaging::ImagePoint{static_cast<double>(r.right()), static_cast<double>(r.bottom())});
  return {a.x, a.y, b.x - a.x, b.y - a.y};
}

const std::vector<float>& XrayPane::histogram() {
  if (!has_picture() || !viewport_.valid()) {
    histogram_.clear();
    return histogram_;
  }
  Drawn now = key(viewport_);
  now.options = {};
  if (now == histogram_of_ && !histogram_.empty()) return histogram_;
  histogram_of_ = now;
  const auto h = imaging::histogram(*view(), viewport_, options.source);
  std::uint32_t most = 1;
  for (const auto bin : h.bins)
    most = std::max(most, bin);
  histogram_.assign(imaging::Histogram::kBins, 0);
  // The root keeps thin cargo visible beside the peak of the open beam.
  for (std::size_t i = 0; i < histogram_.size(); ++i)
    histogram_[i] = std::pow(static_cast<float>(h.bins[i]) / static_cast<float>(most), 0.35F);
  return histogram_;
}

}  // namespace torugart::screens
