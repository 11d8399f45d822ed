// One connection to one GigE Vision device through Aravis. Thread-bound. Internal to the driver.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "hal/drivers/gige_detector/settings.h"

namespace torugart::hal::gige_detector {

class Link {
 public:
  // Connects and writes the settings; the stream stands.
  static Result<std::unique_ptr<Link>> open(const DetectorSettings& settings);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  struct Shape {
    int width = 0, height = 0;
    int bytes_per_sample = 2;
    std::uint16_t full_scale = 65535;
    std::string model, serial;
  };
  const Shape& shape() const;

  Result<void> start();
  void stop();

  struct Taken {
    Block block;
    std::int64_t device_us = 0;  // when the block began, by the device's clock
  };
  // Hands the next block to `use`, waiting at most that long; false when none came.
  bool take(std::int64_t wait_us, const std::function<void(const Taken&)>& use);
  // The device no longer obeys us: switched off, unplugged, or taken by another program.
  bool lost() const;

  struct Counts {
    std::uint64_t blocks = 0, incomplete = 0, no_buffer = 0, resent = 0, missing = 0;
  };
  Counts counts() const;

 private:
  struct Impl;
  explicit Link(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::hal::gige_detector
