#include "kiosk/app/assembly.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "hal/drivers/aspect_portal/aspect_portal.h"
#include "hal/drivers/code_scanner/code_scanner.h"
#include "hal/drivers/gige_detector/gige_detector.h"
#include "hal/drivers/gst_camera/gst_camera.h"
#include "hal/drivers/modbus_lane_io/lane_io.h"
#include "hal/drivers/nut_ups/nut_ups.h"
#include "hal/drivers/rapiscan_portal/rapiscan_portal.h"
#include "hal/drivers/toledo_scale/toledo_scale.h"
#include "hal/replay/player.h"
#include "hal/replay/recorder.h"
#include "hal/sim/scenario.h"
#include "hal/sim/world.h"
#include "kiosk/app/central_config.h"
#include "kiosk/archive/archive.h"
#include "kiosk/central/client.h"
#include "kiosk/central/retention.h"
#include "kiosk/journal/appender.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"
#include "kiosk/lane/engine.h"
#include "ocr/read/assets.h"

namespace torugart::app {
namespace {

namespace fs = std::filesystem;

template <class Error>
tl::unexpected<Problem> problem(const Error& error) {
  return tl::unexpected(Problem{error.what, error.where, error.remedy});
}

bool uses(const Config& config, std::string_view driver) {
  return std::any_of(config.devices.begin(), config.devices.end(),
                     [&](const auto& device) { return device.driver == driver; });
}

tl::expected<hal::sim::Scenario, Problem> load_scenario(const Config& config) {
  auto scenario = hal::sim::load_scenario(config.sim.scenario);
  if (!scenario) return problem(scenario.error());
  if (config.sim.seed != 0) return hal::sim::reseed(*scenario, static_cast<std::uint64_t>(config.sim.seed));
  return *scenario;
}

lane::ReaderFactory reader_factory(const Config& config) {
  return [settings = reading_settings(config)]() -> tl::expected<std::unique_ptr<ocr::Engine>, lane::Error> {
    auto engine = ocr::make_engine(settings);
    if (!engine)
      return tl::unexpected(lane::Error{engine.error().what, engine.error().where, engine.error().what_to_do});
    return std::move(*engine);
  };
}

lane::LaneEngineConfig engine_config(const Config& config) {
  lane::LaneEngineConfig out;
  out.lane_id = config.lane.id;
  out.lane_name = config.lane.name;
  out.crossing_point = config.lane.crossing_point;
  out.direction = config.lane.direction == "exit" ? inspection::Direction::exit : inspection::Direction::entry;
  out.work_folder = (fs::path(config.storage.directory) / "work").string();
  const fs::path library = config.storage.library.empty() ? fs::path(config.storage.directory) / "library"
                                                          : fs::path(config.storage.library);
  std::error_code none;
  if (!config.storage.library.empty() || fs::exists(library, none)) out.library_folder = library.string();
  out.software_version = TORUGART_VERSION;
  if (!config.reading.countries.empty()) {
    out.read.countries.clear();
    std::istringstream list(config.reading.countries);
    for (std::string country; std::getline(list, country, ',');)
      out.read.countries.push_back(country);
  }
  return out;
}

}  // namespace

std::string Problem::text() const {
  return what + (where.empty() ? "" : " (" + where + ")") + (remedy.empty() ? "" : ". " + remedy);
}

ocr::EngineSettings reading_settings(const Config& config) {
  return ocr::with_assets({config.reading.models, config.reading.owner_codes});
}

std::string journal_path(const Config& config) {
  return (fs::path(config.storage.directory) / "journal.db").string();
}
archive::Options archive_options(const Config& config) {
  archive::Options out;
  out.reserve_bytes = config.storage.reserve_mib << 20;
  out.key_file = config.storage.archive_key;
  return out;
}
std::string archive_path(const Config& config) {
  return (fs::path(config.storage.directory) / "archive").string();
}

tl::expected<Devices, Problem> make_devices(const Config& config, const hal::Clock& clock) {
  Devices out;
  hal::Registry registry;
  if (uses(config, "sim")) {
    auto scenario = load_scenario(config);
    if (!scenario) return tl::unexpected(scenario.error());
    out.world = std::make_shared<hal::sim::World>(std::move(*scenario), clock);
    hal::sim::register_drivers(registry, out.world);
  }
  if (uses(config, "replay")) {
    hal::replay::PlayerOptions options;
    options.speed = config.replay.speed;
    auto player = hal::replay::Player::open(config.replay.directory, options, clock);
    if (!player) return problem(player.error());
    out.player = *player;
    hal::replay::register_drivers(registry, out.player);
  }
  hal::code_scanner::register_driver(registry);
  hal::gige_detector::register_driver(registry);
  hal::gst_camera::register_driver(registry);
  hal::drivers::lane_io::register_drivers(registry);
  hal::drivers::rapiscan::register_drivers(registry);
  hal::drivers::aspect::register_drivers(registry);
  hal::drivers::toledo::register_drivers(registry);
  hal::drivers::nut::register_drivers(registry);
  auto lane = registry.make_lane(config.devices, clock);
  if (!lane) return problem(lane.error());
  out.lane = std::move(*lane);
  return out;
}

// Declared in the order in which the parts must be made; destroyed the other way round.
struct Assembly::Impl {
  explicit Impl(Config wanted) : config(std::move(wanted)), accounts(clock) {}

