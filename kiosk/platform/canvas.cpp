#include "kiosk/platform/canvas.h"

#include <backends/imgui_impl_opengl3.h>

#include <algorithm>
#include <cstring>

#include "kiosk/platform/gl.h"

namespace torugart::platform {
namespace {

/// The draw data's clip rectangles cut with one part of the screen, and put back afterwards.
class CutClips {
 public:
  CutClips(ImDrawData& data, const PixelRect& part) : data_(data) {
    const auto l = static_cast<float>(part.x), t = static_cast<float>(part.y);
    const auto r = static_cast<float>(part.x + part.w), b = static_cast<float>(part.y + part.h);
    for (int i = 0; i < data.CmdListsCount; ++i)
      for (ImDrawCmd& command : data.CmdLists[i]->CmdBuffer) {
        kept_.push_back(command.ClipRect);
        ImVec4& c = command.ClipRect;
        c = {std::max(c.x, l), std::max(c.y, t), std::min(c.z, r), std::min(c.w, b)};
        // the backend skips what is empty
        if (c.z <= c.x || c.w <= c.y) c = {0, 0, 0, 0};
      }
  }
  ~CutClips() {
    std::size_t at = 0;
    for (int i = 0; i < data_.CmdListsCount; ++i)
      for (ImDrawCmd& command : data_.CmdLists[i]->CmdBuffer)
        command.ClipRect = kept_[at++];
  }
  CutClips(const CutClips&) = delete;
  CutClips& operator=(const CutClips&) = delete;

 private:
  ImDrawData& data_;
  std::vector<ImVec4> kept_;
};

std::uint64_t salt_of(const float clear[3]) {
  std::uint64_t out = 1;
  for (int i = 0; i < 3; ++i)
    out = out * 257 + static_cast<std::uint64_t>(clear[i] * 255.0F + 0.5F);
  return out;
}

}  // namespace

Canvas::~Canvas() {
  destroy();
}

void Canvas::destroy() {
  const Gl& g = gl();
  if (!g.loaded) return;
  if (buffer_ != 0) g.DeleteFramebuffers(1, &buffer_);
  if (texture_ != 0) g.DeleteTextures(1, &texture_);
  buffer_ = texture_ = 0;
}

bool Canvas::resize(int width, int height) {
  if (width == width_ && height == height_ && buffer_ != 0) return true;
  destroy();
  damage_.forget();
  width_ = width, height_ = height;
  const Gl& g = gl();
  g.GenTextures(1, &texture_);
  g.BindTexture(GL_TEXTURE_2D, texture_);
  g.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  g.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  g.TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  g.GenFramebuffers(1, &buffer_);
  g.BindFramebuffer(GL_FRAMEBUFFER, buffer_);
  g.FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture_, 0);
  const bool complete = g.CheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
  g.BindFramebuffer(GL_FRAMEBUFFER, 0);
  return complete;
}

std::uint64_t Canvas::draw(ImDrawData& data, const float clear[3]) {
  const Gl& g = gl();
  const auto version = [&g](ImTextureID id) {
    const auto it = g.versions.find(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(id)));
    return it == g.versions.end() ? std::uint64_t{0} : it->second;
  };
  const std::vector<PixelRect> parts = damage_.update(data, width_, height_, salt_of(clear), version);
  if (parts.empty()) return 0;
  std::uint64_t pixels = 0;
  g.BindFramebuffer(GL_FRAMEBUFFER, buffer_);
  g.Viewport(0, 0, width_, height_);
  g.ClearColor(clear[0], clear[1], clear[2], 1);
  for (const PixelRect& part : parts) {
    g.Enable(GL_SCISSOR_TEST);
    g.Scissor(part.x, height_ - part.y - part.h, part.w, part.h);
    g.Clear(GL_COLOR_BUFFER_BIT);
    g.Disable(GL_SCISSOR_TEST);
    const CutClips cut(data, part);
    ImGui_ImplOpenGL3_RenderDrawData(&data);
    pixels += static_cast<std::uint64_t>(part.w) * static_cast<std::uint64_t>(part.h);
  }
  g.BindFramebuffer(GL_FRAMEBUFFER, 0);
  return pixels;
}

void Canvas::show() const {
  const Gl& g = gl();
  g.BindFramebuffer(GL_READ_FRAMEBUFFER, buffer_);
  g.BindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
  g.BlitFramebuffer(0, 0, width_, height_, 0, 0, width_, height_, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  g.BindFramebuffer(GL_FRAMEBUFFER, 0);
}

void Canvas::read(std::vector<std::uint8_t>& bottom_up) const {
  const Gl& g = gl();
  bottom_up.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 4);
  g.BindFramebuffer(GL_FRAMEBUFFER, buffer_);
  g.PixelStorei(GL_PACK_ALIGNMENT, 1);
  g.ReadPixels(0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE, bottom_up.data());
  g.BindFramebuffer(GL_FRAMEBUFFER, 0);
}

}  // namespace torugart::platform
