// Internal to imaging/files.
#pragma once

#include "imaging/files/reader.h"

namespace torugart::imaging::detail {

// `bytes` start with a DICOM preamble. May throw std::bad_alloc.
[[nodiscard]] Result<Plane> decode_dicom(std::span<const std::uint8_t> bytes, const std::string& name,
                                         const ReadLimits& limits);

}  // namespace torugart::imaging::detail
