#include "tests/support/traced_disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "tests/support/file_calls.h"

namespace torugart::testing {
namespace {

namespace fs = std::filesystem;
using Kind = TracedDisk::Kind;

constexpr std::size_t kSector = 512;
constexpr int kFolder = -1;

struct Op {
  Kind kind = Kind::write;
  int file = 0;            // kFolder: a folder
  std::string path, to;    // below the root; of a sync: what was synced
  std::size_t offset = 0;  // of a write; of a truncate: the new size
  std::string bytes;
};

struct Refusal {
  Kind kind;
  std::string part;
  int error;
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// "files/ab/abcd…" -> "files/*/*"
std::string site_of(const std::string& path) {
  std::string out;
  std::size_t at = 0;
  while (at <= path.size()) {
    const auto end = std::min(path.find('/', at), path.size());
    const auto part = path.substr(at, end - at);
    const bool differs = !part.empty() && std::all_of(part.begin(), part.end(), [](unsigned char c) {
      return std::isxdigit(c) != 0 || c == '-';
    });
    std::string name = differs ? "*" : part;
    // "journal.key.1a2b3c4d", "x.new-123": the ending differs
    if (const auto dot = name.find_last_of(".-");
        !differs && dot != std::string::npos && dot + 1 < name.size() &&
        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(),
                    [](unsigned char c) { return std::isxdigit(c) != 0; }) &&
        std::any_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(),
                    [](unsigned char c) { return std::isdigit(c) != 0; }))
      name = name.substr(0, dot + 1) + "*";
    out += (at == 0 ? "" : "/") + name;
    at = end + 1;
  }
  return out;
}

void change(std::string& bytes, const Op& op) {
  if (op.kind == Kind::truncate) {
    bytes.resize(op.offset);
    return;
  }
  if (bytes.size() < op.offset + op.bytes.size()) bytes.resize(op.offset + op.bytes.size());
  bytes.replace(op.offset, op.bytes.size(), op.bytes);
}

}  // namespace

struct TracedDisk::State final : FileHook {
  std::string root;
  mutable std::mutex mutex;
  std::vector<Op> ops;
  std::map<int, std::string> first;        // what a file held when it was first seen
  std::map<std::string, int> begun, live;  // names at the beginning and now; kFolder for folders
  std::vector<Refusal> refusals;
  std::int64_t free = -1;
  std::atomic<std::int64_t> slow_us{0};
  int next = 0;

  std::string below(const std::string& path) const {
    return path == root ? std::string() : path.substr(root.size() + 1);
  }
  int file_at(const std::string& path) {
    const auto found = live.find(path);
    if (found != live.end()) return found->second;
    // Made in a way that was not seen: it has a name since now, and holds what it holds.
    const int id = next++;
    live[path] = id;
    ops.push_back({Kind::make, id, path, {}, 0, {}});
    return id;
  }

  bool wants(const std::string& path) override {
    return (path == root || path.starts_with(root + "/")) && !path.ends_with("-shm") && !path.ends_with(".lock") &&
           !path.ends_with(" (deleted)");
  }
  std::optional<std::int64_t> free_bytes(const std::string&) override {
    const std::lock_guard lock(mutex);
    return free < 0 ? std::nullopt : std::optional(free);
  }

  static std::optional<Kind> kind_of(const FileCall& call) {
    switch (call.kind) {
      case FileCall::Kind::write:
        return Kind::write;
      case FileCall::Kind::truncate:
        return Kind::truncate;
      case FileCall::Kind::sync:
        return Kind::sync;
      case FileCall::Kind::rename:
        return Kind::rename;
      case FileCall::Kind::remove:
        return Kind::remove;
      case FileCall::Kind::make_folder:
        return Kind::make;
      case FileCall::Kind::open:
        if ((call.flags & O_CREAT) != 0) return Kind::make;
        if ((call.flags & O_TRUNC) != 0) return Kind::truncate;
        return std::nullopt;
      case FileCall::Kind::close:
        return std::nullopt;
    }
    return std::nullopt;
  }

  int before(const FileCall& call) override {
    const auto kind = kind_of(call);
    if (!kind) return kGo;
    {
      const std::lock_guard lock(mutex);
      for (const auto& refusal : refusals)
        if (refusal.kind == *kind && call.path.find(refusal.part) != std::string::npos &&
            !(*kind == Kind::make && live.contains(below(call.path))))
          return refusal.error;
    }
    if (*kind != Kind::sync) return kGo;
    if (const auto pause = slow_us.load(); pause > 0) std::this_thread::sleep_for(std::chrono::microseconds(pause));
    return kPretend;
  }

  void after(const FileCall& call) override {
    const std::lock_guard lock(mutex);
    const std::string path = below(call.path);
    switch (call.kind) {
      case FileCall::Kind::open:
        if ((call.flags & (O_CREAT | O_WRONLY | O_RDWR)) != 0 && !live.contains(path)) {
          (void)file_at(path);
        } else if ((call.flags & O_TRUNC) != 0) {
          ops.push_back({Kind::truncate, file_at(path), path, {}, 0, {}});
        }
        break;
      case FileCall::Kind::write:
        ops.push_back({Kind::write,
                       file_at(path),
                       path,
                       {},
                       static_cast<std::size_t>(call.offset),
                       std::string(call.bytes, call.size)});
        break;
      case FileCall::Kind::truncate:
        ops.push_back({Kind::truncate, file_at(path), path, {}, call.size, {}});
        break;
      case FileCall::Kind::sync: {
        const auto found = live.find(path);
        const int file = path.empty() || (found != live.end() && found->second == kFolder) ? kFolder : file_at(path);
        ops.push_back({Kind::sync, file, path, {}, 0, {}});
        break;
      }
      case FileCall::Kind::rename: {
        const int file = file_at(path);
        const std::string to = below(call.to);
        ops.push_back({Kind::rename, file, path, to, 0, {}});
        live.erase(path);
        live[to] = file;
        break;
      }
      case FileCall::Kind::remove:
        ops.push_back({Kind::remove, 0, path, {}, 0, {}});
        live.erase(path);
        break;
      case FileCall::Kind::make_folder:
        ops.push_back({Kind::make, kFolder, path, {}, 0, {}});
        live[path] = kFolder;
        break;
      case FileCall::Kind::close:
        break;
    }
  }
};

