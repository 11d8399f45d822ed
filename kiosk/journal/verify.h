// Proves that a journal is what was written: every hash again, every number in order, every text canonical, the tree's
// root at every checkpoint, every signature. And says what that does not prove.
//
// Somebody who can write the whole file and has the key can also make a whole new journal, or cut off its end. Against
// that helps only what he cannot reach: a checkpoint or a head hash that was noted elsewhere, the lane's public key from
// elsewhere, the centre's cosignature. Give them in the options, and verify says how far they reach.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/inspection/event.h"
#include "kiosk/journal/error.h"
#include "kiosk/journal/note.h"

namespace torugart::journal {

enum class FileState { good, freed, missing, damaged };

struct VerifyOptions {
  std::string head;        // hex; the chain must go through it
  std::string checkpoint;  // a checkpoint noted elsewhere, with its signatures: the tree must go through it
  std::string key;         // the lane's public key (vkey) from elsewhere; empty: the journal's own word for it
  // The newest checkpoint that the centre cosigned, as kept beside the journal; and who its witness is. Without a key
  // from elsewhere the cosignature's own key is only named.
  std::string witnessed;
  std::vector<PublicKey> witnesses;
  // Looks a file of the archive up and hashes it. Empty: pictures are not looked at.
  std::function<FileState(const inspection::FileRef&)> file;
};

struct VerifyReport {
  bool ok = false;
  std::int64_t events = 0;         // that were checked and found good, in order
  std::int64_t first_bad_seq = 0;  // 0 when ok
  std::string what;                // what is wrong there, in words; empty when ok
  std::string head_hash;           // hex, of the last good event
  std::string root;                // hex, of the tree over the good events
  std::string lane;

  std::int64_t checkpoints = 0;   // that were checked
  std::int64_t signed_to = 0;     // events under the last good checkpoint
  std::string key;                // vkey that signed it
  bool key_from_outside = false;  // its trust comes from VerifyOptions::key, over recorded changes of keys
  std::int64_t noted_to = 0;      // events under the checkpoint that was noted elsewhere
  std::int64_t witnessed_to = 0;  // events under a checkpoint that the centre cosigned
  std::int64_t witnessed_unix_s = 0;
  std::int64_t files = 0, files_freed = 0;
  std::vector<std::string> not_proven;  // in words, one thing each
};

// Reentrant. Reads a journal that is being written as it is at the start of the call. An error only when the file
// cannot be read at all; what is found wrong in it is in the report.
Result<VerifyReport> verify(const std::string& path, const VerifyOptions& options);
Result<VerifyReport> verify(const std::string& path, const std::string& expected_head = {});

struct ShowOptions {
  std::int64_t from_seq = 1;
  std::int64_t limit = 0;  // 0: all
  std::string crossing;    // only of this crossing; empty: all
  bool hashes = false;     // {"hash":…,"event":{…}} instead of the event alone
};

// One JSON object per line. Exit codes for the command line: 0 good, 1 found wrong, 2 cannot be read.
int journal_show(const std::string& path, const ShowOptions& options, std::ostream& out, std::ostream& err);
int journal_verify(const std::string& path, const VerifyOptions& options, std::ostream& out);
int journal_verify(const std::string& path, const std::string& expected_head, std::ostream& out);
// The newest checkpoint as a note, to be saved or printed as a witness.
int journal_checkpoint(const std::string& path, std::ostream& out, std::ostream& err);
// A new signing key; the journal must not be in use.
int journal_rotate_key(const std::string& path, const std::string& lane, std::ostream& out, std::ostream& err);

}  // namespace torugart::journal
