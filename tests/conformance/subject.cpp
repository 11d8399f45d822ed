#include "tests/conformance/subject.h"

namespace torugart::hal::conformance {

std::vector<Subject>& subjects() {
  static std::vector<Subject> all;
  return all;
}

}  // namespace torugart::hal::conformance
