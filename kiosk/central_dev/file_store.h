// Files that lanes send, by tus 1.0.0: DIR/files/<sha256>.part while they come, <sha256> once whole and hashed,
// <sha256>.json with what was said about them. What has arrived of a broken request is kept, so that the lane goes on
// at that byte.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "kiosk/central_dev/reply.h"

namespace torugart::central_dev {

struct Held {
  std::int64_t length = 0, offset = 0;
  bool complete = false;
};

// Thread-safe.
class FileStore {
 public:
  explicit FileStore(std::string folder);

  struct Begun {
    std::optional<Reply> refused;
    std::string id;  // the upload's, which is the file's hash
    Held held;
  };
  Begun begin(const std::string& lane, std::int64_t length, const std::string& upload_metadata);

  std::optional<Held> held(const std::string& id) const;

  // `pull` hands over the body piece by piece and returns false when the connection broke; what came is kept.
  struct Patched {
    std::optional<Reply> refused;
    std::int64_t offset = 0;
  };
  using Sink = std::function<bool(const char*, std::size_t)>;
  Patched append(const std::string& id, std::int64_t offset, const std::function<bool(const Sink&)>& pull);

  bool complete(const std::string& sha256) const;

 private:
  std::string path(const std::string& id, const char* ending) const { return folder_ + "/files/" + id + ending; }

  std::string folder_;
  mutable std::mutex mutex_;
  std::set<std::string> busy_;  // uploads that a request writes to; under mutex_
};

}  // namespace torugart::central_dev
