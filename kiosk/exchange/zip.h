// ZIP archives of exactly one form: stored, no compression, no comments, no dates, names in ASCII, in one order. Any
// program unpacks them; and since there is one way to write a set of files, an archive that was changed anywhere, be it in a
// place that means nothing, is not the same bytes any more and is refused. Source: APPNOTE.TXT 6.3.
//
// Reentrant. Files: together below 4 GiB, at most 65 000.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace torugart::exchange {

class ZipWriter {
 public:
  explicit ZipWriter(std::ostream& out) : out_(out) {}
  // False when it does not fit this form any more, or the stream failed.
  bool add(std::string_view name, std::string_view bytes);
  bool finish();

 private:
  std::ostream& out_;
  std::string directory_;
  std::uint64_t at_ = 0;
  std::uint32_t files_ = 0;
};

struct ZipEntry {
  std::string name;
  std::string_view bytes;  // in the archive's own
};
struct ZipContent {
  std::vector<ZipEntry> entries;
  std::optional<std::size_t> wrong_at;  // the first byte that is not as ZipWriter writes it
};
// Of an archive in memory; the entries before the wrong byte are there.
ZipContent read_zip(std::string_view archive);

}  // namespace torugart::exchange
