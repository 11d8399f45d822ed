// The lane's own certificate, looked at before anything is sent with it. Used inside kiosk/central only.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "kiosk/central/error.h"

namespace torugart::central {

struct Certificate {
  std::string common_name;
  std::int64_t not_before_wall_us = 0;
  std::int64_t not_after_wall_us = 0;
};

// The first certificate of a PEM file. Reentrant.
tl::expected<Certificate, Error> certificate_from_file(const std::string& path);

}  // namespace torugart::central
