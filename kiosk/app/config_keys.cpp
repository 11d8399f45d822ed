#include "kiosk/app/config_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace torugart::app {
namespace {

#define TEXT_INTO(field) [](Config& c, std::string v) { c.field = std::move(v); }
#define INTEGER_INTO(field) nullptr, [](Config& c, std::int64_t v) { c.field = static_cast<decltype(c.field)>(v); }
#define REAL_INTO(field) nullptr, nullptr, [](Config& c, double v) { c.field = v; }
#define FLAG_INTO(field) nullptr, nullptr, nullptr, [](Config& c, bool v) { c.field = v; }

std::vector<Key> make_keys() {
  const TextRule any;
  const TextRule file{{}, "", true};
  return {
      {"lane", "id", TextRule{{}, "[a-z0-9][a-z0-9-]{0,31}", false}, true,
       "stands in every record; never change it once records exist", TEXT_INTO(lane.id)},
      {"lane", "name", any, true, "as the screen shows it", TEXT_INTO(lane.name)},
      {"lane", "crossing_point", any, true, "as the screen shows it", TEXT_INTO(lane.crossing_point)},
      {"lane", "direction", TextRule{{"entry", "exit"}, "", false}, false, "of the traffic in this lane",
       TEXT_INTO(lane.direction)},
      {"lane", "language", TextRule{{"en", "ru"}, "", false}, false, "before somebody signs in",
       TEXT_INTO(lane.language)},
      {"lane", "utc_offset", TextRule{{}, "[+-](0\\d|1[0-4]):[0-5]\\d", false}, false,
       "what the screen's clock shows", TEXT_INTO(lane.utc_offset)},

      {"screen", "width", IntegerRule{1280, 7680}, false, "pixels", INTEGER_INTO(screen.width)},
      {"screen", "height", IntegerRule{720, 4320}, false, "pixels", INTEGER_INTO(screen.height)},
      {"screen", "fullscreen", FlagRule{}, false, "false: a window", FLAG_INTO(screen.fullscreen)},
      {"screen", "theme", TextRule{{"dark", "light"}, "", false}, false, "at start", TEXT_INTO(screen.theme)},

      {"storage", "directory", file, true, "journal.db, archive/ and log/ lie in it", TEXT_INTO(storage.directory)},
      {"storage", "reserve_mib", IntegerRule{16, 1'000'000}, false,
       "kept free so that every record already begun can be finished", INTEGER_INTO(storage.reserve_mib)},
      {"storage", "library", file, false,
       "x-ray pictures to compare with, NAME-high.dcs and NAME-low.dcs; names that begin with \"empty\" are empty "
       "vehicles; absent: library/ in the directory",
       TEXT_INTO(storage.library)},
      {"storage", "keep_days", IntegerRule{0, 36'500}, false,
       "pictures stay so long after the centre's receipt, by the centre's clock; without a receipt they stay",
       INTEGER_INTO(storage.keep_days)},
      {"storage", "keep_detained_days", IntegerRule{0, 36'500}, false,
       "the same, of trucks that were detained or decided suspect", INTEGER_INTO(storage.keep_detained_days)},
      {"storage", "archive_key", file, false,
       "seals each picture with the key in this file (made when not there); absent: in the clear",
       TEXT_INTO(storage.archive_key)},

      {"central", "url", TextRule{{}, "https://.+", false}, false, "absent: a lane without a line",
       TEXT_INTO(central.url)},
      {"central", "ca", file, false, "PEM, the only authority that is trusted", TEXT_INTO(central.ca)},
      {"central", "certificate", file, false, "PEM, this lane's", TEXT_INTO(central.certificate)},
      {"central", "key", file, false, "PEM, this lane's, mode 0600", TEXT_INTO(central.key)},
      {"central", "signing_keys", file, false, "PEM, Ed25519 public keys that sign receipts and watch lists",
       TEXT_INTO(central.signing_keys)},
      {"central", "upload_kbit_s", IntegerRule{0, 10'000'000}, false,
       "what pictures may take of the line; 0: all of it. Events and queries are never held up",
       INTEGER_INTO(central.upload_kbit_s)},

      {"reading", "owner_codes", file, false, "the register of container owners, CSV",
       TEXT_INTO(reading.owner_codes)},
      {"reading", "models", file, false, "folder of the reader's nets; absent: the program's own",
       TEXT_INTO(reading.models)},
      {"reading", "countries", TextRule{{}, "[A-Z]{2}(,[A-Z]{2})*", false}, false,
       "whose vehicles are expected, as \"KZ,KG\": ranks readings, and plates of patterns that fit much are accepted "
       "from these alone",
       TEXT_INTO(reading.countries)},

      {"sim", "scenario", file, false, "for devices with driver = \"sim\"", TEXT_INTO(sim.scenario)},
      {"sim", "seed", IntegerRule{0, 2'147'483'647}, false, "0: the scenario's own trucks", INTEGER_INTO(sim.seed)},

      {"replay", "directory", file, false, "for devices with driver = \"replay\"", TEXT_INTO(replay.directory)},
      {"replay", "speed", RealRule{0.1, 100}, false, "times real time", REAL_INTO(replay.speed)},

      {"accounts", "file", file, true, "who may sign in (torugart accounts makes it)", TEXT_INTO(accounts)},
  };
}

struct RuleText {
  std::string operator()(const TextRule& rule) const {
    if (!rule.one_of.empty()) return fmt::format("one of \"{}\"", fmt::join(rule.one_of, "\", \""));
    if (!rule.pattern.empty()) return fmt::format("text that matches {}", rule.pattern);
    return rule.path ? "a path" : "text";
  }
  std::string operator()(const IntegerRule& rule) const {
    return fmt::format("a whole number from {} to {}", rule.least, rule.most);
  }
  std::string operator()(const RealRule& rule) const {
    return fmt::format("a number from {} to {}", rule.least, rule.most);
  }
  std::string operator()(const FlagRule&) const { return "true or false"; }
};

}  // namespace

const std::vector<Key>& config_keys() {
  static const std::vector<Key> keys = make_keys();
  return keys;
}

std::string expected_text(const Key& key) {
  return std::visit(RuleText{}, key.rule);
}

}  // namespace torugart::app
