// Errors of the imaging libraries are values: what went wrong, where, and what the person who reads it can do.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace torugart::imaging {

enum class ErrorCode : std::uint8_t {
  bad_argument,  // the caller asked for something that cannot be (empty viewport, wrong size)
  not_found,     // no such file
  bad_file,      // the file is damaged, truncated or says things about itself that are not so
  unsupported,   // a sound file of a kind this reader does not know
  too_large,     // over a limit that protects memory; the message names the limit
  write_failed,  // disk full, no permission
  out_of_memory,
};

struct Error {
  ErrorCode code = ErrorCode::bad_argument;
  std::string what;    // "the pixel data holds 120 bytes, 1,947,700 were promised"
  std::string where;   // file and tag or byte, or the function's subject
  std::string remedy;  // what the user can do; may be empty
  // One sentence for a screen or a terminal: "where: what; remedy".
  [[nodiscard]] std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, std::string where, std::string what,
                                         std::string remedy = {});

}  // namespace torugart::imaging
