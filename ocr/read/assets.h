// Where the program's own files are: models, the register of owners. Reentrant.
#pragma once

#include <filesystem>
#include <string>

#include "ocr/read/engine.h"

namespace torugart::ocr {

// `name` below assets, as "models" or "reference/owner_codes.csv". Looked for in the folder TORUGART_ASSETS of the
// environment names; in share/torugart or assets of the folders above the program (an installation, a build of the
// sources); in /usr/share/torugart. If it is nowhere, the last of these is given, so that an error can name it.
std::filesystem::path find_asset(const std::string& name);

// The files that `wanted` leaves empty, filled in from the assets.
EngineSettings with_assets(EngineSettings wanted);

}  // namespace torugart::ocr
