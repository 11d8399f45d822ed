// The evidence of one crossing as a file that can be handed to somebody who trusts neither the lane nor its journal: a
// ZIP with the events as they were hashed, a proof for each that it stands in the signed tree, the checkpoint, the
// pictures, the changes of the signing key, a page to read, and a signed list of all of it (format: README.md).
//
// To verify it nothing else is needed but a public key of the lane that came another way.
// Reentrant. Errors: the journal's.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/inspection/event.h"
#include "kiosk/journal/error.h"
#include "kiosk/journal/note.h"
#include "kiosk/journal/reader.h"

namespace torugart::exchange {

struct BundleWish {
  std::string crossing;
  std::int64_t wall_us = 0;  // when it is made
  // The newest checkpoint that the centre cosigned; taken when it covers the crossing. May be empty.
  std::string witnessed;
  // A file's content out of the archive, hashed there; nothing when it is not there any more.
  std::function<std::optional<std::string>(const inspection::FileRef&)> file;
};

struct BundleMade {
  std::int64_t events = 0, files = 0, absent = 0, bytes = 0;
  std::int64_t checkpoint = 0;  // size
  bool witnessed = false;
};

// Refused when there is no such crossing, or its last events are under no checkpoint yet. Writes to `path` whole or not
// at all.
journal::Result<BundleMade> write_bundle(const journal::Reader& reader, const journal::SigningKey& key,
                                         const BundleWish& wish, const std::string& path);

struct BundleCheck {
  std::string key;                            // the lane's public key (vkey) from elsewhere
  std::vector<journal::PublicKey> witnesses;  // names may be empty; may be empty itself
};

struct BundleReport {
  bool ok = false;
  std::string what;                             // what is wrong, in words; empty when ok
  std::string where;                            // in which file of the bundle
  std::optional<std::size_t> first_wrong_byte;  // of the bundle, where that can be told
  std::string lane, crossing, made;
  std::int64_t events = 0, files = 0, absent = 0;
  std::int64_t checkpoint = 0;
  std::string signer;  // vkey
  std::optional<std::int64_t> witnessed_unix_s;
  std::vector<std::string> not_proven;
};

BundleReport verify_bundle(std::string_view bundle, const BundleCheck& check);

// The command line: 0 good, 1 found wrong, 2 cannot be read.
int verify_bundle_file(const std::string& path, const BundleCheck& check, std::ostream& out);

}  // namespace torugart::exchange
