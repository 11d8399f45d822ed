#include "tests/e2e/demo/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "kiosk/lane/accounts.h"
#include "kiosk/lane/engine.h"

namespace torugart::demo {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw Failed{"cannot write " + file.string()};
}

void make_accounts(const std::string& file) {
  const hal::SystemClock clock;
  lane::Accounts accounts(clock);
  const auto add = [&](const char* account, const char* name, inspection::Role role, const char* pin) {
    if (auto added = accounts.add({account, name, role, ""}, lane::Secret(pin)); !added)
      throw Failed{added.error().what};
  };
  add(kInspector, "A. Ivanova", inspection::Role::inspector, kInspectorPin);
  add(kSupervisor, "D. Bekov", inspection::Role::supervisor, kSupervisorPin);
  if (auto saved = accounts.save(file); !saved) throw Failed{saved.error().what};
}

}  // namespace

Stage::Stage(Wish wish) : wish_(std::move(wish)) {}
Stage::~Stage() {
  close();
}

std::string Stage::folder(const std::string& name) const {
  return (fs::path(wish_.out) / name).string();
}

// Empties the folder, but only one that a demo made: a slip in --out must not cost anybody a home folder.
void Stage::prepare_folder() {
  wish_.out = fs::absolute(wish_.out).lexically_normal().string();
  const auto marker = folder(".torugart-demo");
  if (fs::exists(wish_.out) && !fs::is_empty(wish_.out) && !fs::exists(marker)) {
    throw Failed{wish_.out + " holds something that no demo made; name another --out"};
  }
  std::error_code ignored;
  fs::remove_all(wish_.out, ignored);
  for (const char* name : {"lane", "central", "screens", "dicos", "inspections"})
    fs::create_directories(folder(name));
  write(marker, "");
}

