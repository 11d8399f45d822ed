#include "hal/replay/player.h"

#include <fmt/format.h>

#include "hal/replay/player_impl.h"

namespace torugart::hal::replay {
namespace {

constexpr std::int64_t kStepUs = 10'000;
constexpr std::int64_t kLeavingUs = 1'500'000;
constexpr std::int64_t kStillUs = 600'000;
constexpr std::int64_t kFirstDocumentUs = 3'000'000;
constexpr std::int64_t kWeightSettlesUs = 2'000'000;

tl::unexpected<Error> refused(std::string what, std::string remedy) {
  return tl::unexpected(Error{ErrorCode::refused, std::move(what), "replay", std::move(remedy)});
}

}  // namespace

void Player::Impl::step() {
  const std::lock_guard one(step_mutex);
  const auto now = clock.now();
  pump(now);
  walk(now);
  play_scan(now);
}

void Player::Impl::pump(TimeStamp now) {
  std::vector<BarrierChange> told;
  bool entry, exit, beam;
  {
    const std::lock_guard lock(mutex);
    told.swap(barrier_changes);
    entry = entry_up;
    exit = exit_up;
    beam = scan && scan->phase == ScanPhase::beam_on;
  }
  const std::lock_guard lock(ports_mutex);
  std::vector<PortBase*> ports;
  for (const auto& camera : cameras)
    ports.push_back(camera.get());
  for (const auto& reader : code_readers)
    ports.push_back(reader.get());
  for (PortBase* port : {static_cast<PortBase*>(xray.get()), static_cast<PortBase*>(safety.get()),
                         static_cast<PortBase*>(portal.get()), static_cast<PortBase*>(weighbridge.get()),
                         static_cast<PortBase*>(signals.get())}) {
    if (port != nullptr) ports.push_back(port);
  }
  for (PortBase* port : ports) {
    const bool opening = port->state() == DeviceState::opening;
    port->pump(now);
    if (opening && port == signals.get()) {
      // Who opens the signals must learn how they stand.
      const auto loop = [&](LoopPlace place, bool occupied) {
        send_loop(place, occupied ? LoopState::occupied : LoopState::free, now);
      };
      loop(LoopPlace::arrival, stage == Stage::present);
      loop(LoopPlace::scan_entry, beam);
      loop(LoopPlace::scan_exit, false);
      loop(LoopPlace::departure, stage == Stage::leaving);
      signals->send(BarrierChange{Barrier::entry, entry ? BarrierState::up : BarrierState::down, now});
      signals->send(BarrierChange{Barrier::exit, exit ? BarrierState::up : BarrierState::down, now});
    }
  }
  for (const auto& change : told) {
    if (signals) signals->send(change);
  }
}

void Player::Impl::walk(TimeStamp now) {
  Stage at;
  std::int64_t since;
  bool leaving_now;
  {
    const std::lock_guard lock(mutex);
    if (!stage_since_us) stage_since_us = now.mono_us;
    at = stage;
    since = scaled(now.mono_us - *stage_since_us);
    leaving_now = stage == Stage::present && leave && !scan;
  }
  const auto go = [&](Stage next) {
    const std::lock_guard lock(mutex);
    stage = next;
    stage_since_us = now.mono_us;
    leave = false;
  };
  show_cameras(now, since);
  play_slow_devices(now, since);
  if (at == Stage::gap && since >= options.gap_us) {
    go(Stage::present);
    begin_present(now);
  } else if (leaving_now) {
    go(Stage::leaving);
    send_loop(LoopPlace::arrival, LoopState::free, now);
    send_loop(LoopPlace::departure, LoopState::occupied, now);
  } else if (at == Stage::leaving && since >= kLeavingUs) {
    bool last;
    {
      const std::lock_guard lock(mutex);
      last = ++index >= static_cast<int>(crossings.size());
    }
    go(last ? Stage::finished : Stage::gap);
    for (const auto& camera : cameras)
      camera->source.reset();
    send_loop(LoopPlace::departure, LoopState::free, now);
  }
}

void Player::Impl::begin_present(TimeStamp now) {
  const auto& crossing = crossings[static_cast<std::size_t>(index)];
  const std::lock_guard lock(ports_mutex);
  for (const auto& camera : cameras) {
    camera->source.reset();
    if (camera->state() == DeviceState::faulted) {  // by the clip of the vehicle before
      camera->change(DeviceState::ready, "plays a recording", now);
    }
    if (const auto stills = crossing.stills.find(camera->position); stills != crossing.stills.end()) {
      camera->source = make_stills(stills->second, kStillUs);
    } else if (const auto clip = crossing.clips.find(camera->position); clip != crossing.clips.end()) {
      auto source = open_clip(clip->second);
      if (source) {
        camera->source = std::move(*source);
      } else {
        camera->change(DeviceState::faulted, source.error().what + ": " + source.error().where, now,
                       source.error().remedy);
      }
    }
  }
  next_portal = next_document = 0;
  next_weight_us = 0;
  auto opened = XrayPictures::open(crossing);
  {
    const std::lock_guard keep(mutex);
    pictures = opened ? std::make_shared<const XrayPictures>(std::move(*opened)) : nullptr;
    no_pictures = opened ? std::string() : opened.error().what + ": " + opened.error().where;
  }
  send_loop(LoopPlace::arrival, LoopState::occupied, now);
}

void Player::Impl::show_cameras(TimeStamp now, std::int64_t since_us) {
  std::vector<std::shared_ptr<CameraPort>> all;
  {
    const std::lock_guard lock(ports_mutex);
    all = cameras;
  }
  for (const auto& camera : all) {
    if (now.mono_us < camera->next_frame_us && !camera->still_wanted.exchange(false)) continue;
    camera->next_frame_us = now.mono_us + 1'000'000 / options.frames_per_second;
    if (!camera->source) camera->source = make_empty_view();
    const auto pixels = camera->source->at(since_us);
    Frame frame;
    frame.camera = camera->info().id;
    frame.position = camera->position;
    frame.sequence = camera->sequence++;
    frame.taken = now;
    frame.width = pixels.width;
    frame.height = pixels.height;
    frame.bgr = pixels.bgr;
    frame.damaged = pixels.damaged;
    camera->send(frame);
  }
}

void Player::Impl::play_slow_devices(TimeStamp now, std::int64_t since_us) {
  if (safety && now.mono_us >= next_chain_us) {
    next_chain_us = now.mono_us + 100'000;
    ChainReading reading;
    reading.at = now;
    reading.contacts = {{"Recorded input, no beam", ContactKind::beam_permit, ContactState::closed}};
    safety->send(reading);
  }
  if (stage != Stage::present) return;
  const auto& crossing = crossings[static_cast<std::size_t>(index)];
  while (portal && next_portal < crossing.portal.size() && crossing.portal[next_portal].after_us <= since_us) {
    portal->send(parse_portal_line(crossing.portal[next_portal++].line, now));
  }
  if (weighbridge && crossing.weight_kg && now.mono_us >= next_weight_us) {
    next_weight_us = now.mono_us + 200'000;
    WeightReading reading;
    reading.at = now;
    reading.gross_kg = *crossing.weight_kg;
    reading.status = since_us < kWeightSettlesUs ? WeightStatus::motion : WeightStatus::stable;
    weighbridge->send(reading);
  }
  if (!code_readers.empty() && next_document < crossing.documents.size() &&
      since_us >= kFirstDocumentUs + static_cast<std::int64_t>(next_document) * 1'000'000) {
    const auto& document = crossing.documents[next_document++];
    code_readers.front()->send(CodeRead{now, "", document.number});
  }
}

void Player::Impl::play_scan(TimeStamp now) {
  if (!xray) return;
  std::vector<XrayMessage> out;
  std::optional<ScanEnd> ends;
  bool beam_begins = false;
  {
    const std::lock_guard lock(mutex);
    if (!scan) return;
    auto& s = *scan;
    const auto tell = [&](ScanPhase phase, std::int64_t remaining_us) {
      ScanPhaseChange change;
      change.scan = s.request.scan;
      change.phase = s.phase = phase;
      change.at = now;
      change.remaining_us = remaining_us;
      out.emplace_back(std::move(change));
    };
    const auto warning_us = static_cast<std::int64_t>(static_cast<double>(XrayScanner::kWarningUs) / options.speed);
    if (s.withdrawn) {
      ends = ScanEnd::withdrawn;
    } else if (now.mono_us - s.renewed_us > XrayScanner::kLeaseUs) {
      ends = ScanEnd::lease_expired;
    } else if (s.phase == ScanPhase::warning) {
      const auto remaining = s.asked_us + warning_us - now.mono_us;
      if (!s.warning_told) tell(ScanPhase::warning, std::max<std::int64_t>(remaining, 0));
      s.warning_told = true;
      if (remaining <= 0) {
        tell(ScanPhase::dark_lines, 0);
        s.lines_since_us = now.mono_us;
      }
    } else {
      const auto due = scaled(now.mono_us - s.lines_since_us) * options.lines_per_second / 1'000'000;
      while (s.next_line < std::min<std::int64_t>(due, s.pictures->lines())) {
        auto line = s.pictures->line(s.next_line++);
        if (line.kind != LineKind::dark && s.phase == ScanPhase::dark_lines) {
          tell(ScanPhase::beam_on, 0);
          beam_begins = true;
        }
        line.taken = now;
        out.emplace_back(std::move(line));
      }
      if (s.next_line >= s.pictures->lines()) ends = ScanEnd::complete;
    }
  }
  if (!ends) xray->change(DeviceState::busy, "plays a scan", now);
  if (beam_begins) send_loop(LoopPlace::scan_entry, LoopState::occupied, now);
  for (const auto& message : out)
    xray->send(message);
  if (ends) end_scan(*ends, now);
}

void Player::Impl::end_scan(ScanEnd end, TimeStamp now) {
  ScanPhaseChange change;
  {
    const std::lock_guard lock(mutex);
    change.scan = scan->request.scan;
    scan.reset();
  }
  change.phase = ScanPhase::ended;
  change.end = end;
  change.at = now;
  send_loop(LoopPlace::scan_entry, LoopState::free, now);
  xray->send(change);
  xray->change(DeviceState::ready, "plays a recording", now);
}

void Player::Impl::send_loop(LoopPlace place, LoopState state, TimeStamp now) {
  if (signals) signals->send(LoopChange{place, state, now});
}

Result<void> Player::Impl::request_beam(const ScanRequest& request) {
  if (!xray || (xray->state() != DeviceState::ready && xray->state() != DeviceState::busy)) {
    return refused("the recorded scanner is not ready", "wait until it is, or close the running scan");
  }
  const std::lock_guard lock(mutex);
  if (scan) return refused("a scan runs already", "wait for its end");
  if (request.test_object) return refused("a recording has no test object", "check the scanner on its own lane");
  if (stage != Stage::present) return refused("no vehicle is in the lane", "wait for the next one");
  if (!pictures) return refused(no_pictures, "this crossing cannot be scanned again");
  const auto now = clock.now();
  scan = Scan{request, pictures, now.mono_us, now.mono_us};
  return {};
}

Result<void> Player::Impl::renew_lease() {
  const std::lock_guard lock(mutex);
  if (!scan) return refused("no scan runs", "ask for one first");
  scan->renewed_us = clock.now().mono_us;
  return {};
}

void Player::Impl::withdraw() {
  const std::lock_guard lock(mutex);
  if (scan) scan->withdrawn = true;
}

Result<void> Player::Impl::set_barrier(Barrier barrier, bool up) {
  const std::lock_guard lock(mutex);
  if (barrier == Barrier::exit) {
    if (!up && stage == Stage::leaving)
      return refused("a vehicle is under the exit barrier", "wait until it has left");
    if (up && stage == Stage::present) leave = true;
    exit_up = up;
  } else {
    if (!up && stage == Stage::present)
      return refused("a vehicle is under the entry barrier", "wait until it has left");
    entry_up = up;
  }
  barrier_changes.push_back({barrier, up ? BarrierState::up : BarrierState::down, clock.now()});
  return {};
}

// ---- the public face
// -------------------------------------------------------------------------------------------------

namespace {

Result<std::shared_ptr<Player>> make(const std::string& directory, PlayerOptions options, const Clock& clock,
                                     ManualClock* manual) {
  if (options.speed < 0.1 || options.speed > 100) {
    return tl::unexpected(Error{ErrorCode::bad_setting, fmt::format("speed {} cannot be played", options.speed),
                                directory, "use 0.1 to 100"});
  }
  auto crossings = read_recording(directory);
  if (!crossings) return tl::unexpected(crossings.error());
  return std::make_shared<Player>(std::make_unique<Player::Impl>(std::move(*crossings), options, clock, manual));
}

}  // namespace

Result<std::shared_ptr<Player>> Player::open(const std::string& directory, PlayerOptions options,
                                             const Clock& clock) {
  return make(directory, options, clock, nullptr);
}

Result<std::shared_ptr<Player>> Player::open(const std::string& directory, PlayerOptions options,
                                             ManualClock& clock) {
  return make(directory, options, clock, &clock);
}

Player::Player(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Player::~Player() {
  stop();
}

void Player::start() {
  if (impl_->manual != nullptr || impl_->thread.joinable()) return;
  impl_->thread = std::jthread([impl = impl_.get()](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      impl->step();
      std::unique_lock lock(impl->sleep_mutex);
      impl->sleep.wait_for(lock, stop, std::chrono::microseconds(kStepUs), [] { return false; });
    }
  });
}

void Player::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->thread.request_stop();
  impl_->thread.join();
}

void Player::advance_us(std::int64_t us) {
  if (impl_->manual == nullptr) return;
  for (std::int64_t done = 0; done < us; done += kStepUs) {
    impl_->manual->advance_us(std::min(kStepUs, us - done));
    impl_->step();
  }
}

const std::vector<RecordedCrossing>& Player::crossings() const {
  return impl_->crossings;
}

int Player::current() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->stage == Impl::Stage::present || impl_->stage == Impl::Stage::leaving ? impl_->index : -1;
}

bool Player::finished() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->stage == Impl::Stage::finished;
}

void Player::wave_through() {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->stage == Impl::Stage::present) impl_->leave = true;
}

}  // namespace torugart::hal::replay
