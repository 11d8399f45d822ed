// A failure of base/disk in the journal's words. Internal to kiosk/journal.
#pragma once

#include "base/disk/disk.h"
#include "kiosk/journal/error.h"

namespace torugart::journal {

inline Error error_of(const disk::Failure& failure) {
  return {failure.full() ? Error::Code::disk_full : Error::Code::io, failure.doing + ": " + failure.reason(),
          failure.where,
          failure.full() ? "Make room on this disk" : "Check the disk and who may write in this folder"};
}

inline Result<void> told(const disk::Result<void>& done) {
  if (!done) return tl::unexpected(error_of(done.error()));
  return {};
}

}  // namespace torugart::journal
