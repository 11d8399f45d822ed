#include <fmt/format.h>

#include <utility>

#include "kiosk/platform/gl.h"
#include "kiosk/platform/window.h"

namespace torugart::platform {
namespace {

constexpr int largest_side = 8192;

tl::unexpected<Error> refused(std::string what) {
  return tl::make_unexpected(Error{Error::Code::texture, std::move(what), "texture", ""});
}

}  // namespace

Texture::~Texture() {
  // after the window is gone so are its textures
  if (id_ != 0 && gl().loaded) gl().DeleteTextures(1, &id_);
}

Texture::Texture(Texture&& other) noexcept {
  *this = std::move(other);
}

Texture& Texture::operator=(Texture&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(width_, other.width_);
  std::swap(height_, other.height_);
  std::swap(bytes_uploaded_, other.bytes_uploaded_);
  return *this;
}

Result<void> Texture::update(std::span<const std::uint8_t> rgba, int width, int height, std::size_t stride_bytes) {
  if (!gl().loaded) return refused("There is no window to upload a picture to");
  if (width < 1 || height < 1 || width > largest_side || height > largest_side)
    return refused(fmt::format("A picture of {} x {} cannot be shown; 1 to {} can", width, height, largest_side));
  const std::size_t row = static_cast<std::size_t>(width) * 4;
  const std::size_t stride = stride_bytes == 0 ? row : stride_bytes;
  if (stride < row || stride % 4 != 0 || rgba.size() < stride * static_cast<std::size_t>(height - 1) + row)
    return refused(fmt::format("{} bytes are too few for {} x {} pixels", rgba.size(), width, height));
  if (id_ != 0 && width == width_ && height == height_) return update_part(rgba, stride, 0, 0, width, height);

  const Gl& g = gl();
  if (id_ == 0) g.GenTextures(1, &id_);
  g.BindTexture(GL_TEXTURE_2D, id_);
  g.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  g.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  g.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  g.TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  g.PixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(stride / 4));
  while (g.GetError() != GL_NO_ERROR) {
  }
  g.TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
  g.PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  if (const GLenum error = g.GetError(); error != GL_NO_ERROR)
    return refused(
        fmt::format("The graphics driver refused a picture of {} x {} (GL error {:#x})", width, height, error));
  width_ = width, height_ = height;
  ++gl().versions[id_];
  bytes_uploaded_ += row * static_cast<std::size_t>(height);
  return {};
}

Result<void> Texture::update_part(std::span<const std::uint8_t> rgba, std::size_t stride_bytes, int x, int y, int w,
                                  int h) {
  if (!gl().loaded || id_ == 0) return refused("A part of a picture was given before the picture");
  if (x < 0 || y < 0 || w < 1 || h < 1 || x + w > width_ || y + h > height_)
    return refused(fmt::format("The part {},{} {} x {} lies outside of {} x {}", x, y, w, h, width_, height_));
  const std::size_t stride = stride_bytes == 0 ? static_cast<std::size_t>(width_) * 4 : stride_bytes;
  const std::size_t first = stride * static_cast<std::size_t>(y) + static_cast<std::size_t>(x) * 4;
  const std::size_t needed = first + stride * static_cast<std::size_t>(h - 1) + static_cast<std::size_t>(w) * 4;
  if (stride % 4 != 0 || rgba.size() < needed)
    return refused("The picture is shorter than the part that is asked for");
  const Gl& g = gl();
  g.BindTexture(GL_TEXTURE_2D, id_);
  g.PixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(stride / 4));
  g.TexSubImage2D(GL_TEXTURE_2D, 0, x, y, w, h, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data() + first);
  g.PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  ++gl().versions[id_];
  bytes_uploaded_ += static_cast<std::uint64_t>(w) * static_cast<std::uint64_t>(h) * 4;
  return {};
}

}  // namespace torugart::platform
