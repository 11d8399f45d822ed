// Writes a scan of known pixels as DICOS, both energies, for archive_test.py.
// usage: dicos_sample FOLDER
#include <cstdio>
#include <filesystem>

#include "imaging/files/dicos.h"

using namespace torugart::imaging;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  Raster16 planes[2] = {Raster16(300, 120), Raster16(300, 120)};
  for (int seed = 1; seed <= 2; ++seed) {
    for (int y = 0; y < 120; ++y)
      for (int x = 0; x < 300; ++x)
        planes[seed - 1].at(x, y) = static_cast<std::uint16_t>((x * 151 + y * 97 * seed + x * y % 401) % 65000);
  }
  ScanImage image;
  image.view = make_view(planes[0], planes[1], false);
  ScanMetadata metadata;
  metadata.ooi_id = "MSKU1234565";
  metadata.scan_id = "lane-2/2026-05-04/000117";
  metadata.uid_seed = "9b2f6f0e-3a55-4a0e-9b57-4d8c2f1d6a11";
  metadata.scan_start = DicomTime::from_unix_us(1'777'888'999'123'456);
  const auto written = write_dicos(image, metadata, argv[1], "sample", Compression::jpeg_ls);
  if (!written) std::fprintf(stderr, "%s\n", written.error().text().c_str());
  return written ? 0 : 1;
}
