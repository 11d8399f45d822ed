#include "ocr/find/model_file.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <optional>

#include <fmt/format.h>

namespace torugart::ocr {
namespace {

constexpr std::uintmax_t largest_model = 32ULL << 20U;
constexpr std::size_t digest_length = 64;  // hexadecimal

std::string sha256(const std::vector<unsigned char>& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) return {};
  std::string hex;
  for (unsigned i = 0; i < length; ++i)
    hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

// True if `sums` has no line for the file, or one that agrees.
bool agrees(std::istream& sums, const ModelFile& file) {
  const std::string name = file.path.filename().string();
  for (std::string line; std::getline(sums, line);) {
    if (line.size() < digest_length + 3 || line.substr(digest_length + 2) != name) continue;
    return line.substr(0, digest_length) == sha256(file.bytes);
  }
  return true;
}

// Fields of a protobuf message must end exactly where the file does, and ONNX has its graph in field 7. OpenCV's own
// parser takes some torn files for models and then fails in odd places.
bool whole_onnx(const std::vector<unsigned char>& bytes) {
  std::size_t at = 0;
  bool graph = false;
  const auto varint = [&]() -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
      const unsigned char byte = bytes[at++];
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    return std::nullopt;
  };
  while (at < bytes.size()) {
    const auto key = varint();
    if (!key) return false;
    std::uint64_t skip = 0;
    switch (*key & 7U) {
      case 0:
        if (!varint()) return false;
        break;
      case 1:
        skip = 8;
        break;
      case 2: {
        const auto length = varint();
        if (!length) return false;
        skip = *length;
        break;
      }
      case 5:
        skip = 4;
        break;
      default:
        return false;
    }
    if (skip > bytes.size() - at) return false;
    at += static_cast<std::size_t>(skip);
    graph = graph || *key >> 3U == 7;
  }
  return graph;
}

}  // namespace

Error broken_model(std::string what, const std::filesystem::path& path) {
  return {std::move(what), path.string(), "Restore assets/models from the package, or train again (ocr/training)"};
}

tl::expected<ModelFile, Error> read_listed(const std::filesystem::path& path, std::uintmax_t largest) {
  const auto error = [&path](const char* what) { return tl::unexpected(broken_model(what, path)); };
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return error("The file is missing");
  const auto size = std::filesystem::file_size(path, failed);
  if (failed || size > largest) return error("The file is larger than any of its kind");
  ModelFile file{path, std::vector<unsigned char>(static_cast<std::size_t>(size))};
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(file.bytes.data()), static_cast<std::streamsize>(size));
  if (!in) return error("The file cannot be read");
  std::ifstream sums(path.parent_path() / "SHA256SUMS");
  if (sums && !agrees(sums, file)) return error("The file is damaged: SHA256SUMS beside it says otherwise");
  return file;
}

tl::expected<ModelFile, Error> read_model(const std::filesystem::path& path) {
  auto file = read_listed(path, largest_model);
  if (file && !whole_onnx(file->bytes))
    return tl::unexpected(broken_model("The file is cut off or no ONNX model", path));
  return file;
}

}  // namespace torugart::ocr
