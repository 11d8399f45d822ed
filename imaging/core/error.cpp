#include "imaging/core/error.h"

#include <utility>

namespace torugart::imaging {

std::string Error::text() const {
  std::string out = where.empty() ? what : where + ": " + what;
  if (!remedy.empty()) out += "; " + remedy;
  return out;
}

tl::unexpected<Error> fail(ErrorCode code, std::string where, std::string what, std::string remedy) {
  return tl::unexpected<Error>(Error{code, std::move(what), std::move(where), std::move(remedy)});
}

}  // namespace torugart::imaging
