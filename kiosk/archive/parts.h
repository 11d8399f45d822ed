// Hashes, errors and temporary files as the archive needs them. Internal to kiosk/archive.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/disk/disk.h"
#include "kiosk/archive/archive.h"

namespace torugart::archive {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void add(std::string_view bytes);
  std::string hex();  // once; empty when OpenSSL failed

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Error error_of(const disk::Failure& failure);
Result<void> told(const disk::Result<void>& done);
Error damaged(std::string_view where);

// A new file with a name of its own. It stays locked while it is open, so that another program that starts on this
// archive meanwhile can tell it from one that was left behind.
struct Temp {
  std::string name;
  disk::File file;
};
Result<Temp> make_temp(const std::string& folder);
void remove_left_temps(const std::string& folder);

}  // namespace torugart::archive
