// The seam for other formats: a customs union or vendor format is one class with this interface and one line in
// writers(). DICOS and 16-bit PNG and TIFF pairs are built in.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/core/error.h"
#include "imaging/core/scan_image.h"
#include "imaging/files/metadata.h"

namespace torugart::imaging {

class WriterSeam {
 public:
  virtual ~WriterSeam() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;       // "dicos"
  [[nodiscard]] virtual std::string_view extension() const = 0;  // ".dcs"
  // Writes the picture as one or more files beside `file` and returns their names.
  [[nodiscard]] virtual Result<std::vector<std::filesystem::path>> write(const ScanImage& image,
                                                                         const ScanMetadata& metadata,
                                                                         const std::filesystem::path& file) const = 0;
};

// All writers; the first whose extension fits is taken. Lives as long as the program.
[[nodiscard]] const std::vector<std::unique_ptr<WriterSeam>>& writers();
[[nodiscard]] const WriterSeam* writer_for(const std::filesystem::path& file);

// RGBA or grey pictures for people, as 8-bit PNG; same temp-and-rename as everything here.
[[nodiscard]] Result<void> write_png(const RasterRgba& picture, const std::filesystem::path& file);
[[nodiscard]] Result<void> write_png(const Raster<std::uint8_t>& picture, const std::filesystem::path& file);
[[nodiscard]] Result<void> write_png(const Raster16& picture, const std::filesystem::path& file);

}  // namespace torugart::imaging
