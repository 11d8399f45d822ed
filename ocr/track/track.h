// Reads of one vehicle over the frames of one camera, put to the vote.
// Thread-bound. Bounded memory: at most `most_groups` different numbers of each kind and `most_reads` reads of each.
//
//   state     when
//   nothing   no number was seen that fits a grammar or was seen twice
//   ask       there is a candidate, the inspector must confirm it
//   accept    enough frames agree on every character, each character is sure enough, at least half of their reads are
//             firm (read.h), and no rival comes near; containers also: category U/J/Z, check digit, known owner
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ocr/read/read.h"

namespace torugart::ocr {

struct TrackRules {
  int frames_to_accept = 3;           // frames that agree on the whole text
  double min_char_confidence = 0.80;  // voted, of the weakest character of a plate
  double min_code_character = 0.50;   // of a container's number: check digit and register speak for it as well
  double still_sureness = 0.97;       // one frame is enough when its read is this sure; > 1: never
  double rival_share = 0.34;          // a rival text with more than this share of the votes: ask
  std::size_t most_groups = 8;
  std::size_t most_reads = 64;
};

struct Alternative {
  std::string text;
  std::string country;
  int frames = 0;
  double confidence = 0;
};

struct VotedRead {
  Verdict verdict = Verdict::nothing;
  std::string text;
  std::string country;
  std::string size_type;
  double confidence = 0;                 // of the weakest character, voted
  std::vector<double> char_confidences;  // voted, one per code point
  int frames_seen = 0;                   // frames in which this number was seen in some spelling
  int frames_agreeing = 0;               // frames that read exactly `text`
  bool check_digit = false;
  bool owner_known = false;
  std::string why;                        // why not accepted, English: "only 2 of 3 frames agree"; empty if accepted
  std::vector<Alternative> alternatives;  // other spellings, best first, at most five
  Read best;                              // the surest single read of `text`, or of the group; has the crop
};

struct TrackResult {
  std::vector<VotedRead> plates;      // best first, at most five
  std::vector<VotedRead> containers;  // best first, at most five: a truck may carry two
};

class Track {
 public:
  explicit Track(TrackRules rules = {});
  ~Track();
  Track(Track&&) noexcept;
  Track& operator=(Track&&) noexcept;

  void new_vehicle();                 // forget everything
  void add(const FrameReads& frame);  // one frame of this vehicle
  TrackResult result() const;
  int frames() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace torugart::ocr
