#include "kiosk/central_dev/file_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "base/disk/disk.h"
#include "kiosk/central_dev/signer.h"

namespace torugart::central_dev {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMaxFile = std::int64_t{4} << 30;

std::string sha256_of_file(const std::string& path) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::ifstream file(path, std::ios::binary);
  std::array<char, 1 << 16> piece{};
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0)
    EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(file.gcount()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  std::string hex;
  for (unsigned i = 0; i < size; ++i)
    hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

// "sha256 <base64>,role <base64>,empty" -> names and decoded values; nothing when a value is no base64.
std::optional<std::map<std::string, std::string>> metadata_of(const std::string& header) {
  std::map<std::string, std::string> out;
  std::istringstream pairs(header);
  for (std::string pair; std::getline(pairs, pair, ',');) {
    const auto space = pair.find(' ');
    std::string value;
    if (space != std::string::npos && !from_base64(pair.substr(space + 1), value)) return std::nullopt;
    out[pair.substr(0, space)] = value;
  }
  return out;
}

std::int64_t size_of(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace

FileStore::FileStore(std::string folder) : folder_(std::move(folder)) {
  fs::create_directories(folder_ + "/files");
}

FileStore::Begun FileStore::begin(const std::string& lane, std::int64_t length, const std::string& header) {
  Begun out;
  const auto refuse = [&](int status, const std::string& detail) {
    out.refused = problem_reply(status, status == 413 ? "too-large" : "invalid", "The upload was not begun", detail);
    return out;
  };
  if (length < 0) return refuse(400, "Upload-Length is missing or no number");
  if (length > kMaxFile) return refuse(413, "At most 4 GiB a file");
  const auto metadata = metadata_of(header);
  if (!metadata) return refuse(400, "Upload-Metadata cannot be read");
  const auto value = [&](const char* name) { return metadata->contains(name) ? metadata->at(name) : std::string(); };
  out.id = value("sha256");
  if (out.id.size() != 64 || out.id.find_first_not_of("0123456789abcdef") != std::string::npos)
    return refuse(400, "Upload-Metadata has no sha256 of 64 lower-case hex digits");
  if (value("lane") != lane) return refuse(400, "Upload-Metadata names another lane than the certificate");

  const std::lock_guard lock(mutex_);
  if (!fs::exists(path(out.id, ".json"))) {
    const nlohmann::json about{{"length", length},
                               {"lane", lane},
                               {"crossing", value("crossing")},
                               {"role", value("role")},
                               {"filetype", value("filetype")}};
    if (!disk::replace(path(out.id, ".json"), about.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)))
      return refuse(507, "The centre's disk is full or failing");
  }
  out.held = *held(out.id);
  if (out.held.length != length) return refuse(409, "This file was announced before with another length");
  if (length == 0 && !out.held.complete) {
    if (sha256_hex("") != out.id) return refuse(400, "An empty file does not have this hash");
    disk::replace(path(out.id, ""), "");
  }
  return out;
}

std::optional<Held> FileStore::held(const std::string& id) const {
  const auto about = nlohmann::json::parse(disk::text_of(path(id, ".json")), nullptr, false);
  if (!about.is_object() || !about.contains("length")) return std::nullopt;
  Held out;
  out.length = about["length"].get<std::int64_t>();
  out.complete = fs::exists(path(id, ""));
  out.offset = out.complete ? out.length : size_of(path(id, ".part"));
  return out;
}

FileStore::Patched FileStore::append(const std::string& id, std::int64_t offset,
                                     const std::function<bool(const Sink&)>& pull) {
  Patched out;
  const auto refuse = [&](int status, const std::string& type, const std::string& detail) {
    out.refused = problem_reply(status, type, "Nothing was written", detail);
    return out;
  };
  {
    const std::lock_guard lock(mutex_);
    if (!busy_.insert(id).second) return refuse(423, "busy", "Another request writes to this upload");
  }
  struct Leave {
    FileStore& store;
    const std::string& id;
    ~Leave() {
      const std::lock_guard lock(store.mutex_);
      store.busy_.erase(id);
    }
  } const leave{*this, id};

  const auto now = held(id);
  if (!now) return refuse(404, "unknown-upload", "No such upload");
  if (now->complete || now->offset != offset)
    return refuse(409, "offset", fmt::format("Upload-Offset is {}, {} bytes are held", offset, now->offset));
  const int fd = ::open(path(id, ".part").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return refuse(507, "storage", "The centre's disk is full or failing");
  auto at = offset;
  bool too_long = false, disk_failed = false;
  pull([&](const char* data, std::size_t size) {
    if (at + static_cast<std::int64_t>(size) > now->length) return !(too_long = true);
    if (::write(fd, data, size) != static_cast<ssize_t>(size)) return !(disk_failed = true);
    at += static_cast<std::int64_t>(size);
    return true;
  });
  disk_failed = ::fsync(fd) != 0 || disk_failed;
  ::close(fd);
  if (disk_failed) return refuse(507, "storage", "The centre's disk is full or failing");
  if (too_long) return refuse(400, "invalid", "More bytes than Upload-Length");
  out.offset = at;
  if (at < now->length) return out;
  // tus servers need not look at what they store; a receipt must be able to rely on it
  if (sha256_of_file(path(id, ".part")) != id) {
    fs::remove(path(id, ".part"));
    fs::remove(path(id, ".json"));
    return refuse(460, "checksum", "What arrived does not have the announced SHA-256; begin again");
  }
  if (!disk::put_in_place(path(id, ".part"), path(id, "")))
    return refuse(507, "storage", "The centre's disk is full or failing");
  return out;
}

bool FileStore::complete(const std::string& sha256) const {
  return fs::exists(path(sha256, ""));
}

}  // namespace torugart::central_dev
