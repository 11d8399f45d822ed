#include "kiosk/app/doctor.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <ostream>
#include <thread>

#include "hal/replay/player.h"
#include "hal/sim/world.h"
#include "kiosk/app/assembly.h"
#include "kiosk/app/central_config.h"
#include "kiosk/archive/archive.h"
#include "kiosk/journal/verify.h"
#include "kiosk/lane/accounts.h"
#include "ocr/read/engine.h"

namespace torugart::app {
namespace {

namespace fs = std::filesystem;

class Report {
 public:
  explicit Report(std::ostream& out) : out_(out) {}

  void ok(const std::string& what, const std::string& says) { line("ok  ", what, says, ""); }
  void warn(const std::string& what, const std::string& says, const std::string& remedy) {
    ++warnings_;
    line("WARN", what, says, remedy);
  }
  void fail(const std::string& what, const std::string& says, const std::string& remedy) {
    ++failures_;
    line("FAIL", what, says, remedy);
  }
  int close() {
    fmt::print(out_, "\n{} failed, {} to look at\n", failures_, warnings_);
    return failures_ > 0 ? 1 : 0;
  }

 private:
  void line(const char* verdict, const std::string& what, const std::string& says, const std::string& remedy) {
    fmt::print(out_, "{}  {:<24} {}\n", verdict, what, says);
    if (!remedy.empty()) fmt::print(out_, "      {:<24} what to do: {}\n", "", remedy);
  }
  std::ostream& out_;
  int failures_ = 0, warnings_ = 0;
};

void check_storage(const Config& config, Report& report) {
  const auto& folder = config.storage.directory;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed || ::access(folder.c_str(), W_OK) != 0) {
    report.fail("storage", folder + " cannot be written", "make the folder and give it to the user of this program");
    return;
  }
  if (auto archive = archive::Archive::open(archive_path(config), archive_options(config))) {
    const auto space = (*archive)->space();
    const auto says =
        fmt::format("{:.1f} GB free, about {} trucks", static_cast<double>(space.free_bytes) / 1e9, space.trucks);
    if (space.free_bytes < (config.storage.reserve_mib << 20) * 2) {
      report.warn("storage", says, "free the disk, or move storage.directory to a larger one");
    } else {
      report.ok("storage", says);
    }
  } else {
    report.fail("archive", archive.error().text(), archive.error().remedy);
  }
  const auto path = journal_path(config);
  if (!fs::exists(path)) {
    report.ok("journal", "none yet; the first start makes it");
    return;
  }
  const auto verdict = journal::verify(path);
  if (!verdict) {
    report.fail("journal", verdict.error().text(), verdict.error().remedy);
  } else if (!verdict->ok) {
    report.fail("journal", fmt::format("event {}: {}", verdict->first_bad_seq, verdict->what),
                "keep this disk as it is and call the people who answer for the records");
  } else if (verdict->lane != config.lane.id) {
    report.fail("journal", fmt::format("belongs to lane \"{}\", not to \"{}\"", verdict->lane, config.lane.id),
                "set lane.id back, or name another storage.directory");
  } else {
    report.ok("journal", fmt::format("{} events, every hash good", verdict->events));
  }
}

void check_accounts(const Config& config, const hal::Clock& clock, Report& report) {
  lane::Accounts accounts(clock);
  if (const auto loaded = accounts.load(config.accounts); !loaded) {
    report.fail("accounts", loaded.error().what,
                loaded.error().remedy.empty() ? "torugart accounts add" : loaded.error().remedy);
    return;
  }
  std::size_t supervisors = 0;
  for (const auto& who : accounts.names())
    supervisors += who.role != inspection::Role::inspector ? 1U : 0U;
  const auto says =
      fmt::format("{} accounts, {} of them may be the second person", accounts.names().size(), supervisors);
  if (supervisors == 0) {
    report.warn("accounts", says, "add a supervisor: nobody can agree to an exceptional release");
  } else {
    report.ok("accounts", says);
  }
  const auto mode = fs::status(config.accounts).permissions();
  if ((mode & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none) {
    report.warn("accounts", config.accounts + " can be read by others", "chmod 600 the file");
  }
}

void check_centre(const Config& config, bool offline, std::int64_t wall_us, Report& report) {
  if (config.central.url.empty()) {
    report.warn("central system", "no central.url: this lane has no line", "set [central] when there is one");
    return;
  }
  const auto settings = central_config(config);
  const auto faults = central::check(settings, wall_us);
  for (const auto& fault : faults)
    report.fail("central system", fault.what + " (" + fault.where + ")", fault.remedy);
  if (!faults.empty() || offline) return;
  const auto reached = central::probe(settings);
  if (!reached) {
    report.warn("central system", reached.error().what, reached.error().remedy);
    return;
  }
  const auto says = fmt::format("answers in {:.0f} ms{}", static_cast<double>(reached->round_trip_us) / 1000,
                                reached->development ? "; calls itself a development system" : "");
  if (std::abs(reached->clock_skew_ms) > 5000) {
    report.warn("clock",
                fmt::format("{:.1f} s away from the centre's", static_cast<double>(reached->clock_skew_ms) / 1000),
                "set up time synchronisation (chrony) on this machine");
  }
  report.ok("central system", says);
}

void check_reading(const Config& config, Report& report) {
  const auto engine = ocr::make_engine(reading_settings(config));
  if (engine) {
    report.ok("number reading", "reader starts");
  } else {
    report.fail("number reading", engine.error().what + " (" + engine.error().where + ")", engine.error().what_to_do);
  }
}

template <class DeviceType>
void open_quietly(DeviceType* device) {
  if (device == nullptr) return;
  (void)device->open([](const typename DeviceType::Message&) {}, [](const hal::Health&) {});
}

void check_devices(const Config& config, const hal::Clock& clock, double patience_s, Report& report) {
  if (config.devices.empty()) {
    report.warn("devices", "none: the lane is worked by hand", "list them as [[device]]");
    return;
  }
  auto devices = make_devices(config, clock);
  if (!devices) {
    report.fail("devices", devices.error().what + " (" + devices.error().where + ")", devices.error().remedy);
    return;
  }
  auto& lane = devices->lane;
  for (auto& camera : lane.cameras)
    open_quietly(camera.get());
  for (auto& reader : lane.code_readers)
    open_quietly(reader.get());
  open_quietly(lane.xray.get());
  open_quietly(lane.safety.get());
  open_quietly(lane.portal.get());
  open_quietly(lane.weighbridge.get());
  open_quietly(lane.signals.get());
  open_quietly(lane.beam.get());
  open_quietly(lane.ups.get());
  if (devices->world) devices->world->start();
  if (devices->player) devices->player->start();

  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(patience_s);
  const auto waiting = [&] {
    for (const auto* device : lane.all()) {
      if (device->health().state == hal::DeviceState::opening) return true;
    }
    return false;
  };
  while (waiting() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  for (auto* device : lane.all()) {
    const auto info = device->info();
    const auto health = device->health();
    const auto name = fmt::format("{} ({})", info.id, info.driver);
    const std::string state = hal::to_string(health.state);
    const auto says = health.summary.empty() || health.summary == state ? state : state + ": " + health.summary;
    if (health.state != hal::DeviceState::ready && health.state != hal::DeviceState::busy) {
      report.fail(name, says, health.remedy.empty() ? "check power and cable" : health.remedy);
    } else if (info.simulated) {
      report.warn(name, says + " (not a real device)", "name a real driver before the lane is used");
    } else {
      report.ok(name, says);
    }
    device->close();
  }
  if (devices->world) devices->world->stop();
  if (devices->player) devices->player->stop();
}

}  // namespace

int run_doctor(const DoctorWish& wish, std::ostream& out) {
  Report report(out);
  const auto config = load_config(wish.config);
  if (!config) {
    for (const auto& error : config.error())
      report.fail("configuration", error.text(), "");
    return report.close();
  }
  report.ok("configuration", wish.config);
  const hal::SystemClock clock;
  const auto now = clock.now();
  if (now.clock == hal::ClockState::synchronised) {
    report.ok("clock", "synchronised");
  } else {
    report.warn("clock", fmt::format("state: {}", hal::to_string(now.clock)), "set up time synchronisation (chrony)");
  }
  check_storage(*config, report);
  check_accounts(*config, clock, report);
  check_centre(*config, wish.offline, now.wall_us, report);
  check_reading(*config, report);
  check_devices(*config, clock, wish.device_seconds, report);
  return report.close();
}

}  // namespace torugart::app
