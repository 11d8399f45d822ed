// The events of each lane as the centre holds them: one CloudEvent a line in DIR/lanes/<lane>/events.jsonl, in order,
// without gaps, each hash checked against the one before.
//
// Answers to a batch (first … last of the batch, `held` the last number held):
//   all seen before, same hashes  -> taken, nothing written        (an idempotent repeat)
//   first ≤ held + 1, chain fits  -> what is new is written, taken
//   first > held + 1              -> 409 gap, expected_seq = held + 1
//   a hash differs from ours      -> 409 fork
//   hash, number or form wrong    -> 422 invalid
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/central_dev/reply.h"

namespace torugart::central_dev {

struct HeldFile {
  std::string sha256, role, media_type;
  std::int64_t bytes = 0;
};

struct HeldCrossing {
  std::string id;
  std::vector<std::int64_t> events;  // ascending
  std::vector<std::string> types;
  bool closed = false;
  std::vector<HeldFile> files;  // that its events name, each once, with the event's number in file_seq
  std::vector<std::int64_t> file_seq;
};

// Thread-safe.
class EventStore {
 public:
  explicit EventStore(std::string folder);

  Reply take(const std::string& lane, const std::string& body);

  std::vector<HeldCrossing> crossings(const std::string& lane) const;
  std::optional<HeldCrossing> crossing(const std::string& lane, const std::string& id) const;
  std::optional<std::string> hash_of(const std::string& lane, std::int64_t seq) const;
  nlohmann::json events_of(const std::string& lane, const std::string& crossing) const;
  std::int64_t last_seq(const std::string& lane) const;
  // Of the Merkle tree over the first `size` events, whose hashes are its leaves; nothing when so many are not held.
  std::optional<std::array<unsigned char, 32>> root_of(const std::string& lane, std::int64_t size) const;
  // Whether the first `size` events record that the lane itself changed its signing key from one to the other.
  bool key_change(const std::string& lane, const std::string& from, const std::string& to, std::int64_t size) const;

 private:
  struct Lane {
    std::vector<std::string> lines;   // [seq - 1]
    std::vector<std::string> hashes;  // [seq - 1]
    std::map<std::string, HeldCrossing> crossings;
  };
  Lane& lane_of(const std::string& lane) const;
  static void index(Lane& lane, const nlohmann::json& event);
  std::string path_of(const std::string& lane) const;

  std::string folder_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Lane> lanes_;
};

}  // namespace torugart::central_dev
