// Damaged files, a few thousand of them, the same ones every time. Asked of the reader: an answer, no crash, bounded
// memory. tests/fuzz/imaging_files_fuzz.cpp does the same without end.
#include <gtest/gtest.h>

#include <random>

#include "imaging/files/reader.h"
#include "imaging/files/writer.h"
#include "tests/imaging/files/test_files.h"

namespace torugart::imaging {
namespace {

using test::bytes_of;

std::vector<std::vector<std::uint8_t>> seeds() {
  const test::Folder folder("seeds");
  std::vector<std::vector<std::uint8_t>> out;
  const ScanImage image = test::scan(24, 12);
  for (const Compression c : {Compression::none, Compression::jpeg_ls}) {
    const auto stored = write_dicos(image, test::metadata(), folder.path(), "s", c);
    EXPECT_TRUE(stored);
    if (stored) out.push_back(bytes_of(stored->front().file));
  }
  for (const char* name : {"a.png", "a.tiff"}) {
    const auto files = writer_for(name)->write(test::scan(24, 12, false), test::metadata(), folder.path() / name);
    EXPECT_TRUE(files);
    if (files) out.push_back(bytes_of(files->front()));
  }
  return out;
}

TEST(Mutation, damaged_files_get_an_answer) {
  ReadLimits limits;
  limits.max_pixels = 1'000'000;
  std::mt19937 random(4711);
  int read = 0;
  int refused = 0;
  for (const auto& seed : seeds()) {
    for (int round = 0; round < 700; ++round) {
      auto bytes = seed;
      const auto changes = 1 + random() % 6;
      for (std::size_t i = 0; i < changes; ++i) {
        const std::size_t at = random() % bytes.size();
        switch (random() % 5) {
          case 0:
            bytes[at] = static_cast<std::uint8_t>(random());
            break;
          case 1:
            bytes[at] ^= static_cast<std::uint8_t>(1U << (random() % 8));
            break;
          case 2:
            bytes[at] = random() % 2 ? 0xFF : 0x00;
            break;
          case 3:
            bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
            break;
          default:
            bytes.resize(std::max<std::size_t>(1, at));
            break;
        }
      }
      const auto plane = read_plane(bytes, "damaged", limits);
      if (plane) {
        ++read;
        EXPECT_LE(static_cast<std::int64_t>(plane->pixels.samples().size()), limits.max_pixels);
      } else {
        ++refused;
        EXPECT_FALSE(plane.error().what.empty());
      }
    }
  }
  EXPECT_GT(read, 100);
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace torugart::imaging
