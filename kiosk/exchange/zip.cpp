#include "kiosk/exchange/zip.h"

#include <array>
#include <limits>
#include <ostream>

namespace torugart::exchange {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50;
constexpr std::uint32_t kVersion = 10, kDate = 0x21;  // 1980-01-01
constexpr std::uint32_t kMaxFiles = 65'000;
constexpr std::size_t kMaxName = 512;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t c = n;
    for (int k = 0; k < 8; ++k)
      c = (c & 1U) != 0 ? 0xedb88320U ^ (c >> 1U) : c >> 1U;
    table[n] = c;
  }
  return table;
}
constexpr auto kCrc = make_crc_table();

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t c = 0xffffffffU;
  for (const char b : bytes)
    c = kCrc[(c ^ static_cast<unsigned char>(b)) & 0xffU] ^ (c >> 8U);
  return c ^ 0xffffffffU;
}

void put16(std::string& out, std::uint32_t value) {
  out += static_cast<char>(value & 0xffU);
  out += static_cast<char>((value >> 8U) & 0xffU);
}
void put32(std::string& out, std::uint32_t value) {
  put16(out, value & 0xffffU);
  put16(out, value >> 16U);
}
std::uint32_t get32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;)
    value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// What a local header and an entry of the directory have in common.
void put_common(std::string& out, std::string_view name, std::uint32_t crc, std::uint32_t size) {
  put16(out, kVersion);
  put16(out, 0);  // flags
  put16(out, 0);  // stored
  put16(out, 0);  // time
  put16(out, kDate);
  put32(out, crc);
  put32(out, size);
  put32(out, size);
  put16(out, static_cast<std::uint32_t>(name.size()));
  put16(out, 0);  // extra field
}

std::string local_header(std::string_view name, std::uint32_t crc, std::uint32_t size) {
  std::string out;
  put32(out, kLocal);
  put_common(out, name, crc, size);
  return out.append(name);
}

std::string directory_entry(std::string_view name, std::uint32_t crc, std::uint32_t size, std::uint32_t at) {
  std::string out;
  put32(out, kCentral);
  put16(out, kVersion);
  put_common(out, name, crc, size);
  put16(out, 0);  // comment
  put16(out, 0);  // disk
  put16(out, 0);  // internal attributes
  put32(out, 0);  // external attributes
  put32(out, at);
  return out.append(name);
}

std::string directory_end(std::uint32_t files, std::uint32_t bytes, std::uint32_t at) {
  std::string out;
  put32(out, kEnd);
  put32(out, 0);  // disks
  put16(out, files);
  put16(out, files);
  put32(out, bytes);
  put32(out, at);
  put16(out, 0);  // comment
  return out;
}

bool good_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName || name.front() == '/' || name.find("..") != std::string_view::npos)
    return false;
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
          c == '_' || c == '/'))
      return false;
  return true;
}

std::size_t first_difference(std::string_view a, std::string_view b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at])
    ++at;
  return at;
}

}  // namespace

bool ZipWriter::add(std::string_view name, std::string_view bytes) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
  if (!good_name(name) || files_ >= kMaxFiles || at_ + bytes.size() + directory_.size() + 4 * kMaxName > kMax)
    return false;
  const auto crc = crc32(bytes);
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const auto header = local_header(name, crc, size);
  directory_ += directory_entry(name, crc, size, static_cast<std::uint32_t>(at_));
  out_ << header;
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  at_ += header.size() + bytes.size();
  ++files_;
  return static_cast<bool>(out_);
}

bool ZipWriter::finish() {
  out_ << directory_
       << directory_end(files_, static_cast<std::uint32_t>(directory_.size()), static_cast<std::uint32_t>(at_));
  return static_cast<bool>(out_);
}

ZipContent read_zip(std::string_view archive) {
  constexpr std::size_t kHeader = 30, kCrcAt = 14, kSizeAt = 18, kNameAt = 26;
  ZipContent content;
  std::string directory;
  std::size_t at = 0;
  while (archive.size() - at >= kHeader && get32(archive, at) == kLocal) {
    const std::size_t size = get32(archive, at + kSizeAt);
    const std::size_t name_size = get32(archive, at + kNameAt) & 0xffffU;
    const std::size_t room = archive.size() - at - kHeader;
    if (name_size > kMaxName || name_size > room || size > room - name_size) {
      content.wrong_at = at + kSizeAt;
      return content;
    }
    const auto name = archive.substr(at + kHeader, name_size);
    const auto bytes = archive.substr(at + kHeader + name_size, size);
    const auto crc = crc32(bytes);
    const auto expected = local_header(name, crc, static_cast<std::uint32_t>(size));
    if (!good_name(name) || archive.substr(at, expected.size()) != expected) {
      const auto difference = first_difference(archive.substr(at, expected.size()), expected);
      // Where the sum is wrong, it is the content as likely as the sum.
      content.wrong_at = at + (difference >= kCrcAt && difference < kSizeAt ? kHeader + name_size : difference);
      return content;
    }
    directory += directory_entry(name, crc, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(at));
    content.entries.push_back({std::string(name), bytes});
    at += expected.size() + size;
    if (content.entries.size() > kMaxFiles) {
      content.wrong_at = at;
      return content;
    }
  }
  const auto end =
      directory + directory_end(static_cast<std::uint32_t>(content.entries.size()),
                                static_cast<std::uint32_t>(directory.size()), static_cast<std::uint32_t>(at));
  if (archive.substr(at) != end) content.wrong_at = at + first_difference(archive.substr(at), end);
  return content;
}

}  // namespace torugart::exchange
