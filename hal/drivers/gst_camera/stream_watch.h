// Follows one camera's stream between the network and the decoder: numbers its frames, notices lost packets, and
// says which pictures cannot be trusted. Thread-safe.
//
// A frame that refers to others (H.264, H.265) is damaged from the first lost packet until the next key frame that
// began after the loss; that errs by one key frame on the safe side. A JPEG picture is damaged when it has no end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

namespace torugart::hal::gst_camera {

class StreamWatch {
 public:
  using Pts = std::uint64_t;  // ns; kNoPts when the buffer has none
  static constexpr Pts kNoPts = ~Pts{0};

  struct Mark {
    std::uint64_t sequence = 0;
    bool damaged = false;
  };

  // The first bytes of an RTP packet (RFC 3550, 5.1), in the order of the jitter buffer.
  void packet(const std::uint8_t* bytes, std::size_t size, Pts pts);
  // One coded frame, before the decoder.
  void coded(Pts pts, bool key_frame, bool corrupted);
  // The picture that came out of the decoder for it. Without a coded frame of that time: the newest.
  Mark decoded(Pts pts);
  // A new connection: packets are numbered anew, frames go on.
  void restart();

  std::uint64_t lost_packets() const;
  std::uint64_t coded_frames() const;

 private:
  static constexpr std::size_t kRemembered = 64;  // more than any decoder holds back

  mutable std::mutex mutex_;
  std::optional<std::uint16_t> last_packet_;
  std::uint64_t lost_packets_ = 0, frames_ = 0;
  bool broken_ = false;
  Pts broken_at_ = 0;
  std::map<Pts, Mark> marks_;
  Mark newest_;
};

// Whether a JPEG picture has its end-of-image marker; padding behind it is allowed (ITU-T T.81, B.1.1.3).
bool jpeg_is_whole(const std::uint8_t* bytes, std::size_t size);

}  // namespace torugart::hal::gst_camera