// For people, random trucks follow the three of the demo, for ever.
std::string Stage::scenario_file() const {
  const std::string own = TORUGART_SOURCE_DIR "/assets/scenarios/demo.toml";
  if (!wish_.display) return own;
  std::ifstream in(own, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  write(folder("lane/scenario.toml"), "endless = true\n" + text);
  return folder("lane/scenario.toml");
}

void Stage::write_lane_file() {
  const auto driver = wish_.replay.empty() ? "sim" : "replay";
  std::string text = fmt::format(
      "[lane]\nid = \"{}\"\nname = \"Lane 2\"\ncrossing_point = \"Kordai\"\nlanguage = \"{}\"\nutc_offset = "
      "\"+05:00\"\n"
      "[screen]\nwidth = {}\nheight = {}\nfullscreen = false\n"
      "[storage]\ndirectory = \"storage\"\n"
      "[accounts]\nfile = \"accounts.json\"\n"
      "[reading]\nowner_codes = \"{}\"\n"
      "[central]\nurl = \"{}\"\nca = \"{}\"\ncertificate = \"{}\"\nkey = \"{}\"\nsigning_keys = \"{}\"\n",
      kLane, wish_.language, std::max(wish_.width, 1280), std::max(wish_.height, 720),
      TORUGART_SOURCE_DIR "/assets/reference/owner_codes.csv", centre_->url(), centre_->tls("ca.pem"),
      centre_->tls(fmt::format("lane-{}.pem", kLane)), centre_->tls(fmt::format("lane-{}.key", kLane)),
      centre_->tls("signing.pub.pem"));
  if (wish_.replay.empty()) {
    text += fmt::format("[sim]\nscenario = \"{}\"\nseed = {}\n", TORUGART_SOURCE_DIR "/assets/scenarios/demo.toml",
                        wish_.seed);
  } else {
    text += fmt::format("[replay]\ndirectory = \"{}\"\n", fs::absolute(wish_.replay).string());
  }
  const std::pair<const char*, const char*> devices[] = {
      {"front", "camera"},      {"rear", "camera"},          {"side", "camera"},
      {"xray", "xray_scanner"}, {"chain", "safety_chain"},   {"portal", "portal_monitor"},
      {"scale", "weighbridge"}, {"signals", "lane_signals"}, {"hand", "code_reader"}};
  for (const auto& [id, kind] : devices) {
    text += fmt::format("[[device]]\nid = \"{}\"\nkind = \"{}\"\ndriver = \"{}\"\n", id, kind, driver);
  }
  write(fs::path(folder("lane")) / "lane.toml", text);
}

void Stage::write_rules(const std::vector<Rule>& rules, const std::string& default_colour) {
  std::string text = fmt::format("[default]\ncolour = \"{}\"\n", default_colour);
  for (const auto& rule : rules) {
    for (const auto& plate : rule.plates) {
      text += fmt::format(
          "[[rule]]\nkind = \"plate\"\nmatch = \"exact\"\nvalue = \"{}\"\ncolour = \"{}\"\nscan_required = {}\n",
          plate, rule.colour, rule.scan_required);
      std::string profiles;
      for (const auto& [id, words] : rule.profiles) {
        profiles += fmt::format("{}{{id = \"{}\", text = \"{}\"}}", profiles.empty() ? "" : ", ", id, words);
      }
      if (!profiles.empty()) text += fmt::format("profiles = [{}]\n", profiles);
    }
  }
  // renamed into place: the centre never reads half a file
  write(folder("central/rules.toml.part"), text);
  fs::rename(folder("central/rules.toml.part"), folder("central/rules.toml"));
}

void Stage::open() {
  const auto began = std::chrono::steady_clock::now();
  prepare_folder();
  write_rules({}, "green");
  centre_ = std::make_unique<central::testing::DevCentre>(
      folder("central"), std::vector<std::string>{kLane},
      std::vector<std::string>{"--rules", folder("central/rules.toml")});
  if (!centre_->start()) throw Failed{"the development centre does not start: " + centre_->log()};
  make_accounts(folder("lane/accounts.json"));
  write_lane_file();
  preparation_s_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();

  auto config = app::load_config(folder("lane/lane.toml"));
  if (!config) throw Failed{config.error().front().text()};
  app::AssemblyOptions options;
  options.hold_trucks = true;  // until the watch list is here, so that every run begins alike
  auto assembly = app::Assembly::build(*config, options);
  if (!assembly) throw Failed{assembly.error().text()};
  assembly_ = std::move(*assembly);
  app::WindowWish window;
  window.offscreen = !wish_.display;
  window.width = wish_.width;
  window.height = wish_.height;
  auto opened = app::KioskWindow::open(*assembly_, window);
  if (!opened) throw Failed{opened.error().text()};
  window_ = std::move(*opened);
  if (auto started = assembly_->start(); !started) throw Failed{started.error().text()};
  finger_ =
      std::make_unique<tests::UiDriver>(window_->window(), window_->screens().ui(), [this] { window_->draw_now(); });
  finger_->set_patience(20);
}

void Stage::close() {
  if (finger_ && window_) finger_.reset();
  window_.reset();
  if (assembly_) assembly_->stop();
  if (centre_) centre_->kill();
}

std::shared_ptr<const lane::LaneView> Stage::view() const {
  return assembly_->engine().view();
}

bool Stage::holds_within(double timeout_s, const std::function<bool(const lane::LaneView&)>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  while (!condition(*view())) {
    if (std::chrono::steady_clock::now() > until) return false;
    window_->step(0.05);
  }
  window_->draw_now();  // the screen shows what was waited for
  return true;
}

void Stage::wait(const std::string& what, double timeout_s,
                 const std::function<bool(const lane::LaneView&)>& condition) {
  if (holds_within(timeout_s, condition)) return;
  picture("failed");
  throw Failed{fmt::format("waited {} s for: {}", timeout_s, what)};
}

void Stage::tap(const std::string& id) {
  if (!finger_->tap(id)) {
    picture("failed");
    throw Failed{"tap: " + finger_->problem()};
  }
}

void Stage::hold(const std::string& id) {
  if (!finger_->hold(id)) {
    picture("failed");
    throw Failed{"hold: " + finger_->problem()};
  }
}

void Stage::type(const std::string& text) {
  if (!finger_->type_on_keyboard(text)) {
    picture("failed");
    throw Failed{"type: " + finger_->problem()};
  }
}

bool Stage::shows(const std::string& id) const {
  return window_->screens().ui().registry().has(id);
}

std::string Stage::words(const std::string& id) const {
  const auto* record = window_->screens().ui().registry().find(id);
  if (record == nullptr) return {};
  std::string out;
  for (const char c : record->label) {
    if (c != ' ' && c != '-') out += c;
  }
  return out;
}

void Stage::picture(const std::string& name) {
  window_->draw_now();
  const auto file = fmt::format("screens/{:02}-{}.png", pictures_.size() + 1, name);
  if (auto taken = window_->window().screenshot(folder(file)); !taken) throw Failed{taken.error().what};
  pictures_.push_back(file);
  for (const auto& finding : window_->screens().ui().audit()) {
    const auto text = fmt::format("{}: {} {}: {}", window_->screens().active(), touch::to_string(finding.kind),
                                  finding.id, finding.detail);
    if (found_.insert(text).second) ++counts_[finding.kind];
  }
}

int Stage::findings(touch::FindingKind kind) const {
  const auto found = counts_.find(kind);
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace torugart::demo
