// The engine thread's state and everything that changes it. Private to this folder.
//
// Thread-bound: every member is called on the engine thread, but for the few that are marked. What happens elsewhere
// comes back through post_: devices' handlers, workers, the journal's and the centre's callbacks.
//
// One .cpp per subject; README.md has the state machines.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "hal/api/scan_guard.h"
#include "kiosk/lane/engine.h"
#include "kiosk/lane/imaging_worker.h"
#include "kiosk/lane/inbox.h"
#include "kiosk/lane/read_worker.h"
#include "kiosk/lane/timers.h"

namespace torugart::lane {

using inspection::Payload;

// Who an event is ascribed to.
struct Who {
  std::string account{inspection::kLaneAccount};
  std::string role;
  std::string second;
  std::string device;
};
Who by_device(std::string device);
Who by_person(const inspection::Actor& actor, const std::optional<inspection::Actor>& second = std::nullopt);

using ReadKey = std::pair<inspection::NumberKind, inspection::Place>;

// A vehicle in the lane: the fold, and what is known beside the journal and is lost with the process.
struct Visit {
  std::string id;  // of the crossing
  inspection::Crossing fold;
  std::uint64_t vehicle = 0;  // of the reader's votes
  bool moved_on = false;      // has left the identification point: the cameras look at the one behind it
  bool assessing = false;
  std::uint64_t risk_query = 0;                         // the newest; older answers are not taken
  std::map<std::string, CameraVote> votes;              // by camera
  std::map<std::string, std::int64_t> offered_mono_us;  // by camera: the frame that was read last
  struct Noted {                                        // what was recorded of a kind and place
    std::string text;
    bool sure = false;
    int events = 0;
  };
  std::map<ReadKey, Noted> noted;
  std::map<std::string, std::vector<imaging::StoredObject>> objects;  // DICOS objects by scan
  std::map<std::string, imaging::ScanMetadata> metadata;              // by scan
};

// The portal's present occupancy.
struct Occupancy {
  bool running = false;
  bool ended = false;      // before anybody had arrived
  int recorded_kinds = 0;  // of alarm: 1 gamma, 2 neutron
  std::string crossing;    // that it is ascribed to; empty until there is one
  std::int64_t first_mono_us = 0;
  bool gamma_alarm = false, neutron_alarm = false, fault = false;
  double max_sigma = 0;
  int number = 0;
  std::string csv;
};

// The scan that runs, or the last one.
struct ScanRun {
  bool active = false;
  std::string crossing, scan;
  bool withdrawn = false;
  std::string because;  // in words, when it was withdrawn or did not end well
  std::string end;      // hal::ScanEnd as a word
  std::optional<double> dose_usv;
  std::int64_t requested_wall_us = 0;
};

// A command on its way.
struct Act {
  std::uint64_t ticket = 0;
  std::string crossing;
  inspection::Command command;
  inspection::Actor actor;
  std::optional<inspection::Actor> second;
};

class Core {
 public:
  Core(LaneEngineConfig config, LaneParts parts, Inbox& inbox);
  ~Core();

  // -- life (core.cpp); on the caller's thread, before and after the engine thread runs
  tl::expected<void, Error> restore();
  void open_devices();
  void stop();
  bool run_workers();  // without own threads: true when anything was done

  // -- on the engine thread
  void run_due();
  std::int64_t next_due_mono_us() const;
  std::shared_ptr<const LaneView> take_view_if_due();  // null when nothing changed or it is too early

  void sign_in(const std::string& account, const Secret& pin);
  void sign_out(const std::string& why);
  void still_here();
  void command(std::uint64_t ticket, const std::string& crossing, inspection::Command command,
               const std::optional<std::pair<std::string, Secret>>& second);
  void search(const std::string& query);
  void open_record(const std::string& crossing);
  void close_record();
  void want_images(const std::string& crossing);
  void want_reference(const std::string& crossing, const std::string& name);
  void test_device(const std::string& device);
  void verify_journal();

  std::int64_t now_mono_us() const { return clock_.now().mono_us; }
  const LaneEngineConfig& config() const { return config_; }
  Accounts& accounts() { return *parts_.accounts; }

