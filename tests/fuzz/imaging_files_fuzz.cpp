// libFuzzer entry of the readers of imaging/files: cmake -DTORUGART_FUZZ=ON with clang, then run with a folder of
// seeds. The default suite mutates with a seed instead (tests/imaging/files/mutation_test.cpp).
#include <cstddef>
#include <cstdint>

#include "imaging/files/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  torugart::imaging::ReadLimits limits;
  limits.max_pixels = 1'000'000;
  const auto plane = torugart::imaging::read_plane({data, size}, "fuzz", limits);
  if (plane && static_cast<std::int64_t>(plane->pixels.samples().size()) > limits.max_pixels) __builtin_trap();
  return 0;
}
