// What the lane looks like at one moment: an immutable snapshot that the engine publishes and the screens read.
//
// A screen takes LaneEngine::view() once per frame and draws from it; nothing in it waits for a device, a disk or a
// line. Bulk data (camera pictures, x-ray columns) is shared and immutable. `version` grows by one with every
// snapshot, so a presenter can keep what it computed from the last one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hal/api/camera.h"
#include "hal/api/clock.h"
#include "hal/api/device.h"
#include "hal/api/lane_signals.h"
#include "hal/api/safety_chain.h"
#include "hal/api/weighbridge.h"
#include "hal/api/xray_scanner.h"
#include "kiosk/inspection/command.h"
#include "kiosk/inspection/crossing.h"

namespace torugart::imaging {
class MaterialTable;  // imaging/material
struct ScanImage;     // imaging/core: a finished scan, corrected
struct ScanView;      // imaging/core: the columns of a scan that is still growing
}  // namespace torugart::imaging

namespace torugart::lane {

// A small picture for the screen: BGR, 8 bits, rows top to bottom without padding.
struct Picture {
  int width = 0, height = 0;
  std::shared_ptr<const std::vector<std::uint8_t>> bgr;
};

struct DeviceView {
  hal::DeviceInfo info;
  hal::Health health;
};

struct CameraView {
  std::string id, position;
  hal::Frame latest;  // latest.bgr is null until the first frame
  // Where the last read found something, in pixels of the frame that was taken at found_mono_us; empty when it found
  // nothing. `latest` is younger: a vehicle that has moved on since is no longer where the box is.
  struct Found {
    int x = 0, y = 0, w = 0, h = 0;
    std::string text;
    bool sure = false;
  };
  std::vector<Found> found;
  std::int64_t found_mono_us = 0;
};

// One number that the readers propose for the crossing in focus: the vote over frames, with what it came from.
struct Candidate {
  std::string text, country, size_type;
  double confidence = 0;
};
struct ReadView {
  inspection::NumberKind kind = inspection::NumberKind::plate;
  inspection::Place place = inspection::Place::unknown;
  bool sure = false;                         // "sure" is shown, else "check"
  std::vector<Candidate> candidates;         // best first, at most five; empty: nothing was read here
  std::vector<double> character_confidence;  // of the best, one per character
  int frames = 0;
  Picture crop;  // the best picture it was read from
};

enum class ScanState { idle, requested, warning, beam, ended };

struct ScanProgress {
  ScanState state = ScanState::idle;
  std::string crossing, scan;
  std::int64_t warning_ends_mono_us = 0;
  std::int64_t beam_since_mono_us = 0;
  int lines = 0, missing = 0;
  double speed_mm_s = 0;
  std::optional<double> dose_usv;
  std::string ended_because;                         // in words, when it was not complete
  std::shared_ptr<const imaging::ScanView> growing;  // null before the first line
};

// Something that an aid (imaging/analyse) proposes to look at. It proposes; the inspector decides.
struct Aid {
  std::string kind;                // imaging::key_of(ProposalKind): "dense_region", "no_signal_region"
  int x = 0, y = 0, w = 0, h = 0;  // pixels of the corrected image
  double score = 0;                // 0 … 1: how far it stands out, not a probability
  std::string why;                 // English sentence with its figures
};

// A picture that can be looked at now. The engine keeps those of open crossings and the record on screen.
struct ImageView {
  std::string crossing, scan;
  std::shared_ptr<const imaging::ScanImage> image;
  std::int64_t taken_wall_us = 0;
  // Classes for this picture's own noise and calibration; null until they have been worked out, and always for a
  // single energy. Without them no material colour is shown.
  std::shared_ptr<const imaging::MaterialTable> materials;
  bool aids_done = false;  // the aids have run; `aids` may still be empty
  std::vector<Aid> aids;   // best first
  // Not empty: this is not of that open crossing but here to be compared with its picture: an earlier scan of the number
  // `matched`, or `reference` of the library.
  std::string earlier_of = {};
  std::string matched = {};
  std::string reference = {};
};

struct RadiationView {
  bool fitted = false;
  bool alarm = false;  // an alarm that nobody has resolved, of the crossing in focus
  bool neutron = false;
  double sigma = 0;
  int detector = 0;  // 1 … 4, the one with the largest count; 0 unknown
  std::int64_t since_wall_us = 0;
  std::vector<int> recent_gamma;  // sums of four detectors, newest last, at most 300
  int background = 0;
};

struct LineView {  // to the central system
  bool configured = false;
  bool online = false;
  std::int64_t since_wall_us = 0;
  std::string trouble, remedy;  // in words, when offline
  std::int64_t events_waiting = 0;
  std::int64_t files_waiting = 0;
  std::int64_t bytes_waiting = 0;
  std::int64_t oldest_waiting_wall_us = 0;  // 0 when nothing waits
  int certificate_days_left = -1;           // -1 unknown
  std::int64_t watch_list_as_of_wall_us = 0;
};

struct StorageView {
  std::int64_t last_seq = 0;     // given out
  std::int64_t durable_seq = 0;  // on the disk; an act is "done" on the screen only up to here
  std::int64_t free_bytes = 0;
  std::int64_t trucks_that_fit = 0;
  bool full = false;            // no new scan; what has begun can be finished
  std::string trouble, remedy;  // in words when the disk refuses
};

struct Session {
  std::optional<inspection::Actor> actor;  // signed in
  bool checking = false;                   // a PIN is being checked
  std::string problem;                     // why the last sign-in failed, in words
  std::int64_t locked_until_mono_us = 0;   // after too many wrong PINs
  std::string last_account_name;           // who was here before
  std::string language;                    // of the signed-in person: "en", "ru"; empty: the lane's
};

// The answer to one post(); the last 32 are kept.
struct Outcome {
  std::uint64_t ticket = 0;
  bool done = false;  // false while it is being worked on (second person being checked, disk)
  bool ok = false;
  std::string why_not;  // as in Permission, when not ok
  std::string detail;
};

struct CrossingSummary {  // a row of a list
  std::string id, title;
  inspection::Stage stage = inspection::Stage::identify;
  inspection::LaneColour colour = inspection::LaneColour::unknown;
  std::int64_t arrived_wall_us = 0;
  std::int64_t closed_wall_us = 0;  // 0 while open
  bool acknowledged = false;        // the centre holds all of it
  bool released = false, suspect = false, without_release = false;
};

struct RecordView {  // what Records shows: a crossing with its time line
  std::string crossing;
  bool loading = false;
  std::optional<inspection::Crossing> fold;
  std::vector<inspection::Event> events;
  std::vector<std::pair<std::string, Picture>> pictures;  // small ones (plate crops), by the sha256 of their FileRef
  std::string problem;
};

struct Announced {  // a vehicle that the centre has announced
  std::string title;
  std::int64_t expected_wall_us = 0;  // 0 when no time was given
};

struct SearchView {
  std::string query;
  bool running = false;
  std::vector<CrossingSummary> rows;  // newest first, at most 100
};

struct LaneView {
  std::uint64_t version = 0;
  hal::TimeStamp now;
  std::string lane_name, crossing_point;
  bool simulated = false;  // any device is: the screen says so, always
  Session session;
  std::vector<DeviceView> devices;
  std::vector<CameraView> cameras;
  std::string reader_problem;  // in words, when numbers cannot be read and must be typed

