// Numbers: which frames are read for which vehicle, what of the vote is recorded; and the risk that follows them.
#include <algorithm>
#include <utility>

#include "kiosk/lane/core.h"

namespace torugart::lane {
namespace {

constexpr std::int64_t kRestAfterSure = 4;  // times every_us: a sure camera is read less often

bool has_number(const inspection::Crossing& crossing, const std::string& text) {
  return std::any_of(crossing.numbers.begin(), crossing.numbers.end(),
                     [&](const inspection::Number& n) { return n.text == text; });
}

bool all_sure(const CameraVote& vote) {
  return !vote.numbers.empty() &&
         std::all_of(vote.numbers.begin(), vote.numbers.end(), [](const VotedNumber& n) { return n.shown.sure; });
}

}  // namespace

// The cameras look at the first vehicle that has not moved on from the identification point.
Visit* Core::at_cameras() {
  const auto it = std::find_if(visits_.begin(), visits_.end(), [](const Visit& v) { return !v.moved_on; });
  return it == visits_.end() ? nullptr : &*it;
}

bool Core::wants_reading(const Visit& v, const std::string& camera) const {
  if (v.fold.identity_confirmed) return false;
  const auto now = clock_.now().mono_us;
  const auto vote = v.votes.find(camera);
  const bool rests = vote != v.votes.end() && all_sure(vote->second);
  if (vote != v.votes.end() && vote->second.frames >= config_.read.most_frames) return false;
  const auto last = v.offered_mono_us.find(camera);
  const auto pause = config_.read.every_us * (rests ? kRestAfterSure : 1);
  return last == v.offered_mono_us.end() || now - last->second >= pause;
}

void Core::offer_frame(const hal::Frame& frame) {
  if (frame.damaged || !frame.bgr) return;
  const auto now = clock_.now().mono_us;
  if (auto* v = at_cameras()) {
    if (!wants_reading(*v, frame.camera)) return;
    v->offered_mono_us[frame.camera] = now;
    reading_->offer(frame, v->vehicle);
    return;
  }
  // A lane without loops: the cameras are what notices a vehicle.
  if (!visits_.empty() || has_loops()) return;
  auto& last = watched_offered_mono_us_[frame.camera];
  if (watched_vehicle_ == 0) watched_vehicle_ = next_vehicle_++;
  if (last != 0 && now - last < config_.read.every_us) return;
  last = std::max<std::int64_t>(now, 1);
  reading_->offer(frame, watched_vehicle_);
}

void Core::on_vote(CameraVote vote) {
  const auto shown =
      std::find_if(cameras_.begin(), cameras_.end(), [&](const auto& c) { return c.id == vote.camera; });
  if (visits_.empty() && watched_vehicle_ != 0 && vote.vehicle == watched_vehicle_) {
    on_plate_without_loop(vote);
  }
  const auto it =
      std::find_if(visits_.begin(), visits_.end(), [&](const Visit& v) { return v.vehicle == vote.vehicle; });
  if (it == visits_.end()) return;
  if (shown != cameras_.end()) {
    shown->found = vote.found;
    shown->found_mono_us = vote.taken_mono_us;
  }
  // The vehicle ahead may still be in the picture: its numbers are its own.
  std::erase_if(vote.numbers, [&](const VotedNumber& n) { return belongs_to_another(*it, n.read.text); });
  it->votes[vote.camera] = std::move(vote);
  if (!it->fold.identity_confirmed) note_reads(*it, false);
  changed();
}

bool Core::belongs_to_another(const Visit& v, const std::string& text) const {
  return std::any_of(visits_.begin(), visits_.end(),
                     [&](const Visit& other) { return &other != &v && has_number(other.fold, text); });
}

void Core::on_plate_without_loop(const CameraVote& vote) {
  // What was seen long ago must not outvote the one that comes.
  if (vote.frames >= config_.read.frames_to_ask) watched_vehicle_ = 0;
  const bool just_left = !recent_.empty() && clock_.now().mono_us - left_mono_us_ < config_.read.not_again_us;
  for (const auto& number : vote.numbers) {
    const auto& read = number.read;
    if (read.kind != inspection::NumberKind::plate || read.country.empty() ||
        number.agreeing < config_.read.frames_for_arrival) {
      continue;
    }
    if (just_left) {
      const auto& gone = recent_.front();
      const bool same =
          has_number(gone, read.text) ||
          std::any_of(gone.reads.begin(), gone.reads.end(), [&](const auto& r) { return r.text == read.text; });
      if (same) continue;
    }
    watched_vehicle_ = 0;
    arrive(inspection::ArrivedBy::camera, config_.direction, by_device(vote.camera), 0, vote.vehicle);
    return;
  }
}

// Recorded: a sure vote when it comes or changes; an unsure one when enough frames did not make it sure, and what
// there is at the moment of confirmation. At most a few per kind and place.
void Core::note_reads(Visit& v, bool final) {
  for (const auto& [camera, vote] : v.votes) {
    for (const auto& number : vote.numbers) {
      const auto& noted = v.noted[{number.read.kind, number.read.place}];
      if (noted.events >= config_.read.most_events) continue;
      const bool sure = number.shown.sure;
      const bool other = noted.text != number.read.text;
      const bool news = sure ? other || !noted.sure : other && !noted.sure;
      if (news && (sure || final || vote.frames >= config_.read.frames_to_ask)) note_read(v, number);
    }
  }
}

void Core::note_read(Visit& v, const VotedNumber& number) {
  auto& noted = v.noted[{number.read.kind, number.read.place}];
  noted.text = number.read.text;
  noted.sure = number.shown.sure;
  ++noted.events;
  std::string camera;
  for (const auto& [id, vote] : v.votes) {
    for (const auto& n : vote.numbers) {
      if (n.read.kind == number.read.kind && n.read.place == number.read.place) camera = id;
    }
  }
  if (!number.crop_jpeg) {
    record(v.id, number.read, by_device(camera));
    return;
  }
  file_worker_.post([this, id = v.id, camera, read = number.read, jpeg = number.crop_jpeg]() mutable {
    const auto put = parts_.store->put(*jpeg, "image/jpeg");
    if (put) read.crop = inspection::FileRef{"plate_crop", put->sha256, put->bytes, "image/jpeg"};
    inbox_.post([this, id, camera, read, why = put ? std::string() : put.error().text()] {
      note_archive(why);
      record(id, read, by_device(camera));
    });
  });
}

std::vector<ReadView> Core::reads_of(const Visit& v) const {
  std::vector<ReadView> out;
  for (const auto& [camera, vote] : v.votes) {
    for (const auto& number : vote.numbers)
      out.push_back(number.shown);
  }
  if (!out.empty()) return out;
  for (const auto& read : v.fold.reads) {  // after a restart: what the journal knows
    ReadView shown;
    shown.kind = read.kind;
    shown.place = read.place;
    shown.sure = read.verdict == inspection::ReadVerdict::accepted;
    shown.candidates.push_back({read.text, read.country, read.size_type, read.confidence});
    shown.frames = read.frames;
    out.push_back(std::move(shown));
  }
  return out;
}

// ---- risk

void Core::ask_risk(Visit& v) {
  const auto query = ++v.risk_query;
  if (parts_.centre == nullptr) {
    on_risk(v.id, query, inspection::local_rule(clock_.now().wall_us));
    return;
  }
  v.assessing = true;
  changed();
  parts_.centre->assess({v.id, v.fold.direction, v.fold.numbers, v.fold.documents},
                        [this, id = v.id, query](const central::RiskAnswer& answer) {
                          inbox_.post([this, id, query, risk = answer.risk] { on_risk(id, query, risk); });
                        });
}

void Core::on_risk(const std::string& crossing, std::uint64_t query, const inspection::RiskAssessed& risk) {
  auto* v = visit(crossing);
  if (v == nullptr || query != v->risk_query) return;
  v->assessing = false;
  record(crossing, risk);
  changed(true);
}

}  // namespace torugart::lane