 private:
  // -- recording (record.cpp)
  hal::TimeStamp stamp();
  // Appends and folds. `ticket`: its outcome is done when the events are on the disk.
  void record(const std::string& crossing, std::vector<Payload> payloads, const Who& who, std::uint64_t ticket = 0);
  void record(const std::string& crossing, Payload payload, const Who& who = {});
  bool hand_over(std::vector<inspection::Event>& events, std::uint64_t ticket);
  void retry_held();
  void on_durable(const journal::Result<std::int64_t>& result, std::uint64_t ticket);
  void watch_storage();
  void fold(const inspection::Event& event);
  Visit* visit(const std::string& crossing);
  Visit* focus() { return visits_.empty() ? nullptr : &visits_.front(); }
  void note_archive(const std::string& why_not);  // empty: the archive took a file
  void close_visits();
  void changed(bool at_once = false);
  bool watched() const { return session_.actor.has_value(); }  // somebody looks at pictures and live figures

  // -- devices (devices_in.cpp)
  template <class D>
  hal::HealthHandler health_handler(const D& device);
  template <class D, class Handler>
  void open_one(D& device, Handler handler);
  void on_health(const std::string& device, const hal::Health& health);
  void device_settled(const std::string& device);
  hal::DeviceState state_of(const hal::Device* device) const;
  void take_frames();
  void on_chain(const hal::ChainReading& reading);
  bool dose_moved(const std::optional<double>& dose) const;
  void on_chain_silent();
  void note_chain();
  void remember_lock();
  std::string lock_file() const;
  void look_for_persons();
  void on_weight(const hal::WeightReading& reading);
  void on_code(const std::string& device, const hal::CodeRead& code);

  // -- arrival, departure, barrier and lights (signals.cpp)
  void on_signal(const hal::SignalMessage& message);
  void on_loop(const hal::LoopChange& change);
  void arrive(inspection::ArrivedBy by, inspection::Direction direction, const Who& who, std::uint64_t ticket = 0,
              std::uint64_t vehicle = 0);
  std::string new_crossing_id();
  void depart();
  bool has_loops() const;
  bool works_by_hand() const;
  void let_out(const std::string& crossing, std::uint64_t ticket);
  void lower_exit_barrier();
  void show_lights();

  // -- numbers and risk (identity.cpp)
  Visit* at_cameras();
  bool wants_reading(const Visit& v, const std::string& camera) const;
  void offer_frame(const hal::Frame& frame);
  void on_vote(CameraVote vote);
  void on_plate_without_loop(const CameraVote& vote);
  void note_reads(Visit& v, bool final);
  void note_read(Visit& v, const VotedNumber& number);
  std::vector<ReadView> reads_of(const Visit& v) const;
  bool belongs_to_another(const Visit& v, const std::string& text) const;
  void ask_risk(Visit& v);
  void on_risk(const std::string& crossing, std::uint64_t query, const inspection::RiskAssessed& risk);

  // -- radiation (radiation.cpp)
  void on_portal(const hal::PortalLine& line);
  void ascribe_occupancy();
  void record_alarm();
  void end_occupancy();
  void give_up_occupancy();
  inspection::RadiationMeasured measured() const;

  // -- scan (scan.cpp)
  std::optional<hal::Error> ask_scan(Visit& v, const std::string& scan);
  void on_scan_phase(const hal::ScanPhaseChange& change);
  void renew_lease();
  void withdraw(const std::string& because);
  void end_scan(const std::string& end);
  void note_scan(const std::string& state, const std::string& summary);
  void on_growing(const GrowingScan& growing);
  void on_picture(const std::string& scan, const imaging::ScanImagePtr& picture);
  void on_stored(const StoredScan& stored);
  void keep_image(const std::string& crossing, const std::string& scan, imaging::ScanImagePtr image,
                  std::int64_t taken_wall_us);
  void keep_image(ImageView shown);
  void look_closer(const ImageView& shown);
  void drop_images();
  imaging::ScanMetadata metadata_of(const Visit& v, const std::string& scan, std::int64_t wall_us) const;

  // -- commands (commands.cpp, decide.cpp)
  inspection::LaneFacts facts(const std::optional<inspection::Actor>& second = std::nullopt) const;
  Outcome& outcome(std::uint64_t ticket);
  void refuse(std::uint64_t ticket, std::string why_not, std::string detail = {});
  void execute(Act act);
  bool permitted(const Act& act, const Visit* v);
  void follow(const Act& act, Visit& v);
  void decide(Act act, Visit& v);
  void finish_decide(const Act& act, const std::optional<inspection::FileRef>& tdr, const std::string& problem);

  // -- people (people.cpp)
  void on_signed_in(const SignInCheck& check);
  void hand_over_shift(const inspection::Actor& to);
  void idle();

  // -- records and the centre (records.cpp, upload.cpp)
  void decode_images(const inspection::Crossing& crossing);
  // -- what a picture is compared with (comparisons.cpp)
  void find_earlier(const std::string& crossing);
  void list_library();
  void start_centre();
  void on_status(const central::Status& status);
  void on_receipt(const inspection::Acknowledged& receipt);
  void ask_space();

