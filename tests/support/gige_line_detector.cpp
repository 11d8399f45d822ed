// A line detector for the tests: Aravis' own fake GigE Vision camera, showing what an x-ray detector would show.
//
//   gige_line_detector [--interface 127.0.0.1] [--rows 8] [--period-us 20000] [--two 0|1] [--lost-permille 0]
// Answers as a GigE Vision device on UDP port 3956 of the interface and prints "serving". Rows alternate between two
// energies with --two 1. Reads commands from its standard input, one a line:
//   beam / dark          the tube is on / off
//   truck N              a truck shadows the lower half of the column for the next N rows
//   lost N               so many of a thousand stream packets are thrown away from now on
//   trigger HZ           so many pulses a second at the trigger input "Software" (the fake camera serves no other)
#include <arv.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <thread>

namespace {

std::atomic<bool> beam{false}, two{false};
std::atomic<int> truck_rows{0};
std::atomic<double> pulses_hz{0};

std::uint16_t count_at(int row, int detector, int width, bool truck) {
  const auto noise = static_cast<unsigned>(row * 31 + detector * 17) % 40;
  if (!beam) return static_cast<std::uint16_t>(900 + noise);
  const unsigned open = two && row % 2 == 1 ? 40'000 : 50'000;
  const bool shadow = truck && detector > width / 2;
  return static_cast<std::uint16_t>((shadow ? open / 3 : open) + noise);
}

void draw(ArvBuffer* buffer, void*, guint32, guint32, ArvPixelFormat format) {
  const int width = arv_buffer_get_image_width(buffer), height = arv_buffer_get_image_height(buffer);
  // What arv_buffer_get_data() calls the size is what was received; this side sends.
  const auto size = static_cast<std::size_t>(width * height) * (format == ARV_PIXEL_FORMAT_MONO_16 ? 2U : 1U);
  auto* bytes = const_cast<std::uint8_t*>(static_cast<const std::uint8_t*>(arv_buffer_get_data(buffer, nullptr)));
  for (int row = 0; row < height; ++row) {
    const bool truck = truck_rows > 0;
    if (truck) --truck_rows;
    for (int i = 0; i < width; ++i) {
      const auto value = count_at(row, i, width, truck);
      const auto at = static_cast<std::size_t>(row * width + i);
      if (format == ARV_PIXEL_FORMAT_MONO_16) {
        if (2 * at + 1 >= size) return;
        bytes[2 * at] = static_cast<std::uint8_t>(value);
        bytes[2 * at + 1] = static_cast<std::uint8_t>(value >> 8U);
      } else {
        if (at >= size) return;
        bytes[at] = static_cast<std::uint8_t>(value >> 8U);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> o{
      {"interface", "127.0.0.1"}, {"rows", "8"}, {"period-us", "20000"}, {"two", "0"}, {"lost-permille", "0"}};
  for (int i = 1; i + 1 < argc; i += 2)
    o[std::string(argv[i]).substr(2)] = argv[i + 1];
  two = o["two"] == "1";
  ArvGvFakeCamera* device = arv_gv_fake_camera_new(o["interface"].c_str(), "LD01");
  if (device == nullptr || arv_gv_fake_camera_is_running(device) == FALSE) {
    std::puts("cannot serve");
    return 1;
  }
  ArvFakeCamera* camera = arv_gv_fake_camera_get_fake_camera(device);
  const auto set_loss = [device](double permille) {
    g_object_set(device, "gvsp-lost-ratio", permille / 1000, nullptr);
  };
  arv_fake_camera_write_register(camera, ARV_FAKE_CAMERA_REGISTER_HEIGHT,
                                 static_cast<guint32>(std::stoul(o["rows"])));
  arv_fake_camera_write_register(camera, ARV_FAKE_CAMERA_REGISTER_ACQUISITION_FRAME_PERIOD_US,
                                 static_cast<guint32>(std::stoul(o["period-us"])));
  arv_fake_camera_set_fill_pattern(camera, draw, nullptr);
  set_loss(std::stod(o["lost-permille"]));
  std::thread([camera] {
    for (;;) {
      const double hz = pulses_hz;
      std::this_thread::sleep_for(std::chrono::duration<double>(hz > 0 ? 1 / hz : 0.05));
      if (hz > 0) arv_fake_camera_write_register(camera, ARV_FAKE_CAMERA_REGISTER_TRIGGER_SOFTWARE, 1);
    }
  }).detach();
  std::puts("serving");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string what;
    double number = 0;
    words >> what >> number;
    if (what == "beam" || what == "dark") beam = what == "beam";
    if (what == "truck") truck_rows = static_cast<int>(number);
    if (what == "lost") set_loss(number);
    if (what == "trigger") pulses_hz = number;
  }
  std::_Exit(0);  // the test is gone
}