  Config config;
  hal::SystemClock clock;
  lane::Accounts accounts;
  std::shared_ptr<hal::sim::World> world;
  std::shared_ptr<hal::replay::Player> player;
  std::unique_ptr<hal::replay::Recorder> recorder;
  std::unique_ptr<archive::Archive> archive;
  std::unique_ptr<journal::Appender> appender;
  std::unique_ptr<journal::Outbox> outbox;
  std::unique_ptr<journal::Reader> reader;         // for the engine
  std::unique_ptr<journal::Reader> centre_reader;  // calls of one reader take turns: the uploader has its own
  std::unique_ptr<journal::Reader> report_reader;
  std::unique_ptr<lane::Ledger> ledger;
  std::unique_ptr<lane::Store> store;
  std::unique_ptr<central::Centre> centre;
  std::unique_ptr<central::Retention> retention;
  std::unique_ptr<lane::LaneEngine> engine;
  bool hold_trucks = false;

  tl::expected<void, Problem> open_storage();
  tl::expected<void, Problem> open_centre();
};

tl::expected<void, Problem> Assembly::Impl::open_storage() {
  std::error_code failed;
  fs::create_directories(config.storage.directory, failed);
  if (failed) {
    return tl::unexpected(Problem{"the storage folder cannot be made: " + failed.message(), config.storage.directory,
                                  "check storage.directory and who may write there"});
  }
  auto files = archive::Archive::open(app::archive_path(config), app::archive_options(config));
  if (!files) return problem(files.error());
  archive = std::move(*files);

  const auto path = app::journal_path(config);
  journal::Options options;
  options.lane = config.lane.id;
  auto writer = journal::Journal::open(path, options);
  if (!writer) return problem(writer.error());
  appender = std::make_unique<journal::Appender>(std::move(*writer));
  for (auto* slot : {&reader, &centre_reader, &report_reader}) {
    auto opened = journal::Reader::open(path);
    if (!opened) return problem(opened.error());
    *slot = std::move(*opened);
  }
  auto memory = journal::Outbox::open(journal::outbox_path(path));
  if (!memory) return problem(memory.error());
  outbox = std::move(*memory);
  ledger = lane::make_ledger(*appender, *reader, path);
  store = lane::make_store(*archive);
  return {};
}

tl::expected<void, Problem> Assembly::Impl::open_centre() {
  if (config.central.url.empty()) return {};
  auto client = central::make_client(central_config(config), {centre_reader.get(), outbox.get(), archive.get()});
  if (!client) return problem(client.error());
  centre = std::move(*client);
  auto keys = central::signing_keys_from_file(config.central.signing_keys);
  if (!keys) return problem(keys.error());
  retention = std::make_unique<central::Retention>(
      central::Stores{report_reader.get(), outbox.get(), archive.get()}, std::move(*keys),
      central::RetentionRule{config.storage.keep_days, config.storage.keep_detained_days});
  return {};
}

tl::expected<std::unique_ptr<Assembly>, Problem> Assembly::build(const Config& config,
                                                                 const AssemblyOptions& options) {
  auto impl = std::make_unique<Impl>(config);
  impl->hold_trucks = options.hold_trucks;
  if (auto loaded = impl->accounts.load(config.accounts); !loaded) return problem(loaded.error());
  if (auto opened = impl->open_storage(); !opened) return tl::unexpected(opened.error());
  if (auto opened = impl->open_centre(); !opened) return tl::unexpected(opened.error());

  auto devices = make_devices(config, impl->clock);
  if (!devices) return tl::unexpected(devices.error());
  impl->world = devices->world;
  impl->player = devices->player;
  if (!options.record_to.empty()) {
    auto recorder = hal::replay::Recorder::open(options.record_to, impl->clock);
    if (!recorder) return problem(recorder.error());
    impl->recorder = std::move(*recorder);
    devices->lane = impl->recorder->wrap(std::move(devices->lane));
  }

  lane::LaneParts parts;
  parts.devices = std::move(devices->lane);
  parts.clock = &impl->clock;
  parts.ledger = impl->ledger.get();
  parts.store = impl->store.get();
  parts.centre = impl->centre.get();
  parts.accounts = &impl->accounts;
  parts.make_reader = reader_factory(config);
  auto engine = lane::LaneEngine::make(engine_config(config), std::move(parts));
  if (!engine) return problem(engine.error());
  impl->engine = std::move(*engine);
  return std::unique_ptr<Assembly>(new Assembly(std::move(impl)));
}

Assembly::Assembly(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Assembly::~Assembly() {
  stop();
}

tl::expected<void, Problem> Assembly::start() {
  if (auto started = impl_->engine->start(); !started) return problem(started.error());
  if (impl_->world) {
    impl_->world->hold_arrivals(impl_->hold_trucks);
    impl_->world->start();
  }
  if (impl_->player && !impl_->hold_trucks) impl_->player->start();
  return {};
}

void Assembly::stop() {
  if (impl_->engine) impl_->engine->stop();
  if (impl_->centre) impl_->centre->stop();
  if (impl_->world) impl_->world->stop();
  if (impl_->player) impl_->player->stop();
  if (impl_->appender) impl_->appender->close();
}

lane::LaneEngine& Assembly::engine() {
  return *impl_->engine;
}
journal::Reader& Assembly::reader() {
  return *impl_->report_reader;
}
central::Retention* Assembly::retention() {
  return impl_->retention.get();
}
hal::sim::World* Assembly::world() {
  return impl_->world.get();
}
hal::replay::Player* Assembly::player() {
  return impl_->player.get();
}
const Config& Assembly::config() const {
  return impl_->config;
}
std::string Assembly::journal_path() const {
  return app::journal_path(impl_->config);
}
std::string Assembly::archive_path() const {
  return app::archive_path(impl_->config);
}

}  // namespace torugart::app
