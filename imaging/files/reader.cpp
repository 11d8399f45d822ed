#include "imaging/files/reader.h"

#include <opencv2/core/mat.hpp>
#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <vector>

#include <fmt/core.h>

#include "imaging/files/dicom_reader.h"

namespace torugart::imaging {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint32_t big32(Bytes b, std::size_t at) {
  return static_cast<std::uint32_t>(b[at]) << 24U | static_cast<std::uint32_t>(b[at + 1]) << 16U |
         static_cast<std::uint32_t>(b[at + 2]) << 8U | b[at + 3];
}

bool starts_with(Bytes bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

struct Size {
  std::uint64_t width = 0, height = 0;
};

// Width and height as the header says, before any library takes memory for them.
Result<Size> png_size(Bytes b, const std::string& name) {
  if (b.size() < 33 || !std::equal(b.begin() + 12, b.begin() + 16, "IHDR")) {
    return fail(ErrorCode::bad_file, name, "the PNG header (IHDR at byte 12) is missing", "copy the file again");
  }
  return Size{big32(b, 16), big32(b, 20)};
}

Result<Size> tiff_size(Bytes b, const std::string& name) {
  const bool little = b[0] == 'I';
  const auto number = [&](std::size_t at, unsigned bytes) {
    std::uint32_t v = 0;
    for (unsigned i = 0; i < bytes; ++i) {
      v |= static_cast<std::uint32_t>(b[at + i]) << (8U * (little ? i : bytes - 1 - i));
    }
    return v;
  };
  const auto torn = [&](std::size_t at) {
    return fail(ErrorCode::bad_file, name, fmt::format("the TIFF directory at byte {} lies past the file's end", at),
                "copy the file again");
  };
  if (b.size() < 8) return torn(4);
  const std::size_t directory = number(4, 4);
  if (directory + 2 > b.size()) return torn(directory);
  const std::size_t entries = number(directory, 2);
  if (directory + 2 + entries * 12 > b.size()) return torn(directory);
  Size out;
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = directory + 2 + i * 12;
    const std::uint32_t tag = number(at, 2);
    const std::uint32_t type = number(at + 2, 2);
    const std::uint32_t value = type == 3 ? number(at + 8, 2) : number(at + 8, 4);
    if (tag == 256) out.width = value;
    if (tag == 257) out.height = value;
  }
  return out;
}

Result<Plane> decode_picture(Bytes bytes, FileFormat format, const std::string& name, const ReadLimits& limits) {
  const auto size = format == FileFormat::png ? png_size(bytes, name) : tiff_size(bytes, name);
  if (!size) return tl::unexpected<Error>(size.error());
  if (size->width == 0 || size->height == 0 || size->width > 1'000'000 || size->height > 1'000'000) {
    return fail(ErrorCode::bad_file, name, fmt::format("it says it has {} x {} pixels", size->width, size->height));
  }
  if (static_cast<std::int64_t>(size->width * size->height) > limits.max_pixels) {
    return fail(
        ErrorCode::too_large, name,
        fmt::format("{} x {} pixels are more than the {} allowed", size->width, size->height, limits.max_pixels));
  }
  // The whole file must be able to hold that: deflate packs at most about 1,030 to 1.
  if (size->width * size->height / 2000 > bytes.size()) {
    return fail(ErrorCode::bad_file, name,
                fmt::format("{} bytes cannot hold {} x {} pixels", bytes.size(), size->width, size->height));
  }
  cv::Mat picture;
  try {
    const cv::Mat packed(1, static_cast<int>(bytes.size()), CV_8U, const_cast<std::uint8_t*>(bytes.data()));
    picture = cv::imdecode(packed, cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception& e) {
    return fail(ErrorCode::bad_file, name, fmt::format("it cannot be decoded: {}", e.err), "copy the file again");
  }
  if (picture.empty()) {
    return fail(ErrorCode::bad_file, name, "it cannot be decoded: damaged or cut off", "copy the file again");
  }
  if (picture.channels() != 1 || (picture.depth() != CV_16U && picture.depth() != CV_8U)) {
    return fail(ErrorCode::unsupported, name,
                fmt::format("{} channels of depth code {}; a scan has one channel of 8 or 16 bits",
                            picture.channels(), picture.depth()),
                "export it as 16-bit grey");
  }
  Plane out;
  out.format = format;
  out.bits = picture.depth() == CV_16U ? 16 : 8;
  out.pixels = Raster16(picture.cols, picture.rows);
  for (int y = 0; y < picture.rows; ++y) {
    auto to = out.pixels.row(y);
    if (out.bits == 16) {
      std::copy_n(picture.ptr<std::uint16_t>(y), picture.cols, to.begin());
    } else {
      std::copy_n(picture.ptr<std::uint8_t>(y), picture.cols, to.begin());
    }
  }
  return out;
}

}  // namespace

const char* to_string(FileFormat format) {
  switch (format) {
    case FileFormat::dicos:
      return "DICOS";
    case FileFormat::dicom:
      return "DICOM";
    case FileFormat::png:
      return "PNG";
    case FileFormat::tiff:
      return "TIFF";
  }
  return "unknown";
}

Result<Plane> read_plane(Bytes bytes, const std::string& name, const ReadLimits& limits) {
  try {
    if (bytes.size() > limits.max_bytes || bytes.size() > 0x7FFFFFFFU) {
      return fail(ErrorCode::too_large, name,
                  fmt::format("{} bytes are more than the {} allowed", bytes.size(), limits.max_bytes));
    }
    if (bytes.size() < 16)
      return fail(ErrorCode::bad_file, name, fmt::format("{} bytes are no picture", bytes.size()));
    if (starts_with(bytes, "\x89PNG\r\n\x1A\n")) return decode_picture(bytes, FileFormat::png, name, limits);
    if (starts_with(bytes, std::string_view("II*\0", 4)) || starts_with(bytes, std::string_view("MM\0*", 4))) {
      return decode_picture(bytes, FileFormat::tiff, name, limits);
    }
    if (bytes.size() > 132 && std::memcmp(bytes.data() + 128, "DICM", 4) == 0) {
      return detail::decode_dicom(bytes, name, limits);
    }
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::out_of_memory, name, "not enough memory for the size it says it has");
  } catch (const std::exception& e) {
    return fail(ErrorCode::bad_file, name, e.what(), "copy the file again");
  }
  return fail(ErrorCode::unsupported, name, "it is neither DICOM (DICM at byte 128) nor PNG nor TIFF",
              "give a DICOS or DICOM file, or 16-bit PNG or TIFF");
}

Result<Plane> read_plane(const std::filesystem::path& file, const ReadLimits& limits) {
  const std::string name = file.string();
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return fail(ErrorCode::not_found, name, "there is no such file");
  }
  const std::uint64_t size = std::filesystem::file_size(file, error);
  if (error) return fail(ErrorCode::not_found, name, error.message());
  if (size > limits.max_bytes) {
    return fail(ErrorCode::too_large, name,
                fmt::format("{} bytes are more than the {} allowed", size, limits.max_bytes));
  }
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in || static_cast<std::uint64_t>(in.gcount()) != size) {
    return fail(ErrorCode::bad_file, name, fmt::format("only {} of {} bytes could be read", in.gcount(), size),
                "check the disk and the permissions");
  }
  return read_plane(Bytes(bytes), name, limits);
}

}  // namespace torugart::imaging
