// A folder of a test's own, removed with it; and a journal of a few events in it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "kiosk/journal/journal.h"
#include "tests/kiosk/inspection/samples.h"

namespace torugart::journal::testing {

class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "torugart-journal-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string();
  }
  ~Scratch() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string path(const std::string& name = "journal.db") const { return folder_ + "/" + name; }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

inline Options lane(std::string name = "kordai-2") {
  Options options;
  options.lane = std::move(name);
  return options;
}

inline std::unique_ptr<Journal> open_or_fail(const std::string& path, Options options = lane()) {
  auto journal = Journal::open(path, std::move(options));
  EXPECT_TRUE(journal.has_value()) << journal.error().text();
  return journal ? std::move(*journal) : nullptr;
}

// Every type of event that may be appended once, in crossing c1. A change of the signing key is written by the journal
// itself alone.
inline std::vector<inspection::Event> one_of_each() {
  std::vector<inspection::Event> events;
  for (auto& payload : inspection::samples::all_payloads())
    if (!std::holds_alternative<inspection::JournalKeyChanged>(payload))
      events.push_back(inspection::samples::event("c1", std::move(payload)));
  return events;
}

}  // namespace torugart::journal::testing
