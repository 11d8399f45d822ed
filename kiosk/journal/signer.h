// The lane's key and the checkpoints that it has signed in this journal. Internal to kiosk/journal.
//
// Never a checkpoint that contradicts an earlier one: at the start the tree over the events is held against the last
// checkpoint's root, and after that events are only added. A tree that does not fit is an error, and nothing is signed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kiosk/journal/merkle.h"
#include "kiosk/journal/note.h"
#include "kiosk/journal/sqlite.h"

namespace torugart::journal {

// Thread-bound, to the thread of its database.
class Signer {
 public:
  // `key_file`: made when it is not there. A change of keys that was cut off is brought to its end.
  static Result<Signer> open(const sql::Database& db, const std::string& lane, const std::string& key_file);

  std::int64_t signed_size() const { return signed_size_; }
  const std::optional<merkle::Hash>& signed_root() const { return signed_root_; }
  PublicKey public_key() const { return key_->public_key(origin_); }
  // The key that this journal expects its checkpoints from: empty for a journal that has none yet.
  const std::string& recorded_vkey() const { return recorded_; }

  // Each inside the caller's transaction; committed() or rolled_back() follows.
  Result<void> record_first_key();
  Result<void> sign(const merkle::Frontier& tree);
  // The checkpoint over the event that says so: by `next`, and by the old key unless it was lost.
  Result<void> sign_change(const merkle::Frontier& tree, const SigningKey& next, bool lost);
  void committed();
  void rolled_back();

 private:
  Result<void> insert_checkpoint(const merkle::Frontier& tree, const SigningKey& key, const SigningKey* also);

  std::string origin_;
  std::optional<SigningKey> key_;
  std::string recorded_, new_recorded_;
  std::int64_t signed_size_ = 0, new_size_ = 0;
  std::optional<merkle::Hash> signed_root_;
  sql::Statement insert_;
  sql::Statement insert_key_;
};

// A key beside the one in use, durable, that becomes it with adopt_next_key(); the one before stays as
// "<key_file>.<key id>".
Result<SigningKey> make_next_key(const std::string& key_file);
Result<void> adopt_next_key(const std::string& key_file, const std::string& name);

}  // namespace torugart::journal