  // The crossing in the lane, if any; then the vehicles behind it, oldest first.
  std::optional<inspection::Crossing> focus;
  std::vector<inspection::Crossing> others_open;
  std::vector<CrossingSummary> recent;       // closed, newest first, at most 3
  std::vector<Announced> announced;          // next first; empty when the centre announces none
  std::vector<inspection::Crossing> queue;   // waiting for a second look, alarms first, then the oldest
  std::vector<ReadView> reads;               // of the crossing in focus
  bool assessing = false;                    // risk was asked for, no answer yet
  std::optional<hal::WeightReading> weight;  // live
  std::optional<hal::ChainReading> chain;    // latest
  inspection::LaneFacts facts;               // for may(), without a second person
  hal::BarrierState entry_barrier = hal::BarrierState::unknown, exit_barrier = hal::BarrierState::unknown;
  bool works_by_hand = false;

  ScanProgress scan;
  std::vector<ImageView> images;
  std::vector<std::string> library;  // names of pictures to compare with; "empty…" is an empty vehicle or container
  std::string library_problem;       // in words, when one of them could not be read
  RadiationView radiation;
  LineView line;
  StorageView storage;
  std::vector<Outcome> outcomes;
  SearchView search;
  RecordView record;
  bool journal_verified = false;  // at the last check (start-up and on request)
  std::int64_t journal_verified_up_to = 0;
  std::string journal_problem;
};

}  // namespace torugart::lane
