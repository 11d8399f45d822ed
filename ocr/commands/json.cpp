#include "ocr/commands/json.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace torugart::ocr::detail {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}

Json box(const cv::Rect& r) {
  return Json::array({r.x, r.y, r.width, r.height});
}

Json quad(const std::array<cv::Point2f, 4>& points) {
  Json out = Json::array();
  for (const cv::Point2f& p : points) {
    out.push_back({rounded(static_cast<double>(p.x), 10), rounded(static_cast<double>(p.y), 10)});
  }
  return out;
}

Json plate(const Read& read) {
  return {{"text", read.text},
          {"country", read.country},
          {"lines", read.lines},
          {"confidence", rounded(read.confidence, 1000)},
          {"verdict", to_string(read.verdict)},
          {"box", box(read.box)},
          {"quad", quad(read.quad)}};
}

Json container(const Read& read) {
  return {{"text", read.text},
          {"size_type", read.size_type},
          {"orientation", to_string(read.orientation)},
          {"check_digit", read.check_digit},
          {"owner_known", read.owner_known},
          {"confidence", rounded(read.confidence, 1000)},
          {"verdict", to_string(read.verdict)},
          {"box", box(read.box)}};
}

Json voted(const VotedRead& read, bool container) {
  Json out{{"text", read.text},
           {"verdict", to_string(read.verdict)},
           {"confidence", rounded(read.confidence, 1000)},
           {"frames_seen", read.frames_seen},
           {"frames_agreeing", read.frames_agreeing},
           {"why", read.why}};
  if (container) {
    out["size_type"] = read.size_type;
    out["check_digit"] = read.check_digit;
    out["owner_known"] = read.owner_known;
  } else {
    out["country"] = read.country;
  }
  return out;
}

// File names and codes may hold any bytes; what is not UTF-8 is replaced, never thrown about.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string json_line(const std::string& file, const FrameReads& reads) {
  Json plates = Json::array();
  for (const Read& read : reads.plates)
    plates.push_back(plate(read));
  Json containers = Json::array();
  for (const Read& read : reads.containers)
    containers.push_back(container(read));
  return dump({{"file", file}, {"ms", rounded(reads.ms, 10)}, {"plates", plates}, {"containers", containers}});
}

std::string json_error(const std::string& file, const Error& error) {
  return dump(
      {{"file", file}, {"error", {{"what", error.what}, {"where", error.where}, {"what_to_do", error.what_to_do}}}});
}

std::string json_vehicle(const std::string& file, int vehicle, double from_s, double to_s,
                         const TrackResult& result) {
  Json plates = Json::array();
  for (const VotedRead& read : result.plates)
    plates.push_back(voted(read, false));
  Json containers = Json::array();
  for (const VotedRead& read : result.containers)
    containers.push_back(voted(read, true));
  return dump({{"file", file},
               {"vehicle", vehicle},
               {"from_s", rounded(from_s, 100)},
               {"to_s", rounded(to_s, 100)},
               {"plates", plates},
               {"containers", containers}});
}

}  // namespace torugart::ocr::detail
