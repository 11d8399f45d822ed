#include "kiosk/app/kept_bands.h"

#include <filesystem>
#include <fstream>
#include <locale>
#include <sstream>

namespace torugart::app {

std::vector<imaging::DensityBand> load_bands(const std::string& file) {
  constexpr std::size_t kMost = 16;
  std::vector<imaging::DensityBand> out;
  std::ifstream in(file);
  for (std::string line; out.size() < kMost && std::getline(in, line);) {
    std::istringstream words(line);
    words.imbue(std::locale::classic());
    imaging::DensityBand band;
    if (words >> band.lo >> band.hi && band.lo > 0 && band.lo < band.hi && band.hi <= 1.2F) out.push_back(band);
  }
  return out;
}

bool save_bands(const std::string& file, const std::vector<imaging::DensityBand>& bands) {
  const std::string fresh = file + ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out.imbue(std::locale::classic());
    for (const auto& band : bands)
      out << band.lo << ' ' << band.hi << '\n';
    if (!out.flush()) return false;
  }
  std::error_code error;
  std::filesystem::rename(fresh, file, error);
  return !error;
}

}  // namespace torugart::app
