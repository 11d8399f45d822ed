#include "hal/drivers/gst_camera/stream_watch.h"

namespace torugart::hal::gst_camera {

void StreamWatch::packet(const std::uint8_t* bytes, std::size_t size, Pts pts) {
  if (size < 12 || (bytes[0] >> 6) != 2) return;  // not RTP
  const auto number = static_cast<std::uint16_t>(bytes[2] << 8 | bytes[3]);
  const std::lock_guard lock(mutex_);
  if (last_packet_) {
    const auto step = static_cast<std::uint16_t>(number - *last_packet_);
    if (step == 0) return;
    if (step != 1) {
      // A step of more than half the range is a sender that began anew, not 30,000 lost packets.
      lost_packets_ += step < 0x8000 ? step - 1U : 1U;
      broken_ = true;
      broken_at_ = pts;
    }
  }
  last_packet_ = number;
}

void StreamWatch::coded(Pts pts, bool key_frame, bool corrupted) {
  const std::lock_guard lock(mutex_);
  if (broken_ && key_frame && (pts == kNoPts || broken_at_ == kNoPts || pts > broken_at_)) broken_ = false;
  newest_ = {frames_++, broken_ || corrupted};
  if (corrupted && !key_frame) {
    broken_ = true;
    broken_at_ = pts;
  }
  if (pts == kNoPts) return;
  marks_[pts] = newest_;
  // The oldest number goes, not the smallest time: a clip that begins anew has small times again.
  if (marks_.size() > kRemembered) {
    auto oldest = marks_.begin();
    for (auto it = marks_.begin(); it != marks_.end(); ++it) {
      if (it->second.sequence < oldest->second.sequence) oldest = it;
    }
    marks_.erase(oldest);
  }
}

StreamWatch::Mark StreamWatch::decoded(Pts pts) {
  const std::lock_guard lock(mutex_);
  const auto found = marks_.find(pts);
  return found == marks_.end() ? newest_ : found->second;
}

void StreamWatch::restart() {
  const std::lock_guard lock(mutex_);
  last_packet_.reset();
  broken_ = false;
  marks_.clear();
}

std::uint64_t StreamWatch::lost_packets() const {
  const std::lock_guard lock(mutex_);
  return lost_packets_;
}

std::uint64_t StreamWatch::coded_frames() const {
  const std::lock_guard lock(mutex_);
  return frames_;
}

bool jpeg_is_whole(const std::uint8_t* bytes, std::size_t size) {
  while (size > 2 && bytes[size - 1] == 0)
    --size;
  return size >= 4 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[size - 2] == 0xFF && bytes[size - 1] == 0xD9;
}

}  // namespace torugart::hal::gst_camera
