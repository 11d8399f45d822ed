#include "tests/support/fake_lane.h"

#include "imaging/material/classifier.h"

#include <algorithm>

namespace torugart::tests {

using namespace inspection;

namespace {
constexpr std::int64_t kMorning = 1'764'050'400'000'000;  // a day's 06:00 UTC

lane::DeviceView device(const char* id, hal::DeviceKind kind, const hal::TimeStamp& now) {
  return {{.id = id, .kind = kind, .driver = "sim", .model = "Simulated", .serial = {}, .simulated = true},
          {.state = hal::DeviceState::ready, .since = now, .summary = "Ready", .remedy = {}, .figures = {}}};
}
}  // namespace

FakeLane::FakeLane() {
  auto& v = state;
  v.now = {600'000'000, kMorning, hal::ClockState::synchronised};
  v.lane_name = "Lane 2";
  v.crossing_point = "Kordai";
  v.simulated = true;
  using hal::DeviceKind;
  for (const char* id : {"front", "rear", "side"}) {
    v.devices.push_back(device(id, DeviceKind::camera, v.now));
    v.cameras.push_back({.id = id, .position = id, .latest = camera_frame(id, id, 1), .found = {}});
  }
  v.devices.push_back(device("xray", DeviceKind::xray_scanner, v.now));
  v.devices.push_back(device("chain", DeviceKind::safety_chain, v.now));
  v.devices.push_back(device("portal", DeviceKind::portal_monitor, v.now));
  v.devices.push_back(device("bridge", DeviceKind::weighbridge, v.now));
  v.devices.push_back(device("signals", DeviceKind::lane_signals, v.now));
  hal::ChainReading chain{.at = v.now, .contacts = {}, .dose_rate_usv_h = 0.12};
  for (const char* name : {"Interlock 1", "Interlock 2", "Interlock 3", "E-stop cabin", "Key"})
    chain.contacts.push_back({name, hal::ContactKind::door, hal::ContactState::closed});
  v.chain = chain;
  v.facts.chain_closed = v.facts.scanner_ready = true;
  v.entry_barrier = v.exit_barrier = hal::BarrierState::down;
  v.radiation = {.fitted = true, .recent_gamma = {}, .background = 412};
  v.line = {.configured = true,
            .online = true,
            .since_wall_us = kMorning - 3'600'000'000,
            .trouble = {},
            .remedy = {},
            .certificate_days_left = 212};
  v.storage = {.last_seq = 0,
               .durable_seq = 0,
               .free_bytes = 812'000'000'000,
               .trucks_that_fit = 6400,
               .trouble = {},
               .remedy = {}};
  v.session.last_account_name = "B. Omarov";
  v.journal_verified = true;
  risk = {.source = RiskSource::central,
          .colour = LaneColour::green,
          .assessment = "R-1",
          .profiles = {},
          .holds = {},
          .as_of_wall_us = kMorning};
}

std::vector<lane::AccountName> FakeLane::accounts() {
  return {{"ivanova", "A. Ivanova", Role::inspector, "en"},
          {"omarov", "B. Omarov", Role::inspector, "ru"},
          {"seitova", "G. Seitova", Role::supervisor, "en"}};
}

std::shared_ptr<const lane::LaneView> FakeLane::view() const {
  return std::make_shared<lane::LaneView>(state);
}

void FakeLane::sign_in(const std::string& account, const std::string& pin) {
  state.session.problem.clear();
  for (const auto& a : accounts())
    if (a.account == account && pin == "2468") {
      state.session.actor = Actor{a.account, a.name, a.role};
      state.session.language = a.language;
      return;
    }
  state.session.problem = "Wrong PIN";
}

void FakeLane::sign_out() {
  if (state.session.actor) state.session.last_account_name = state.session.actor->name;
  state.session.actor.reset();
}

std::uint64_t FakeLane::post(const std::string& id, Command command, std::optional<lane::SecondPerson> second) {
  const auto ticket = ++ticket_;
  lane::Outcome outcome{.ticket = ticket, .done = true, .ok = true, .why_not = {}, .detail = {}};
  LaneFacts facts = state.facts;
  std::string name(name_of(command));
  if (second) {
    for (const auto& a : accounts())
      if (a.account == second->account && second->pin == "2468") facts.second = Actor{a.account, a.name, a.role};
    if (!facts.second) {
      outcome.ok = false;
      outcome.why_not = "Wrong PIN";
    }
    name += "+second";
  }
  if (outcome.ok && !state.session.actor) outcome = {ticket, true, false, "Sign in first", {}};
  if (outcome.ok) {
    if (std::holds_alternative<OpenCrossing>(command)) {
      arrive();
    } else {
      const auto permission = may(command, crossing(id), *state.session.actor, facts);
      outcome.ok = permission.allowed && (!permission.needs_second || facts.second);
      outcome.why_not = permission.why_not;
      outcome.detail = permission.detail;
      if (outcome.ok) act(id, command, facts, facts.second ? facts.second->account : std::string());
    }
  }
  if (outcome.ok) posted.push_back(name);
  state.outcomes.push_back(outcome);
  refresh_lists();
  return ticket;
}

bool FakeLane::act(const std::string& id, const Command& command, const LaneFacts& facts, const std::string& second) {
  for (auto& payload : apply_command(command, crossing(id), *state.session.actor, facts)) {
    Event e;
    e.seq = ++state.storage.last_seq;
    e.lane = "kordai-2";
    e.crossing = id;
    e.actor = state.session.actor->account;
    e.role = to_string(state.session.actor->role);
    e.second = second;
    e.mono_us = state.now.mono_us;
    e.wall_us = state.now.wall_us;
    e.payload = std::move(payload);
    inspection::apply(*crossing(id), e);
    events.push_back(std::move(e));
  }
  state.storage.durable_seq = state.storage.last_seq;
  follow_up(id, command);
  return true;
}

void FakeLane::follow_up(const std::string& id, const Command& command) {
  if (std::holds_alternative<ConfirmIdentity>(command)) {
    state.assessing = !answer_risk;
    if (answer_risk) apply(id, risk);
  }
  if (std::holds_alternative<AskScan>(command)) {
    state.scan = {};
    state.scan.state = lane::ScanState::warning;
    state.scan.crossing = id;
    state.scan.scan = crossing(id)->scan_requested;
    state.scan.warning_ends_mono_us = state.now.mono_us + 3'000'000;
    state.facts.scan_running = true;
  }
  if (std::holds_alternative<StopScan>(command)) {
    state.scan.state = lane::ScanState::ended;
    state.scan.ended_because = "withdrawn";
    state.facts.scan_running = false;
    ScanCompleted done;
    done.scan = state.scan.scan;
    done.end = "withdrawn";
    apply(id, done);
  }
}

void FakeLane::apply(const std::string& id, Payload payload) {
  auto* c = crossing(id);
  if (!c) return;
  Event e;
  e.seq = ++state.storage.last_seq;
  state.storage.durable_seq = e.seq;
  e.lane = "kordai-2";
  e.crossing = id;
  e.actor = std::string(kLaneAccount);
  e.mono_us = state.now.mono_us;
  e.wall_us = state.now.wall_us;
  e.payload = std::move(payload);
  inspection::apply(*c, e);
  events.push_back(std::move(e));
  refresh_lists();
}

Crossing* FakeLane::crossing(const std::string& id) {
  for (auto& c : open_)
    if (c.id == id) return &c;
  return nullptr;
}

std::string FakeLane::arrive() {
  Event e;
  e.seq = ++state.storage.last_seq;
  state.storage.durable_seq = e.seq;
  e.lane = "kordai-2";
  e.crossing = "c" + std::to_string(open_.size() + 1);
  e.actor = std::string(kLaneAccount);
  e.mono_us = state.now.mono_us;
  e.wall_us = state.now.wall_us;
  e.payload = Arrived{Direction::entry, ArrivedBy::loop, false};
  Crossing c;
  inspection::apply(c, e);
  open_.push_back(c);
  events.push_back(e);
  focus_ = c.id;
  refresh_lists();
  return c.id;
}

void FakeLane::read_all(bool sure) {
  auto read = [&](NumberKind kind, Place place, std::vector<lane::Candidate> candidates, bool is_sure) {
    lane::ReadView r{.kind = kind,
                     .place = place,
                     .sure = is_sure,
                     .candidates = std::move(candidates),
                     .character_confidence = {},
                     .frames = 7,
                     .crop = plate_crop()};
    r.character_confidence.assign(r.candidates.front().text.size(), is_sure ? 0.99 : 0.97);
    if (!is_sure) r.character_confidence[3] = 0.6;
    state.reads.push_back(std::move(r));
  };
  state.reads.clear();
  read(NumberKind::plate, Place::front,
       {{"123ABC02", "KZ", {}, 0.97}, {"123A8C02", "KZ", {}, 0.4}, {"128ABC02", "KZ", {}, 0.2}}, sure);
  read(NumberKind::plate, Place::rear, {{"45KLM02", "KZ", {}, 0.98}}, true);
  read(NumberKind::container, Place::side, {{"MSKU1234565", {}, "22G1", 0.96}}, true);
  for (auto& camera : state.cameras)
    camera.found = {{.x = 270, .y = 290, .w = 110, .h = 30, .text = "", .sure = sure}};
}

void FakeLane::run_scan(int columns) {
  const auto whole = truck_picture();
  const auto high = imaging::to_raster(whole->view, imaging::Energy::high, {0, 0, columns, whole->rows()});
  const auto low = imaging::to_raster(whole->view, imaging::Energy::low, {0, 0, columns, whole->rows()});
  auto view = std::make_shared<imaging::ScanView>(imaging::make_view(high, low));
  view->revision = static_cast<std::uint64_t>(columns);
  state.scan.state = lane::ScanState::beam;
  state.scan.beam_since_mono_us = state.now.mono_us - 4'000'000;
  state.scan.lines = columns;
  state.scan.speed_mm_s = 1350;
  state.scan.growing = view;
}

void FakeLane::end_scan() {
  const std::string id = state.scan.crossing, scan = state.scan.scan;
  const auto picture = truck_picture();
  state.scan.state = lane::ScanState::ended;
  state.facts.scan_running = false;
  ScanCompleted done;
  done.scan = scan;
  done.end = "complete";
  done.lines = done.columns = picture->columns();
  done.rows = picture->rows();
  done.calibrated = true;
  state.images.push_back(
      {.crossing = id,
       .scan = scan,
       .image = picture,
       .taken_wall_us = state.now.wall_us,
       .materials = imaging::MaterialTable::make(),
       .aids_done = true,
       .aids = {{.kind = "dense_region", .x = 1500, .y = 330, .w = 180, .h = 150, .score = 0.8, .why = "dense"},
                {.kind = "no_signal_region", .x = 240, .y = 420, .w = 120, .h = 90, .score = 0.4, .why = "dark"}},
       .earlier_of = {},
       .matched = {},
       .reference = {}});
  apply(id, done);
}

void FakeLane::refresh_lists() {
  ++state.version;
  state.focus.reset();
  state.others_open.clear();
  state.queue.clear();
  for (const auto& c : open_) {
    if (!c.open()) continue;
    if (c.id == focus_)
      state.focus = c;
    else
      state.others_open.push_back(c);
    if (c.stage == Stage::second_look) state.queue.push_back(c);
  }
  state.radiation.alarm = state.focus && state.focus->radiation_alarm_open();
  if (listener_) listener_();
}

void FakeLane::search(const std::string& query) {
  state.search = {.query = query, .running = false, .rows = {}};
  for (const auto& c : open_)
    if (query.empty() || c.title().find(query) != std::string::npos)
      state.search.rows.push_back({.id = c.id,
                                   .title = c.title(),
                                   .stage = c.stage,
                                   .colour = c.colour,
                                   .arrived_wall_us = c.arrived_wall_us,
                                   .released = c.released});
}

void FakeLane::open_record(const std::string& id) {
  state.record = {.crossing = id, .loading = false, .fold = {}, .events = {}, .pictures = {}, .problem = {}};
  if (const auto* c = crossing(id)) state.record.fold = *c;
  for (const auto& e : events)
    if (e.crossing == id) state.record.events.push_back(e);
}

void FakeLane::close_record() {
  state.record = {};
}

void FakeLane::want_images(const std::string&) {}

void FakeLane::find_earlier() {
  lane::ImageView earlier;
  earlier.crossing = "c-7";
  earlier.scan = "c-7-scan-1";
  earlier.image = truck_picture(2600, 720, true, false);
  earlier.taken_wall_us = state.now.wall_us - 90'000'000'000;
  earlier.materials = imaging::MaterialTable::make();
  earlier.earlier_of = state.focus->id;
  earlier.matched = "MSKU1234565";
  state.images.push_back(std::move(earlier));
}

void FakeLane::want_reference(const std::string& crossing, const std::string& name) {
  lane::ImageView reference;
  reference.scan = "library/" + name;
  reference.image = truck_picture(2600, 720, true, false);
  reference.earlier_of = crossing;
  reference.reference = name;
  state.images.push_back(std::move(reference));
}

void FakeLane::verify_journal() {
  state.journal_verified = true;
  state.journal_verified_up_to = state.storage.durable_seq;
}

}  // namespace torugart::tests
