// Life of the engine's state: made, restored from the journal, stopped.
#include "kiosk/lane/core.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

namespace torugart::lane {
namespace {

std::string random_boot() {
  std::array<unsigned char, 8> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 17> hex{};
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  return hex.data();
}

// The counter at the end of "kordai-2-20261124T060247-0007"; 0 when it is another kind of name.
int number_of(const std::string& id) {
  const auto dash = id.rfind('-');
  int number = 0;
  if (dash != std::string::npos) std::from_chars(id.data() + dash + 1, id.data() + id.size(), number);
  return number;
}

}  // namespace

Who by_device(std::string device) {
  Who who;
  who.device = std::move(device);
  return who;
}

Who by_person(const inspection::Actor& actor, const std::optional<inspection::Actor>& second) {
  return {actor.account, std::string(inspection::to_string(actor.role)), second ? second->account : std::string(),
          ""};
}

Core::Core(LaneEngineConfig config, LaneParts parts, Inbox& inbox)
    : config_(std::move(config)),
      parts_(std::move(parts)),
      inbox_(inbox),
      clock_(*parts_.clock),
      boot_(config_.boot.empty() ? random_boot() : config_.boot),
      device_worker_(config_.own_threads),
      file_worker_(config_.own_threads),
      record_worker_(config_.own_threads),
      verify_worker_(config_.own_threads),
      account_worker_(config_.own_threads) {
  const auto now = clock_.now();
  wall_minus_mono_us_ = now.wall_us - now.mono_us;
  touched_mono_us_ = now.mono_us;
  reading_ = std::make_unique<ReadWorker>(
      parts_.make_reader, config_.read, config_.own_threads,
      [this](CameraVote vote) {
        inbox_.post([this, vote = std::move(vote)]() mutable { on_vote(std::move(vote)); });
      },
      [this](const Error& error) {
        inbox_.post([this, error] {
          reader_problem_ = error.what + (error.remedy.empty() ? "" : ". " + error.remedy);
          changed();
        });
      });
  imaging_ = std::make_unique<ImagingWorker>(
      *parts_.store, clock_, config_.work_folder, config_.own_threads,
      ImagingWorker::Callbacks{
          [this](GrowingScan growing) { inbox_.post([this, g = std::move(growing)] { on_growing(g); }); },
          [this](std::string scan, imaging::ScanImagePtr picture) {
            inbox_.post([this, scan = std::move(scan), picture = std::move(picture)] { on_picture(scan, picture); });
          },
          [this](StoredScan stored) { inbox_.post([this, s = std::move(stored)] { on_stored(s); }); }});
  line_.configured = parts_.centre != nullptr;
}

Core::~Core() {
  stop();
}

tl::expected<void, Error> Core::restore() {
  const auto open = parts_.ledger->open_crossings();
  if (!open) return tl::unexpected(Error{open.error().what, open.error().where, open.error().remedy});
  const auto recent = parts_.ledger->crossings("", 50);
  if (!recent) return tl::unexpected(Error{recent.error().what, recent.error().where, recent.error().remedy});
  for (const auto& row : *recent) {
    next_number_ = std::max(next_number_, number_of(row.id) + 1);
    if (row.open || recent_.size() == 3) continue;
    const auto crossing = parts_.ledger->crossing(row.id);
    if (crossing && *crossing) recent_.push_back(**crossing);
  }
  for (const auto& crossing : *open) {
    next_number_ = std::max(next_number_, number_of(crossing.id) + 1);
    Visit v;
    v.id = crossing.id;
    v.fold = crossing;
    v.vehicle = next_vehicle_++;
    v.moved_on = crossing.released || crossing.usable_scan();
    for (const auto& read : crossing.reads) {
      v.noted[{read.kind, read.place}] = {read.text, read.verdict == inspection::ReadVerdict::accepted, 1};
    }
    if (!crossing.handled_by.empty()) last_account_ = crossing.handled_by.back();
    visits_.push_back(std::move(v));
  }
  for (const auto& who : parts_.accounts->names()) {
    if (who.account == last_account_) session_.last_account_name = who.name;
  }
  if (std::error_code failed; std::filesystem::exists(lock_file(), failed)) {
    guard_.restore_lock();
    lock_remembered_ = true;
  }
  // What was under way when the program ended.
  for (auto& v : visits_) {
    if (!v.fold.scan_requested.empty()) {
      inspection::ScanCompleted ended;
      ended.scan = v.fold.scan_requested;
      ended.end = "interrupted";
      ended.calibration_note =
          "The program ended during the scan; the lease ran out and the scanner stopped by itself";
      ended.simulated = parts_.devices.xray && parts_.devices.xray->info().simulated;
      record(v.id, ended);
    }
    if (v.fold.area_cleared) {
      record(v.id, inspection::AreaClearanceVoided{"The program was not running: nobody watched the area"});
    }
    if (v.fold.identity_confirmed && !v.fold.risk) {
      inbox_.post([this, id = v.id] {
        if (auto* again = visit(id)) ask_risk(*again);
      });
    }
    if (!v.fold.scans.empty()) decode_images(v.fold);
  }
  list_library();
  return {};
}

void Core::stop() {
  if (stopped_) return;
  stopped_ = true;
  {
    const std::lock_guard lock(gate_->mutex);
    gate_->open = false;
  }
  if (scan_.active) withdraw("The program ends");
  for (auto* device : parts_.devices.all())
    device->close();
  if (parts_.centre) parts_.centre->stop();
  reading_->stop();
  imaging_->stop();
  device_worker_.stop();
  file_worker_.stop();
  record_worker_.stop();
  verify_worker_.stop();
  account_worker_.stop();
}

bool Core::run_workers() {
  bool any = false;
  for (auto* worker : {&device_worker_, &file_worker_, &record_worker_, &verify_worker_, &account_worker_})
    any |= worker->run_one();
  any |= reading_->run_one();
  any |= imaging_->run_one();
  return any;
}

void Core::run_due() {
  const auto now = clock_.now();
  const auto drift = now.wall_us - now.mono_us - wall_minus_mono_us_;
  if (drift > 500'000 || drift < -500'000) stamp();
  timers_.run(now.mono_us);
  close_visits();
}

std::int64_t Core::next_due_mono_us() const {
  auto due = timers_.next();
  if (changed_) due = std::min(due, at_once_ ? 0 : published_mono_us_ + config_.limits.publish_every_us);
  return due;
}

std::shared_ptr<const LaneView> Core::take_view_if_due() {
  const auto now = clock_.now().mono_us;
  if (!changed_ || (!at_once_ && version_ > 0 && now - published_mono_us_ < config_.limits.publish_every_us)) {
    return nullptr;
  }
  changed_ = at_once_ = false;
  published_mono_us_ = now;
  return build_view();
}

void Core::changed(bool at_once) {
  changed_ = true;
  at_once_ = at_once_ || at_once;
}

Visit* Core::visit(const std::string& crossing) {
  const auto it = std::find_if(visits_.begin(), visits_.end(), [&](const Visit& v) { return v.id == crossing; });
  return it == visits_.end() ? nullptr : &*it;
}

}  // namespace torugart::lane
