// The work behind `torugart read`: pictures or a clip in, one JSON object a line out.
// Format of a line: ocr/commands/README.md.
#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "ocr/read/engine.h"

namespace torugart::ocr {

struct ReadCommand {
  bool crop = false;  // the files are plates already
  bool json = true;   // false: a line for people
  std::vector<std::string> countries;
  // For one picture or frame. Longer than at the lane: nobody waits at a barrier, and what is read should not depend on
  // how busy the machine is.
  std::chrono::milliseconds budget{2000};
  EngineSettings engine;  // what is left empty is found among the assets (ocr/read/assets.h)
};

// Each file gives one line, a file that is no picture an error line (the rest is still read).
// Exit status: 0, or 1 if any file could not be read or the engine could not start.
int read_files(const std::vector<std::filesystem::path>& files, const ReadCommand& command, std::ostream& out);

// Reads a clip through GStreamer (OpenCV's videoio) and prints the voted result of each vehicle. A vehicle ends when
// no number was seen for two seconds. Exit status as read_files.
int read_video(const std::filesystem::path& clip, const ReadCommand& command, std::ostream& out);

}  // namespace torugart::ocr
