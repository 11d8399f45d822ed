#include "ocr/commands/commands.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <ostream>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "ocr/commands/json.h"
#include "ocr/numbers/container.h"
#include "ocr/numbers/plates.h"
#include "ocr/read/assets.h"
#include "ocr/track/track.h"

namespace torugart::ocr {
namespace {

constexpr std::uintmax_t largest_file = 256ULL << 20U;
constexpr double vehicle_gap_s = 2.0;

Error not_a_picture(const std::string& file) {
  return {"The file is not a picture that can be read", file, "Give JPEG, PNG, TIFF, BMP or WebP files"};
}

tl::expected<cv::Mat, Error> load_picture(const std::filesystem::path& path) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  if (code)
    return tl::unexpected(
        Error{"The file cannot be opened", path.string(), "Check the path and the right to read it"});
  if (size > largest_file)
    return tl::unexpected(Error{"The file is larger than 256 MB", path.string(), "Give a smaller picture"});
  std::ifstream in(path, std::ios::binary);
  std::vector<uchar> bytes(static_cast<std::size_t>(size));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in || bytes.empty()) return tl::unexpected(not_a_picture(path.string()));
  try {
    // OpenCV refuses more than 2^30 pixels itself; colours and orientation come out as a camera would give them.
    cv::Mat picture = cv::imdecode(bytes, cv::IMREAD_ANYCOLOR | cv::IMREAD_ANYDEPTH);
    if (picture.empty()) return tl::unexpected(not_a_picture(path.string()));
    return picture;
  } catch (const std::exception&) {
    return tl::unexpected(not_a_picture(path.string()));
  }
}

void people_line(std::ostream& out, const std::string& file, const FrameReads& reads) {
  out << file << ':';
  for (const Read& r : reads.plates) {
    out << "  " << display_plate(r.text, r.country) << (r.country.empty() ? "" : " (" + r.country + ")") << ' '
        << to_string(r.verdict);
  }
  for (const Read& r : reads.containers) {
    out << "  " << display_container(r.text) << (r.size_type.empty() ? "" : ' ' + r.size_type) << ' '
        << to_string(r.verdict);
  }
  if (reads.plates.empty() && reads.containers.empty()) out << "  nothing read";
  out << '\n';
}

void people_error(std::ostream& out, const Error& error) {
  out << error.where << ": " << error.what << ". " << error.what_to_do << ".\n";
}

void people_vehicle(std::ostream& out, const std::string& file, int vehicle, const TrackResult& result) {
  out << file << ": vehicle " << vehicle;
  for (const VotedRead& r : result.plates)
    out << "  " << display_plate(r.text, r.country) << ' ' << to_string(r.verdict);
  for (const VotedRead& r : result.containers)
    out << "  " << display_container(r.text) << ' ' << to_string(r.verdict);
  out << '\n';
}

void report(std::ostream& out, const ReadCommand& command, const std::string& file, const Error& error) {
  if (command.json) {
    out << detail::json_error(file, error) << '\n';
  } else {
    people_error(out, error);
  }
}

}  // namespace

int read_files(const std::vector<std::filesystem::path>& files, const ReadCommand& command, std::ostream& out) {
  auto engine = make_engine(with_assets(command.engine));
  if (!engine) {
    report(out, command, "", engine.error());
    return 1;
  }
  ReadOptions options;
  options.cropped_plate = command.crop;
  options.countries = command.countries;
  options.budget = command.budget;
  int status = 0;
  for (const auto& path : files) {
    const auto picture = load_picture(path);
    if (!picture) {
      report(out, command, path.string(), picture.error());
      status = 1;
      continue;
    }
    const FrameReads reads = (*engine)->read(*picture, options);
    if (command.json) {
      out << detail::json_line(path.string(), reads) << '\n';
    } else {
      people_line(out, path.string(), reads);
    }
    out.flush();
  }
  return status;
}

int read_video(const std::filesystem::path& clip, const ReadCommand& command, std::ostream& out) {
  auto engine = make_engine(with_assets(command.engine));
  if (!engine) {
    report(out, command, clip.string(), engine.error());
    return 1;
  }
  ReadOptions options;
  options.countries = command.countries;
  options.budget = command.budget;
  Track track;
  int vehicle = 0;
  double first_s = 0;
  double last_s = 0;
  bool open = false;
  const auto close = [&] {
    if (!open) return;
    open = false;
    const TrackResult result = track.result();
    track.new_vehicle();
    if (result.plates.empty() && result.containers.empty()) return;
    ++vehicle;
    if (command.json) {
      out << detail::json_vehicle(clip.string(), vehicle, first_s, last_s, result) << '\n';
    } else {
      people_vehicle(out, clip.string(), vehicle, result);
    }
    out.flush();
  };
  try {
    cv::VideoCapture video;
    std::error_code code;
    if (!std::filesystem::is_regular_file(clip, code) || !video.open(clip.string(), cv::CAP_GSTREAMER)) {
      report(
          out, command, clip.string(),
          {"The clip cannot be played", clip.string(), "Check the path; GStreamer needs a decoder for its format"});
      return 1;
    }
    const double rate = video.get(cv::CAP_PROP_FPS);
    const double frame_s = rate > 0.1 && rate < 1000 ? 1.0 / rate : 0.04;
    cv::Mat frame;
    for (std::int64_t n = 0; video.read(frame); ++n) {
      const double now_s = static_cast<double>(n) * frame_s;
      const FrameReads reads = (*engine)->read(frame, options);
      if (open && now_s - last_s > vehicle_gap_s) close();
      if (reads.plates.empty() && reads.containers.empty()) continue;
      if (!open) first_s = now_s;
      open = true;
      last_s = now_s;
      track.add(reads);
    }
  } catch (const std::exception& broken) {
    close();
    report(out, command, clip.string(), {broken.what(), clip.string(), "The clip is damaged after this point"});
    return 1;
  }
  close();
  return 0;
}

}  // namespace torugart::ocr
