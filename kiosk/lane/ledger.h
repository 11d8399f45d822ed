// What the lane engine needs of the journal and of the archive, as two narrow interfaces: the real ones are behind
// make_ledger() and make_store(), tests write ones that break.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kiosk/archive/archive.h"
#include "kiosk/inspection/crossing.h"
#include "kiosk/inspection/event.h"
#include "kiosk/journal/error.h"
#include "kiosk/journal/reader.h"
#include "kiosk/journal/verify.h"

namespace torugart::journal {
class Appender;
}

namespace torugart::lane {

// Thread-safe. append() and the questions beside it never wait for the disk; the reading functions do, and are called
// on the record worker (and once at start-up, before the lane runs).
class Ledger {
 public:
  using Done = std::function<void(journal::Result<std::int64_t>)>;
  virtual ~Ledger() = default;

  // As journal::Appender::append(): gives the numbers at once, calls `done` when durable.
  virtual journal::Result<std::int64_t> append(std::vector<inspection::Event> events, Done done) = 0;
  virtual std::int64_t last_seq() const = 0;
  virtual std::int64_t durable_seq() const = 0;
  virtual std::optional<journal::Error> trouble() const = 0;

  virtual journal::Result<std::vector<inspection::Crossing>> open_crossings() const = 0;  // oldest first
  virtual journal::Result<std::optional<inspection::Crossing>> crossing(const std::string& id) const = 0;
  virtual journal::Result<std::vector<inspection::Event>> events_of(const std::string& crossing) const = 0;
  virtual journal::Result<std::vector<journal::CrossingRow>> crossings(const std::string& query,
                                                                       int limit) const = 0;  // newest first
  virtual journal::Result<journal::VerifyReport> verify() const = 0;
};

// Thread-safe; called on workers only, since it waits for the disk.
class Store {
 public:
  virtual ~Store() = default;
  virtual archive::Result<archive::FileInfo> put(std::span<const std::uint8_t> bytes,
                                                 const std::string& media_type) = 0;
  virtual archive::Result<archive::FileInfo> put_file(const std::string& path, const std::string& media_type) = 0;
  virtual archive::Result<std::vector<std::uint8_t>> get(const std::string& sha256) const = 0;
  virtual archive::Space space() const = 0;
};

// What is handed in must outlive what is made. `path` is the journal's, for verify.
std::unique_ptr<Ledger> make_ledger(journal::Appender& appender, const journal::Reader& reader, std::string path);
std::unique_ptr<Store> make_store(archive::Archive& archive);

}  // namespace torugart::lane
