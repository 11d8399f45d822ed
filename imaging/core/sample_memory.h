// Internal to imaging/core: memory for the samples of blocks. A scan takes hundreds of megabytes, a megabyte at a time, and
// gives them back when the next but one has come: asking the system for every piece costs more than correcting the lines
// that go into it, because each page is handed out and cleared alone. So pieces come out of slabs of several megabytes that
// lie on huge pages where the system has them, and pieces that were given back are kept for the next block, up to kKept
// bytes.
//
// SampleMemory is one piece: moved, not copied; given back by its destructor. Contents are unspecified. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace torugart::imaging {

class SampleMemory {
 public:
  static constexpr std::size_t kKept = 128U << 20U;  // bytes of free slabs that are not returned to the system

  SampleMemory() = default;
  explicit SampleMemory(std::size_t samples);  // starts at a cache line
  ~SampleMemory();
  SampleMemory(SampleMemory&& other) noexcept;
  SampleMemory& operator=(SampleMemory&& other) noexcept;
  SampleMemory(const SampleMemory&) = delete;
  SampleMemory& operator=(const SampleMemory&) = delete;

  [[nodiscard]] std::uint16_t* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return samples_; }

 private:
  std::uint16_t* data_ = nullptr;
  std::size_t samples_ = 0;
};

}  // namespace torugart::imaging
