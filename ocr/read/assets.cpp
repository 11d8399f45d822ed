#include "ocr/read/assets.h"

#include <cstdlib>

namespace torugart::ocr {

namespace fs = std::filesystem;

fs::path find_asset(const std::string& name) {
  std::error_code failed;
  if (const char* folder = std::getenv("TORUGART_ASSETS"); folder != nullptr) {
    if (const fs::path path = fs::path(folder) / name; fs::exists(path, failed)) return path;
  }
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  for (fs::path folder = program.parent_path(); !failed && folder.has_relative_path();
       folder = folder.parent_path()) {
    for (const char* below : {"share/torugart", "assets"}) {
      std::error_code none;
      if (const fs::path path = folder / below / name; fs::exists(path, none)) return path;
    }
  }
  return fs::path("/usr/share/torugart") / name;
}

EngineSettings with_assets(EngineSettings wanted) {
  if (wanted.models.empty()) wanted.models = find_asset("models");
  if (wanted.owners.empty()) wanted.owners = find_asset("reference/owner_codes.csv");
  return wanted;
}

}  // namespace torugart::ocr
