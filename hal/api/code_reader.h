// A hand scanner for bar codes and 2-D codes: carnets, seals, safe packets, declarations.
#pragma once

#include <string>

#include "hal/api/device.h"

namespace torugart::hal {

struct CodeRead {
  TimeStamp at;
  std::string symbology;  // "Code128", "PDF417", "QRCode", "DataMatrix"; empty when the scanner does not say
  std::string text;       // UTF-8, at most 4096 bytes
};

class CodeReader : public DeviceOf<CodeRead> {};

}  // namespace torugart::hal
