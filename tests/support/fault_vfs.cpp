#include "tests/support/fault_vfs.h"

#include <sqlite3.h>

#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <vector>

namespace torugart::testing {
namespace {

constexpr std::size_t kSector = 512;

struct Write {
  std::size_t offset = 0;
  std::string bytes;
  bool truncate = false;  // to `offset`
};

struct Disk {  // one file as the disk has it
  std::string durable;
  std::vector<Write> pending;
};

void put(std::string& content, const Write& write) {
  if (write.truncate) {
    content.resize(write.offset);
    return;
  }
  if (content.size() < write.offset + write.bytes.size()) content.resize(write.offset + write.bytes.size());
  content.replace(write.offset, write.bytes.size(), write.bytes);
}

}  // namespace

struct FaultVfs::State {
  std::string name;
  sqlite3_vfs vfs{};
  sqlite3_vfs* base = nullptr;
  mutable std::mutex mutex;
  std::map<std::string, Disk> disks, at_cut;
  bool full = false, io = false, cut = false;
  std::int64_t operations = 0, syncs = 0, cut_at = 0;
  std::function<void()> on_cut;

  // With the mutex held, before the operation.
  int step() {
    ++operations;
    if (!cut && cut_at != 0 && operations >= cut_at) {
      cut = true;
      at_cut = disks;
      if (on_cut) on_cut();
    }
    if (io) return SQLITE_IOERR_WRITE;
    return full ? SQLITE_FULL : SQLITE_OK;
  }
};

namespace {

struct ShimFile {
  sqlite3_file self;
  FaultVfs::State* state;
  std::string* path;  // owned; null for temporary files
  sqlite3_file* base() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

ShimFile* shim(sqlite3_file* file) {
  return reinterpret_cast<ShimFile*>(file);
}
sqlite3_file* base(sqlite3_file* file) {
  return shim(file)->base();
}

int close_file(sqlite3_file* file) {
  const int rc = base(file)->pMethods != nullptr ? base(file)->pMethods->xClose(base(file)) : SQLITE_OK;
  delete shim(file)->path;
  shim(file)->path = nullptr;
  return rc;
}
int read_file(sqlite3_file* f, void* p, int n, sqlite3_int64 at) {
  return base(f)->pMethods->xRead(base(f), p, n, at);
}

int write_file(sqlite3_file* f, const void* p, int n, sqlite3_int64 at) {
  FaultVfs::State& state = *shim(f)->state;
  {
    const std::lock_guard lock(state.mutex);
    if (const int rc = state.step(); rc != SQLITE_OK) return rc;
    if (shim(f)->path != nullptr)
      state.disks[*shim(f)->path].pending.push_back(
          {static_cast<std::size_t>(at), std::string(static_cast<const char*>(p), static_cast<std::size_t>(n)),
           false});
  }
  return base(f)->pMethods->xWrite(base(f), p, n, at);
}

int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
  FaultVfs::State& state = *shim(f)->state;
  {
    const std::lock_guard lock(state.mutex);
    if (const int rc = state.step(); rc != SQLITE_OK) return rc;
    if (shim(f)->path != nullptr)
      state.disks[*shim(f)->path].pending.push_back({static_cast<std::size_t>(size), {}, true});
  }
  return base(f)->pMethods->xTruncate(base(f), size);
}

// The real sync is left out: the machine that runs the test does not lose its power, and the test is quicker.
int sync_file(sqlite3_file* f, int) {
  FaultVfs::State& state = *shim(f)->state;
  const std::lock_guard lock(state.mutex);
  if (const int rc = state.step(); rc != SQLITE_OK) return rc == SQLITE_FULL ? rc : SQLITE_IOERR_FSYNC;
  ++state.syncs;
  if (shim(f)->path == nullptr) return SQLITE_OK;
  Disk& disk = state.disks[*shim(f)->path];
  for (const Write& write : disk.pending)
    put(disk.durable, write);
  disk.pending.clear();
  return SQLITE_OK;
}

int file_size(sqlite3_file* f, sqlite3_int64* n) {
  return base(f)->pMethods->xFileSize(base(f), n);
}
int lock_file(sqlite3_file* f, int l) {
  return base(f)->pMethods->xLock(base(f), l);
}
int unlock_file(sqlite3_file* f, int l) {
  return base(f)->pMethods->xUnlock(base(f), l);
}
int reserved(sqlite3_file* f, int* out) {
  return base(f)->pMethods->xCheckReservedLock(base(f), out);
}
int control(sqlite3_file* f, int op, void* arg) {
  return base(f)->pMethods->xFileControl(base(f), op, arg);
}
int sector_size(sqlite3_file*) {
  return static_cast<int>(kSector);
}
// Promises nothing: not even that an overwritten page leaves its neighbours alone.
int characteristics(sqlite3_file*) {
  return 0;
}
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** p) {
  return base(f)->pMethods->xShmMap(base(f), page, size, extend, p);
}
int shm_lock(sqlite3_file* f, int at, int n, int flags) {
  return base(f)->pMethods->xShmLock(base(f), at, n, flags);
}
void shm_barrier(sqlite3_file* f) {
  base(f)->pMethods->xShmBarrier(base(f));
}
int shm_unmap(sqlite3_file* f, int del) {
  return base(f)->pMethods->xShmUnmap(base(f), del);
}

const sqlite3_io_methods kMethods = {2,           close_file,  read_file,       write_file,  truncate_file,
                                     sync_file,   file_size,   lock_file,       unlock_file, reserved,
                                     control,     sector_size, characteristics, shm_map,     shm_lock,
                                     shm_barrier, shm_unmap,   nullptr,         nullptr};

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* state = static_cast<FaultVfs::State*>(vfs->pAppData);
  ShimFile* f = shim(file);
  std::memset(static_cast<void*>(f), 0, sizeof(ShimFile));
  f->state = state;
  const int rc = state->base->xOpen(state->base, name, f->base(), flags, out_flags);
  if (rc != SQLITE_OK) return rc;
  f->self.pMethods = &kMethods;
  if (name == nullptr) return rc;
  f->path = new std::string(name);
  const std::lock_guard lock(state->mutex);
  if (!state->disks.contains(*f->path)) {  // what is there from before is on the disk
    std::ifstream in(*f->path, std::ios::binary);
    state->disks[*f->path].durable.assign(std::istreambuf_iterator<char>(in), {});
  }
  return rc;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_dir) {
  auto* state = static_cast<FaultVfs::State*>(vfs->pAppData);
  {
    const std::lock_guard lock(state->mutex);
    state->disks.erase(name);
  }
  return state->base->xDelete(state->base, name, sync_dir);
}

}  // namespace

