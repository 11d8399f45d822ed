// What can happen at the lane. A crossing is the fold of its events (crossing.h); nothing else is ever stored.
//
// An event is an envelope (who, when, which device, which crossing) and one payload. Payloads are plain values; every
// optional thing is std::optional, every list may be empty. `to_json`/`from_json` (event_json.h) give the canonical
// text that is hashed, stored and uploaded; README.md tabulates every type with its fields. Fields are only ever
// added, with a meaning for "absent", so that a record of today can be read in ten years.
//
// Units: wall time in µs since 1970 UTC, monotonic time in µs, weight in kg, pixel boxes in image pixels of the named
// image. Texts are UTF-8, at most 4096 bytes each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kiosk/inspection/people.h"

namespace torugart::inspection {

// ---- words
// ---------------------------------------------------------------------------------------------------------

enum class Direction { entry, exit, unknown };
enum class LaneColour { green, blue, yellow, red, unknown };  // from light to strict; unknown is the strictest
enum class NumberKind { plate, container };
enum class Place { front, rear, side, unknown };
enum class ReadVerdict { accepted, ask };
enum class RiskSource {
  central,
  cached,  // the centre's, to an earlier visit with the same numbers and documents
  watch_list,
  local_rule
};
enum class ClearedHow { walked, cameras, both };
enum class DriverPlace { in_cab, out };
enum class Verdict { clear, suspect };
enum class ReviewOutcome { agree, disagree, physical_examination };
enum class MarkKind { narcotics, weapons, cigarettes, undeclared_goods, hidden_compartment, person, other };
enum class Certainty { low, medium, high };
enum class SealState { intact, broken, missing, replaced };
enum class ArrivedBy { loop, camera, hand };

// A file in the archive, by what it is and by its content.
struct FileRef {
  std::string role;  // "plate_crop", "xray_high", "xray_low", "xray_raw_high", "xray_raw_low", "tdr", "portal_lines"
  std::string sha256;  // lower-case hex, 64 digits
  std::int64_t bytes = 0;
  std::string media_type;  // "application/dicom", "image/jpeg", "text/csv"
  friend bool operator==(const FileRef&, const FileRef&) = default;
};

struct Number {
  NumberKind kind = NumberKind::plate;
  Place place = Place::unknown;
  std::string text;        // no spaces: "123ABC02", "MSKU1234565"
  std::string country;     // ISO 3166 two letters of a plate; empty when not known and for containers
  std::string size_type;   // ISO 6346 "22G1", containers only
  std::string read;        // what the reader had proposed; empty when nothing was read
  bool corrected = false;  // the inspector changed or typed it
  friend bool operator==(const Number&, const Number&) = default;
};

struct Profile {  // a risk profile that hit
  std::string id;
  std::string text;
  friend bool operator==(const Profile&, const Profile&) = default;
};

struct Hold {  // an agency wants this vehicle kept until it says otherwise
  std::string id;
  std::string agency;
  std::string text;
  friend bool operator==(const Hold&, const Hold&) = default;
};

// ---- payloads, in the order of a truck's walk
// ------------------------------------------------------------------------

struct Arrived {
  Direction direction = Direction::unknown;
  ArrivedBy by = ArrivedBy::loop;
  bool follows_closely = false;  // the vehicle before it had not left yet
};

struct NumberRead {  // a vote of the reader; several per crossing
  NumberKind kind = NumberKind::plate;
  Place place = Place::unknown;
  std::string text;
  std::string country;
  std::string size_type;
  double confidence = 0;      // 0 … 1 of the whole
  double min_confidence = 0;  // 0 … 1 of the weakest character
  ReadVerdict verdict = ReadVerdict::ask;
  int frames = 0;
  bool check_digit = false;  // containers
  bool owner_known = false;  // containers
  std::optional<FileRef> crop;
};

struct IdentityConfirmed {
  std::vector<Number> numbers;
};

struct NumberEdited {  // after confirmation; needs a second person
  Number before;
  Number after;
  std::string reason;
};

struct DocumentPresented {
  std::string kind;  // "TIR", "SAD", "CMR", "seal", "other"
  std::string number;
  std::string source;  // "code_reader", "typed", "recorded"
};

struct RiskAssessed {
  RiskSource source = RiskSource::local_rule;
  LaneColour colour = LaneColour::unknown;
  std::string assessment;  // the centre's id; empty offline
  std::vector<Profile> profiles;
  std::vector<Hold> holds;
  bool scan_required = false;
  std::int64_t as_of_wall_us = 0;  // of the watch list, or of the answer
};

struct LaneRerouted {
  LaneColour from = LaneColour::unknown;
  LaneColour to = LaneColour::unknown;
  std::string reason;
};

struct HoldLifted {
  std::string hold;  // Hold::id
  std::string reason;
};

struct Weighed {
  double gross_kg = 0;
  bool stable = true;
  bool typed = false;  // by hand, from the indicator
};

struct RadiationMeasured {
  bool gamma_alarm = false;
  bool neutron_alarm = false;
  double max_sigma = 0;  // our second opinion
  int occupancy = 0;     // the monitor's number; 0 when it gave none
  bool fault_or_tamper = false;
  std::optional<FileRef> lines;
};

struct RadiationResolved {
  std::string how;  // "secondary measurement", "documented source", …
  std::string reason;
};

struct AreaCleared {
  ClearedHow how = ClearedHow::walked;
  DriverPlace driver = DriverPlace::out;
};

struct AreaClearanceVoided {
  std::string reason;
};

struct ScanRequested {
  std::string scan;
};

struct ScanCompleted {
  std::string scan;
  std::string end;  // hal::ScanEnd as a word; "complete" is the only good one
  int lines = 0;
  int lines_missing = 0;
  int columns = 0;  // of the corrected image
  int rows = 0;
  bool calibrated = false;
  std::string calibration_note;  // why not, in words
  double saturated_percent = 0;
  std::optional<double> dose_usv;
  bool simulated = false;
  std::vector<FileRef> files;
  bool usable() const { return columns > 0; }
};

struct RegionMarked {
  std::string mark;  // id, unique in the crossing
  std::string scan;
  int x = 0, y = 0, w = 0, h = 0;  // pixels of the corrected image
  MarkKind kind = MarkKind::other;
  Certainty certainty = Certainty::medium;
  std::string note;
  // Corners x0, y0, x1, y1, … of an outline inside the rectangle, at least three; absent: the rectangle itself. A point is a
  // rectangle of one pixel.
  std::optional<std::vector<int>> outline = {};
};

struct RegionUnmarked {
  std::string mark;
};

struct SealChecked {
  std::string number;
  SealState state = SealState::intact;
};

struct Decided {
  Verdict verdict = Verdict::clear;
  std::string scan;          // empty when no scan was looked at
  std::string image_sha256;  // of the image that was looked at (high energy, corrected)
  std::string note;
  std::optional<FileRef> tdr;
};

struct ReviewRequested {
  std::string reason;
};

struct Reviewed {
  Verdict own_verdict = Verdict::clear;  // the supervisor's, before the first inspector's was shown
  ReviewOutcome outcome = ReviewOutcome::agree;
  std::string reason;  // required unless agree
};

struct Examined {  // result of a physical examination
  bool contraband_found = false;
  std::string result;
};

struct Released {
  bool exceptional = false;             // something stood against it and a second person agreed
  std::vector<std::string> overridden;  // what stood against it, as keys: "suspect_image", "unknown_risk", …
};

struct Detained {
  std::string reason;
};

struct Departed {
  bool without_release = false;
  bool by_hand = false;  // no loop: the inspector says that it has left
};

struct Cancelled {  // a crossing that was none: an empty loop, a car that turned round
  std::string reason;
};

struct HandedOver {  // the shift changed while this crossing was open
  std::string from;
  std::string to;
};

struct DeviceChanged {
  std::string device;
  std::string state;  // hal::DeviceState as a word
  std::string summary;
};

struct SignedIn {
  std::string account;
};
struct SignedOut {
  std::string account;
  std::string why;  // "asked", "idle", "handed over"
};

struct RecordViewed {
  std::string crossing;
};

struct ClockJumped {
  std::int64_t by_us = 0;
};

struct Uploaded {  // the events up to and including this one have been sent
  std::int64_t up_to = 0;
};

struct Acknowledged {   // the centre's signed receipt
  std::string receipt;  // its id
  std::string crossing;
  std::int64_t up_to = 0;
  std::string signature;           // base64, as received
  std::vector<std::string> files;  // sha256 of files that the receipt covers
};

struct JournalKeyChanged {  // the key that signs the journal's checkpoints; the checkpoint over this event has both
  std::string key;          // the new public key, as a vkey (kiosk/journal/note.h)
  std::string previous;     // the one before it
  std::string reason;       // "rotated"; "lost": the old key was not there to sign the change
};

using Payload =
    std::variant<Arrived, NumberRead, IdentityConfirmed, NumberEdited, DocumentPresented, RiskAssessed, LaneRerouted,
                 HoldLifted, Weighed, RadiationMeasured, RadiationResolved, AreaCleared, AreaClearanceVoided,
                 ScanRequested, ScanCompleted, RegionMarked, RegionUnmarked, SealChecked, Decided, ReviewRequested,
                 Reviewed, Examined, Released, Detained, Departed, Cancelled, HandedOver, DeviceChanged, SignedIn,
                 SignedOut, RecordViewed, ClockJumped, Uploaded, Acknowledged, JournalKeyChanged>;

// "arrived", "number_read", … the same order as in Payload.
std::string_view type_of(const Payload& payload);

// ---- envelope
// --------------------------------------------------------------------------------------------------------

struct Event {
  std::int64_t seq = 0;  // 1, 2, 3 … per lane, without gaps; the journal's order
  std::string lane;      // "kordai-2"
  std::string crossing;  // empty for what belongs to no crossing (sign-in, devices between trucks)
  std::string actor;     // account; "lane" for what devices report
  std::string role;      // Role as a word; empty for the lane itself
  std::string second;    // account of the second person, when the rule asked for one
  std::string device;    // device id, when one reported it
  std::int64_t mono_us = 0;
  std::int64_t wall_us = 0;
  std::string clock;  // hal::ClockState as a word
  std::string boot;   // changes with every start of the program: monotonic times compare within one boot only
  int schema = 1;
  Payload payload;
};

// Words of the enums as they stand in the JSON and in the tests: lower case, underscores.
std::string_view to_string(Direction v);
std::string_view to_string(LaneColour v);
std::string_view to_string(NumberKind v);
std::string_view to_string(Place v);
std::string_view to_string(ReadVerdict v);
std::string_view to_string(RiskSource v);
std::string_view to_string(ClearedHow v);
std::string_view to_string(DriverPlace v);
std::string_view to_string(Verdict v);
std::string_view to_string(ReviewOutcome v);
std::string_view to_string(MarkKind v);
std::string_view to_string(Certainty v);
std::string_view to_string(SealState v);
std::string_view to_string(ArrivedBy v);

// The way back, for every enum above: from_word<LaneColour>("red"). Nothing for a word that is none.
template <typename E>
std::optional<E> from_word(std::string_view text);

}  // namespace torugart::inspection