  // -- the snapshot (view_builder.cpp)
  std::shared_ptr<const LaneView> build_view();
  RadiationView radiation_view() const;
  StorageView storage_view() const;

  const LaneEngineConfig config_;
  LaneParts parts_;
  Inbox& inbox_;
  const hal::Clock& clock_;
  std::string boot_;
  Timers timers_;

  std::deque<Visit> visits_;                 // open, in the order of arrival; the first is in focus
  std::deque<inspection::Crossing> recent_;  // closed, newest first, at most 3
  std::int64_t left_mono_us_ = 0;            // when the last one left
  std::uint64_t next_vehicle_ = 1;
  std::uint64_t watched_vehicle_ = 0;  // a lane without loops: what the cameras see before an arrival; 0: none
  int next_number_ = 1;                // of a crossing's id

  // The journal may call back after this engine is gone: it goes on writing what was handed over.
  struct Gate {
    std::mutex mutex;
    bool open = true;
  };
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();

  struct Held {  // events that the journal could not take yet
    std::vector<inspection::Event> events;
    std::uint64_t ticket = 0;
  };
  std::deque<Held> held_;
  std::optional<journal::Error> journal_refusal_;
  std::string archive_refusal_;
  std::int64_t wall_minus_mono_us_ = 0;
  archive::Space space_;

  struct DeviceState {
    hal::Device* device = nullptr;
    hal::DeviceInfo info;
    hal::Health health;
    std::string recorded;  // "ready" or "faulted"; empty: nothing recorded yet
  };
  std::vector<DeviceState> devices_;
  std::vector<CameraView> cameras_;
  std::string reader_problem_;
  std::map<std::string, std::int64_t> watched_offered_mono_us_;  // by camera

  std::mutex frames_mutex_;  // the only state that camera threads touch
  std::map<std::string, hal::Frame> new_frames_;

  std::optional<hal::ChainReading> chain_;
  bool chain_shown_closed_ = false;
  hal::ChainGuard guard_;                 // may beam be asked for (hal/api/safety_chain.md)
  std::deque<std::int64_t> chain_noted_;  // when its changes were recorded, of the last seconds
  bool lock_remembered_ = false;
  std::optional<double> dose_shown_;
  std::optional<hal::WeightReading> weight_;
  std::int64_t weight_steady_since_mono_us_ = 0;
  double weight_steady_kg_ = 0;
  bool bridge_armed_ = true;
  std::map<hal::LoopPlace, hal::LoopState> loops_;
  std::int64_t arrival_free_since_mono_us_ = 0;
  hal::BarrierState entry_barrier_ = hal::BarrierState::unknown, exit_barrier_ = hal::BarrierState::unknown;
  bool barrier_refused_ = false;

  hal::PortalSigma sigma_;
  Occupancy occupancy_;
  std::deque<int> recent_gamma_;
  int background_ = 0;
  bool portal_fault_ = false;             // a fault or tamper line since the last occupancy
  std::int64_t alarm_since_wall_us_ = 0;  // of the vehicle in focus; 0: no alarm
  int alarm_detector_ = 0;
  double alarm_sigma_ = 0;

  ScanRun scan_;
  std::map<std::string, ScanRun> ended_;  // by scan: ended, its files are being written
  ScanProgress progress_;
  std::vector<ImageView> images_;

  Session session_;
  std::string last_account_;
  std::int64_t touched_mono_us_ = 0;
  std::uint64_t sign_in_try_ = 0;

  std::deque<Outcome> outcomes_;
  SearchView search_;
  std::uint64_t search_try_ = 0;
  std::set<std::string> earlier_asked_;  // crossings whose earlier scans were looked for
  std::vector<std::string> library_;
  std::string library_problem_;
  std::set<std::string> decoding_;  // scans whose pictures are being read from the archive
  RecordView record_;
  LineView line_;
  bool journal_verified_ = false;
  std::int64_t journal_verified_up_to_ = 0;
  std::string journal_problem_;

  bool changed_ = true, at_once_ = true;
  std::int64_t published_mono_us_ = 0;
  std::uint64_t version_ = 0;
  bool stopped_ = false;

  // Last, so that their threads end before what they post to goes.
  std::unique_ptr<ReadWorker> reading_;
  std::unique_ptr<ImagingWorker> imaging_;
  Worker device_worker_, file_worker_, record_worker_, verify_worker_, account_worker_;
};

}  // namespace torugart::lane