FaultVfs::FaultVfs(const std::string& name) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.name = name;
  state.base = sqlite3_vfs_find(nullptr);
  state.vfs = *state.base;
  state.vfs.zName = state.name.c_str();
  state.vfs.pNext = nullptr;
  state.vfs.pAppData = &state;
  state.vfs.szOsFile = static_cast<int>(sizeof(ShimFile)) + state.base->szOsFile;
  state.vfs.xOpen = &open_file;
  state.vfs.xDelete = &delete_file;
  sqlite3_vfs_register(&state.vfs, 0);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&state_->vfs);
}

void FaultVfs::fail_full(bool on) {
  const std::lock_guard lock(state_->mutex);
  state_->full = on;
}

void FaultVfs::fail_io(bool on) {
  const std::lock_guard lock(state_->mutex);
  state_->io = on;
}

void FaultVfs::cut_at(std::int64_t n, std::function<void()> at) {
  const std::lock_guard lock(state_->mutex);
  state_->cut = false;
  state_->cut_at = state_->operations + n;
  state_->on_cut = std::move(at);
}

bool FaultVfs::was_cut() const {
  const std::lock_guard lock(state_->mutex);
  return state_->cut;
}

void FaultVfs::cut_now() {
  const std::lock_guard lock(state_->mutex);
  state_->cut = true;
  state_->at_cut = state_->disks;
}

void FaultVfs::restore(const std::string& path, const std::string& to, std::uint32_t seed) const {
  const std::lock_guard lock(state_->mutex);
  std::mt19937 random(seed);
  for (const char* suffix : {"", "-wal"}) {
    const auto found = state_->at_cut.find(path + suffix);
    if (found == state_->at_cut.end()) continue;
    std::string content = found->second.durable;
    for (const Write& write : found->second.pending) {
      if (write.truncate) {
        if (random() % 2 == 0) put(content, write);
        continue;
      }
      for (std::size_t at = 0; at < write.bytes.size(); at += kSector)
        if (random() % 2 == 0) put(content, {write.offset + at, write.bytes.substr(at, kSector), false});
    }
    std::ofstream(to + suffix, std::ios::binary) << content;
  }
}

std::int64_t FaultVfs::operations() const {
  const std::lock_guard lock(state_->mutex);
  return state_->operations;
}

std::int64_t FaultVfs::syncs() const {
  const std::lock_guard lock(state_->mutex);
  return state_->syncs;
}

}  // namespace torugart::testing
