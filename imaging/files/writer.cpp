#include "imaging/files/writer.h"

#include <opencv2/core/mat.hpp>
#include <opencv2/imgcodecs.hpp>

#include <fmt/core.h>

#include "imaging/files/atomic_file.h"
#include "imaging/files/dicos.h"

namespace torugart::imaging {
namespace {

Result<void> write_picture(const cv::Mat& picture, const std::filesystem::path& file) {
  if (picture.empty()) return fail(ErrorCode::bad_argument, file.string(), "the picture is empty");
  auto bytes = detail::write_atomically(file, [&](const std::filesystem::path& temporary) -> Result<void> {
    try {
      if (cv::imwrite(temporary.string(), picture)) return {};
      return fail(ErrorCode::write_failed, file.string(), "it cannot be written", "check free space and permissions");
    } catch (const cv::Exception& e) {
      return fail(ErrorCode::write_failed, file.string(), e.err,
                  "check the file's ending, free space and permissions");
    }
  });
  if (!bytes) return tl::unexpected<Error>(std::move(bytes.error()));
  return {};
}

template <class T>
cv::Mat wrap(const Raster<T>& picture, int type) {
  return {picture.height(), picture.width(), type, const_cast<T*>(picture.samples().data())};
}

std::filesystem::path beside(const std::filesystem::path& file, std::string_view suffix) {
  return file.parent_path() / fmt::format("{}{}{}", file.stem().string(), suffix, file.extension().string());
}

class PairWriter : public WriterSeam {
 public:
  PairWriter(std::string_view name, std::string_view extension) : name_(name), extension_(extension) {}
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string_view extension() const override { return extension_; }
  [[nodiscard]] Result<std::vector<std::filesystem::path>> write(const ScanImage& image, const ScanMetadata&,
                                                                 const std::filesystem::path& file) const override {
    std::vector<std::filesystem::path> out;
    for (const Energy energy : {Energy::high, Energy::low}) {
      if (energy == Energy::low && !image.view.has_low) continue;
      // A single plane keeps the name that was asked for.
      out.push_back(!image.view.has_low ? file : beside(file, energy == Energy::high ? "-high" : "-low"));
      const Raster16 plane = to_raster(image.view, energy);
      if (auto done = write_picture(wrap(plane, CV_16UC1), out.back()); !done) {
        return tl::unexpected<Error>(std::move(done.error()));
      }
    }
    return out;
  }

 private:
  std::string_view name_, extension_;
};

class DicosWriter : public WriterSeam {
 public:
  [[nodiscard]] std::string_view name() const override { return "dicos"; }
  [[nodiscard]] std::string_view extension() const override { return ".dcs"; }
  [[nodiscard]] Result<std::vector<std::filesystem::path>> write(const ScanImage& image, const ScanMetadata& metadata,
                                                                 const std::filesystem::path& file) const override {
    auto stored = write_dicos(image, metadata, file.parent_path(), file.stem().string());
    if (!stored) return tl::unexpected<Error>(std::move(stored.error()));
    std::vector<std::filesystem::path> out;
    for (const StoredObject& object : *stored)
      out.push_back(object.file);
    return out;
  }
};

}  // namespace

const std::vector<std::unique_ptr<WriterSeam>>& writers() {
  static const std::vector<std::unique_ptr<WriterSeam>> kWriters = [] {
    std::vector<std::unique_ptr<WriterSeam>> out;
    out.push_back(std::make_unique<DicosWriter>());
    out.push_back(std::make_unique<PairWriter>("png", ".png"));
    out.push_back(std::make_unique<PairWriter>("tiff", ".tiff"));
    out.push_back(std::make_unique<PairWriter>("tiff", ".tif"));
    return out;
  }();
  return kWriters;
}

const WriterSeam* writer_for(const std::filesystem::path& file) {
  for (const auto& writer : writers()) {
    if (file.extension() == writer->extension()) return writer.get();
  }
  return nullptr;
}

Result<void> write_png(const RasterRgba& picture, const std::filesystem::path& file) {
  // PNG wants B, G, R in OpenCV's order; the alpha of a finished picture is always 255 and is left out.
  cv::Mat bgr(picture.height(), picture.width(), CV_8UC3);
  for (int y = 0; y < picture.height(); ++y) {
    auto* to = bgr.ptr<std::uint8_t>(y);
    for (const std::uint32_t v : picture.row(y)) {
      *to++ = static_cast<std::uint8_t>(v >> 16U);
      *to++ = static_cast<std::uint8_t>(v >> 8U);
      *to++ = static_cast<std::uint8_t>(v);
    }
  }
  return write_picture(bgr, file);
}

Result<void> write_png(const Raster<std::uint8_t>& picture, const std::filesystem::path& file) {
  return write_picture(wrap(picture, CV_8UC1), file);
}

Result<void> write_png(const Raster16& picture, const std::filesystem::path& file) {
  return write_picture(wrap(picture, CV_16UC1), file);
}

}  // namespace torugart::imaging
