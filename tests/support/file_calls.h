// The calls by which a program changes files, seen by a hook before and after: open, write, truncate, sync, rename, remove,
// make a folder, ask for room. A program that links file_calls.cpp has them all on the way (those of the libraries
// that it links, too); so has any program in which the same is preloaded as a library.
//
// The hook is called on the thread that makes the call, several at once when the program has several; what the hook
// itself does with files is passed on and not seen. A stream of the C++ library is seen from its first write on, not when it opens.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace torugart::testing {

struct FileCall {
  enum class Kind { open, write, truncate, sync, rename, remove, make_folder, close };
  Kind kind = Kind::open;
  int fd = -1;       // of an open: in after() only
  std::string path;  // absolute; of a descriptor: where it points
  std::string to;    // of a rename
  int flags = 0;     // of an open
  const char* bytes = nullptr;
  std::size_t size = 0;     // of a write; of a truncate, the new size
  std::int64_t offset = 0;  // of a write
};

class FileHook {
 public:
  static constexpr int kGo = 0, kPretend = -1;  // pretend: answers success and does nothing
  virtual ~FileHook() = default;
  virtual bool wants(const std::string& path) = 0;  // nothing else is shown
  virtual int before(const FileCall& call) = 0;     // kGo, kPretend, or the errno to answer with
  virtual void after(const FileCall& call) = 0;     // of a call that was made or pretended, and succeeded
  virtual std::optional<std::int64_t> free_bytes(const std::string& folder) = 0;
};

// The one hook of the process; null: none. Not while calls are under way on other threads.
void set_file_hook(FileHook* hook);

}  // namespace torugart::testing
