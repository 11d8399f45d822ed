#include <stb_image_write.h>

#include "kiosk/platform/window.h"

namespace torugart::platform {

Result<void> write_png(const std::string& path, std::span<const std::uint8_t> rgba, int width, int height) {
  const bool enough = width > 0 && height > 0 &&
                      rgba.size() >= static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  // a screenshot is written while the screen is in use: quick before small
  stbi_write_png_compression_level = 4;
  if (!enough || stbi_write_png(path.c_str(), width, height, 4, rgba.data(), width * 4) == 0)
    return tl::make_unexpected(Error{Error::Code::file, "The screenshot could not be written", path,
                                     "Check that the folder exists and that there is space"});
  return {};
}

}  // namespace torugart::platform