TracedDisk::TracedDisk(const std::string& folder) : state_(std::make_unique<State>()) {
  state_->root = fs::canonical(folder).string();
  for (const auto& entry : fs::recursive_directory_iterator(state_->root)) {
    const std::string path = state_->below(entry.path().string());
    if (entry.is_directory()) {
      state_->live[path] = kFolder;
    } else if (state_->wants(entry.path().string())) {
      state_->first[state_->next] = content(entry.path().string());
      state_->live[path] = state_->next++;
    }
  }
  state_->begun = state_->live;
  set_file_hook(state_.get());
}

TracedDisk::~TracedDisk() {
  set_file_hook(nullptr);
}

void TracedDisk::refuse(Kind kind, const std::string& part, int error) {
  const std::lock_guard lock(state_->mutex);
  state_->refusals.push_back({kind, part, error});
}

void TracedDisk::refuse_changes(int error) {
  for (const Kind kind : {Kind::write, Kind::truncate, Kind::sync, Kind::make, Kind::rename, Kind::remove})
    refuse(kind, "", error);
}

void TracedDisk::allow() {
  const std::lock_guard lock(state_->mutex);
  state_->refusals.clear();
}

void TracedDisk::free_bytes(std::int64_t bytes) {
  const std::lock_guard lock(state_->mutex);
  state_->free = bytes;
}

void TracedDisk::slow_sync(std::int64_t micros) {
  state_->slow_us = micros;
}

std::size_t TracedDisk::calls() const {
  const std::lock_guard lock(state_->mutex);
  return state_->ops.size();
}

std::size_t TracedDisk::syncs() const {
  const std::lock_guard lock(state_->mutex);
  return static_cast<std::size_t>(
      std::count_if(state_->ops.begin(), state_->ops.end(), [](const Op& op) { return op.kind == Kind::sync; }));
}

std::vector<std::string> TracedDisk::sync_sites() const {
  const std::lock_guard lock(state_->mutex);
  std::set<std::string> sites;
  for (const Op& op : state_->ops)
    if (op.kind == Kind::sync) sites.insert(site_of(op.path));
  return {sites.begin(), sites.end()};
}

void TracedDisk::at(std::size_t call, std::uint32_t seed, const std::string& to, const std::string* without) const {
  const std::lock_guard lock(state_->mutex);
  std::mt19937 random(seed);
  const auto& ops = state_->ops;
  const std::size_t end = std::min(call, ops.size());
  std::map<int, std::size_t> file_synced;            // up to which call
  std::map<std::string, std::size_t> folder_synced;  // by its path
  for (std::size_t i = 0; i < end; ++i) {
    if (ops[i].kind != Kind::sync || (without != nullptr && site_of(ops[i].path) == *without)) continue;
    if (ops[i].file == kFolder) {
      folder_synced[ops[i].path] = i;
    } else {
      file_synced[ops[i].file] = i;
    }
  }
  std::map<int, std::string> files = state_->first;
  std::map<std::string, int> names = state_->begun;
  const auto stands = [&](const std::string& folder, std::size_t i) {
    const auto synced = folder_synced.find(folder);
    return (synced != folder_synced.end() && i < synced->second) || random() % 2 == 0;
  };
  for (std::size_t i = 0; i < end; ++i) {
    const Op& op = ops[i];
    switch (op.kind) {
      case Kind::write:
      case Kind::truncate: {
        const auto synced = file_synced.find(op.file);
        if (synced != file_synced.end() && i < synced->second) {
          change(files[op.file], op);
        } else if (op.kind == Kind::truncate) {
          if (random() % 2 == 0) change(files[op.file], op);
        } else {
          for (std::size_t at = 0; at < op.bytes.size();) {
            const std::size_t size = std::min(kSector - (op.offset + at) % kSector, op.bytes.size() - at);
            if (random() % 2 == 0)
              change(files[op.file], {Kind::write, op.file, {}, {}, op.offset + at, op.bytes.substr(at, size)});
            at += size;
          }
        }
        break;
      }
      case Kind::make:
        if (stands(folder_of(op.path), i)) names[op.path] = op.file;
        break;
      case Kind::remove:
        if (stands(folder_of(op.path), i)) names.erase(op.path);
        break;
      case Kind::rename: {
        const bool added = stands(folder_of(op.to), i);
        if (added) names[op.to] = op.file;
        if (added && (folder_of(op.path) == folder_of(op.to) || stands(folder_of(op.path), i))) names.erase(op.path);
        break;
      }
      case Kind::sync:
        break;
    }
  }
  fs::remove_all(to);
  fs::create_directories(to);
  for (const auto& [name, file] : names) {                            // a folder comes before what is in it
    if (!fs::is_directory(fs::path(to) / folder_of(name))) continue;  // its folder's name was lost
    if (file == kFolder) {
      fs::create_directory(fs::path(to) / name);
    } else {
      std::ofstream(fs::path(to) / name, std::ios::binary) << files[file];
      fs::permissions(fs::path(to) / name, fs::perms::owner_read | fs::perms::owner_write);
    }
  }
}

}  // namespace torugart::testing
