// torugart-demo: three vehicles through the lane, by touches in an offscreen window, against the development centre.
// packaging/demo --headless builds and runs it; tests/e2e runs it as a test.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "hal/replay/player.h"
#include "hal/sim/world.h"
#include "tests/e2e/demo/report.h"
#include "tests/e2e/demo/stage.h"
#include "tests/e2e/demo/story.h"

namespace {

using namespace torugart::demo;  // NOLINT(google-build-using-namespace)

// The centre's opinion: the first vehicle is green, the second red, the third yellow.
void set_rules(Stage& stage, int vehicles) {
  const char* colours[] = {"green", "red", "yellow"};
  std::vector<Stage::Rule> rules;
  for (int i = 0; i < vehicles; ++i) {
    Stage::Rule rule;
    for (const auto& [place, text] : truth_of(stage.assembly(), i, 0).plates)
      rule.plates.push_back(text);
    rule.colour = colours[i % 3];
    rule.scan_required = i % 3 == 1;
    if (i % 3 == 1) {
      rule.profiles = {{"P-17", "Machine parts, first trip of this carrier"},
                       {"P-31", "Route by way of a free zone"}};
    }
    rules.push_back(std::move(rule));
  }
  stage.write_rules(rules, "yellow");
}

// A lane for people: trucks come until the window is closed.
int run_on_display(const Wish& wish) {
  Stage stage(wish);
  try {
    stage.open();
    set_rules(stage, 3);
    fmt::print("Inspector A. Ivanova: PIN {}    Supervisor D. Bekov: PIN {}\n", kInspectorPin, kSupervisorPin);
    fmt::print("Simulated lane, development central system: nothing here is a customs record.\n");
    if (auto* world = stage.assembly().world()) world->hold_arrivals(false);
    if (auto* player = stage.assembly().player()) player->start();
    const auto lost = stage.window().run();
    if (!lost.empty()) fmt::print(stderr, "demo: the display was lost: {}\n", lost);
    return lost.empty() ? 0 : 1;
  } catch (const Failed& failed) {
    fmt::print(stderr, "demo: {}\n", failed.text);
    return 1;
  }
}

int run(const Wish& wish) {
  Stage stage(wish);
  std::vector<Walk> walks;
  try {
    stage.open();
    set_rules(stage, 3);
    stage.wait("the watch list", 30,
               [](const auto& v) { return v.line.online && v.line.watch_list_as_of_wall_us > 0; });
    Story story(stage);
    story.sign_in(kInspector, kInspectorPin, true);
    stage.picture("lane-waiting");
    walks.push_back(story.green(0));
    walks.push_back(story.red(1));
    walks.push_back(story.offline(2));
    story.look_around(truth_of(stage.assembly(), 1, 0).plates.empty()
                          ? ""
                          : truth_of(stage.assembly(), 1, 0).plates.begin()->second);
  } catch (const Failed& failed) {
    fmt::print(stderr, "demo: {}\n", failed.text);
    (void)write_report(stage, walks);
    return 1;
  }
  const auto missing = write_report(stage, walks);
  for (const auto& what : missing)
    fmt::print(stderr, "demo: missing: {}\n", what);
  for (const auto& walk : walks) {
    fmt::print("{:<8} {:>5.1f} s {:>3} touches  {}\n", walk.kind, walk.seconds, walk.touches, walk.numbers.dump());
  }
  fmt::print("{}\n", stage.folder("report.json"));
  return missing.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  Wish wish;
  std::string size;
  CLI::App program{"Drives three vehicles through the lane by touches in an offscreen window.", "torugart-demo"};
  program
      .add_option("--out", wish.out, "folder for screenshots, records, DICOS files and report.json; emptied first")
      ->capture_default_str();
  program.add_option("--replay", wish.replay, "a folder of recorded crossings instead of simulated trucks");
  program.add_option("--seed", wish.seed, "other trucks; 0: the scenario's own")->check(CLI::Range(0, 2'147'483'647));
  program.add_option("--size", size, "WxH of the window, at least 1280x720");
  program.add_option("--language", wish.language, "en or ru")->check(CLI::IsMember({"en", "ru"}));
  program.add_flag("--display", wish.display, "a window for people instead, and trucks until it is closed");
  CLI11_PARSE(program, argc, argv);
  if (!size.empty() && std::sscanf(size.c_str(), "%dx%d", &wish.width, &wish.height) != 2) {
    fmt::print(stderr, "--size wants WxH\n");
    return 2;
  }
  return wish.display ? run_on_display(wish) : run(wish);
}
