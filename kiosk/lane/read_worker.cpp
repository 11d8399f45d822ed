#include "kiosk/lane/read_worker.h"

#include <algorithm>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <utility>

#include "ocr/read/engine.h"
#include "ocr/track/track.h"

namespace torugart::lane {
namespace {

inspection::Place place_of(const std::string& position) {
  if (position == "front") return inspection::Place::front;
  if (position == "rear") return inspection::Place::rear;
  if (position == "side") return inspection::Place::side;
  return inspection::Place::unknown;
}

Picture picture_of(const cv::Mat& bgr) {
  Picture out;
  if (bgr.empty() || bgr.type() != CV_8UC3) return out;
  out.width = bgr.cols;
  out.height = bgr.rows;
  const cv::Mat whole = bgr.isContinuous() ? bgr : bgr.clone();
  out.bgr = std::make_shared<const std::vector<std::uint8_t>>(whole.data, whole.data + whole.total() * 3);
  return out;
}

std::shared_ptr<const std::vector<std::uint8_t>> jpeg_of(const cv::Mat& bgr) {
  try {
    std::vector<std::uint8_t> bytes;
    if (bgr.empty() || !cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, 90})) return nullptr;
    return std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  } catch (const std::exception&) {  // OpenCV's edge: a crop that cannot be kept is no reason to lose the number
    return nullptr;
  }
}

VotedNumber number_of(const ocr::VotedRead& vote, inspection::NumberKind kind, inspection::Place place) {
  VotedNumber out;
  const bool sure = vote.verdict == ocr::Verdict::accept;
  auto& read = out.read;
  read.kind = kind;
  read.place = place;
  read.text = vote.text;
  read.country = vote.country;
  read.size_type = vote.size_type;
  read.confidence = vote.best.confidence;
  read.min_confidence = vote.confidence;
  read.verdict = sure ? inspection::ReadVerdict::accepted : inspection::ReadVerdict::ask;
  read.frames = vote.frames_seen;
  read.check_digit = vote.check_digit;
  read.owner_known = vote.owner_known;

  auto& shown = out.shown;
  shown.kind = kind;
  shown.place = place;
  shown.sure = sure;
  shown.candidates.push_back({vote.text, vote.country, vote.size_type, vote.confidence});
  for (const auto& other : vote.alternatives) {
    if (shown.candidates.size() == 5) break;
    shown.candidates.push_back({other.text, other.country, "", other.confidence});
  }
  shown.character_confidence = vote.char_confidences;
  shown.frames = vote.frames_seen;
  if (vote.best.crop) {
    shown.crop = picture_of(*vote.best.crop);
    out.crop_jpeg = jpeg_of(*vote.best.crop);
  }
  out.agreeing = vote.frames_agreeing;
  return out;
}

void add_found(const std::vector<ocr::Read>& reads, std::vector<CameraView::Found>& out) {
  if (reads.empty()) return;
  const auto& best = reads.front();
  out.push_back(
      {best.box.x, best.box.y, best.box.width, best.box.height, best.text, best.verdict == ocr::Verdict::accept});
}

}  // namespace

struct ReadWorker::Cameras {
  struct Camera {
    std::uint64_t vehicle = 0;
    ocr::Track track;
    explicit Camera(ocr::TrackRules rules) : track(rules) {}
  };
  std::map<std::string, Camera> by_id;
};

ReadWorker::ReadWorker(ReaderFactory factory, ReadSettings settings, bool own_thread,
                       std::function<void(CameraVote)> on_vote, std::function<void(Error)> on_problem)
    : factory_(std::move(factory)),
      settings_(std::move(settings)),
      on_vote_(std::move(on_vote)),
      on_problem_(std::move(on_problem)),
      cameras_(std::make_unique<Cameras>()),
      worker_(own_thread) {}

ReadWorker::~ReadWorker() {
  worker_.stop();
}

void ReadWorker::offer(const hal::Frame& frame, std::uint64_t vehicle) {
  if (!factory_) return;
  {
    const std::lock_guard lock(mutex_);
    vehicle_ = vehicle;
    const auto [it, fresh] = pending_.insert_or_assign(frame.camera, std::pair(frame, vehicle));
    if (!fresh) return;  // the job that was posted for the older frame takes this one
  }
  worker_.post([this] { read_pending(); });
}

void ReadWorker::read_pending() {
  std::pair<hal::Frame, std::uint64_t> next;
  {
    const std::lock_guard lock(mutex_);
    if (pending_.empty()) return;
    // The oldest picture first, so that a quick camera does not starve the others.
    const auto oldest = std::min_element(pending_.begin(), pending_.end(), [](const auto& a, const auto& b) {
      return a.second.first.taken.mono_us < b.second.first.taken.mono_us;
    });
    next = std::move(oldest->second);
    pending_.erase(oldest);
    if (next.second != vehicle_) return;
  }
  read(next.first, next.second);
}

void ReadWorker::read(const hal::Frame& frame, std::uint64_t vehicle) {
  if (!tried_) {
    tried_ = true;
    auto made = factory_();
    if (made) {
      engine_ = std::move(*made);
    } else {
      on_problem_(made.error());
    }
  }
  const auto expected = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) * 3;
  if (!engine_ || frame.damaged || !frame.bgr || frame.width <= 0 || frame.height <= 0 ||
      frame.bgr->size() != expected) {
    return;
  }
  auto& camera = cameras_->by_id.try_emplace(frame.camera, ocr::TrackRules{}).first->second;
  if (camera.vehicle != vehicle) {
    camera.track.new_vehicle();
    camera.vehicle = vehicle;
  }
  ocr::ReadOptions options;
  options.countries = settings_.countries;
  options.budget = settings_.budget;
  options.plates = frame.position != "side";
  options.containers = frame.position != "front";
  // The engine promises not to change the frame.
  const cv::Mat picture(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr->data()));
  const auto reads = engine_->read(picture, options);
  camera.track.add(reads);
  const auto result = camera.track.result();

  CameraVote vote;
  vote.vehicle = vehicle;
  vote.camera = frame.camera;
  vote.taken_mono_us = frame.taken.mono_us;
  vote.frames = camera.track.frames();
  add_found(reads.plates, vote.found);
  add_found(reads.containers, vote.found);
  const auto place = place_of(frame.position);
  if (!result.plates.empty() && result.plates.front().verdict != ocr::Verdict::nothing) {
    vote.numbers.push_back(number_of(result.plates.front(), inspection::NumberKind::plate, place));
  }
  int containers = 0;
  for (const auto& container : result.containers) {
    if (container.verdict == ocr::Verdict::nothing) continue;
    if (containers > 0 && container.verdict != ocr::Verdict::accept) break;  // a second one only when it is sure
    vote.numbers.push_back(number_of(container, inspection::NumberKind::container, place));
    if (++containers == 2) break;
  }
  on_vote_(std::move(vote));
}

}  // namespace torugart::lane
