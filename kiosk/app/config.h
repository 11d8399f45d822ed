// The lane's configuration: one TOML file. Every key is listed in one table (config_keys.cpp) with its type, range
// and default; a key that is not in it, or a value that cannot be meant, is an error that names file, line, what was
// expected, and the key that was probably meant. README.md shows a commented example; `torugart doctor` checks a
// file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "hal/registry/registry.h"

namespace torugart::app {

struct LaneSettings {
  std::string id = "lane-1";  // [a-z0-9-], stands in every record; never change it once records exist
  std::string name = "Lane 1";
  std::string crossing_point;
  std::string direction = "entry";  // entry, exit
  std::string language = "en";
  std::string utc_offset = "+00:00";  // what the screen's clock shows
};

struct ScreenSettings {
  int width = 1920, height = 1080;
  bool fullscreen = true;
  std::string theme = "dark";  // dark, light
};

struct StorageSettings {
  std::string directory;           // journal.db, archive/, log/ lie in it
  std::int64_t reserve_mib = 512;  // kept free so that every record already begun can be finished
  std::string library;             // x-ray pictures to compare with (kiosk/lane/engine.h); empty: library/ in `directory`
  std::int64_t keep_days = 30;     // pictures stay so long after their receipt
  std::int64_t keep_detained_days = 365;
  std::string archive_key;  // file of the key that seals the archive; empty: in the clear
};

struct CentralSettings {
  std::string url;                 // empty: a lane without a line
  std::string ca;                  // PEM file, pinned
  std::string certificate;         // PEM file of this lane
  std::string key;                 // PEM file of this lane, mode 0600
  std::int64_t upload_kbit_s = 0;  // what pictures may take of the line; 0: all of it
  std::string signing_keys;        // PEM file: the Ed25519 public keys that sign receipts and watch lists
};

struct ReadingSettings {
  std::string owner_codes;  // CSV, the user's own copy of the register; empty: the one that came with the program
  std::string models;       // folder of the nets; empty: those that came with the program
  std::string countries;    // "KZ,KG": whose vehicles are expected; empty: the region's (kiosk/lane/engine.h)
};

struct SimSettings {
  std::string scenario;   // TOML file of hal/sim
  std::int64_t seed = 0;  // 0: the scenario's own trucks; else other trucks
};

struct ReplaySettings {
  std::string directory;  // recorded crossings
  double speed = 1.0;     // 0.1 … 100 times real time
};

struct Config {
  std::string path;
  LaneSettings lane;
  ScreenSettings screen;
  StorageSettings storage;
  CentralSettings central;
  ReadingSettings reading;
  SimSettings sim;
  ReplaySettings replay;
  std::string accounts;  // file of accounts (kiosk/lane/accounts.h)
  std::vector<hal::DeviceConfig> devices;
};

struct ConfigError {
  std::string file;
  int line = 0;  // 0 when the file as a whole is meant
  std::string what;
  std::string expected;
  std::string text() const;  // "lane.toml:12: unknown key "lane.nme"; expected one of …; did you mean "lane.name"?"
};

// Relative paths in the file are relative to the file's folder. All errors of the file are returned, not just the
// first.
tl::expected<Config, std::vector<ConfigError>> load_config(const std::string& path);
tl::expected<Config, std::vector<ConfigError>> parse_config(std::string_view text, const std::string& path);

// The table of keys as text, for `torugart doctor --keys` and the README's test.
std::string describe_keys();

}  // namespace torugart::app
