#include "kiosk/journal/signer.h"

#include <fmt/format.h>
#include <unistd.h>

#include "kiosk/journal/disk_error.h"

namespace torugart::journal {
namespace {

std::string next_path(const std::string& key_file) {
  return key_file + ".next";
}

Error damaged(std::string what, const std::string& where) {
  return {Error::Code::damaged, std::move(what), where,
          "Keep the file as it is, run 'torugart journal verify', and call the administrator"};
}

// The key in use; and when a change was cut off after it was recorded, the one that it changed to.
Result<SigningKey> current_key(const std::string& key_file, const std::string& origin, const std::string& recorded) {
  if (::access(next_path(key_file).c_str(), F_OK) == 0) {
    bool made = false;
    const auto next = signing_key_from_file(next_path(key_file), made);
    if (!next) return tl::unexpected(next.error());
    if (next->public_key(origin).vkey() == recorded) {
      if (auto done = adopt_next_key(key_file, origin); !done) return tl::unexpected(done.error());
    } else {
      ::unlink(next_path(key_file).c_str());
    }
  }
  bool made = false;
  return signing_key_from_file(key_file, made);
}

}  // namespace

Result<SigningKey> make_next_key(const std::string& key_file) {
  const auto next = next_path(key_file);
  ::unlink(next.c_str());
  bool made = false;
  return signing_key_from_file(next, made);
}

Result<void> adopt_next_key(const std::string& key_file, const std::string& name) {
  if (::access(key_file.c_str(), F_OK) == 0) {
    bool made = false;
    const auto old = signing_key_from_file(key_file, made);
    if (!old) return tl::unexpected(old.error());
    const auto kept = fmt::format("{}.{:08x}", key_file, old->public_key(name).id());
    if (auto done = disk::put_in_place(key_file, kept); !done) return told(done);
  }
  return told(disk::put_in_place(next_path(key_file), key_file));
}

Result<Signer> Signer::open(const sql::Database& db, const std::string& lane, const std::string& key_file) {
  Signer signer;
  signer.origin_ = origin_of(lane);
  auto recorded = db.text("SELECT vkey FROM checkpoint_keys ORDER BY from_size DESC LIMIT 1");
  if (!recorded) return tl::unexpected(recorded.error());
  signer.recorded_ = signer.new_recorded_ = *recorded;
  auto key = current_key(key_file, signer.origin_, *recorded);
  if (!key) return tl::unexpected(key.error());
  signer.key_ = std::move(*key);

  const auto last = db.text("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1");
  if (!last) return tl::unexpected(last.error());
  if (!last->empty()) {
    const auto note = parse_note(*last);
    const auto checkpoint = note ? parse_checkpoint(note->text) : std::nullopt;
    const auto by = parse_vkey(*recorded);
    if (!checkpoint || !by || checkpoint->origin != signer.origin_ || !signed_by(*note, *by))
      return tl::unexpected(damaged("the last checkpoint is not what was signed", db.path()));
    signer.signed_size_ = signer.new_size_ = checkpoint->size;
    signer.signed_root_ = checkpoint->root;
  }
  auto insert = db.prepare("INSERT INTO checkpoints(size, note) VALUES(?1, ?2)");
  if (!insert) return tl::unexpected(insert.error());
  signer.insert_ = std::move(*insert);
  auto insert_key = db.prepare("INSERT INTO checkpoint_keys(from_size, vkey) VALUES(?1, ?2)");
  if (!insert_key) return tl::unexpected(insert_key.error());
  signer.insert_key_ = std::move(*insert_key);
  return signer;
}

Result<void> Signer::record_first_key() {
  new_recorded_ = public_key().vkey();
  return insert_key_.bind(1, std::int64_t{0}).bind(2, std::string_view(new_recorded_)).run();
}

Result<void> Signer::insert_checkpoint(const merkle::Frontier& tree, const SigningKey& key, const SigningKey* also) {
  Note note;
  note.text = checkpoint_text({origin_, tree.size(), tree.root(), signed_size_});
  for (const SigningKey* one : {&key, also}) {
    if (one == nullptr) continue;
    auto signature = one->sign(note.text, origin_);
    if (!signature) return tl::unexpected(signature.error());
    note.signatures.push_back(std::move(*signature));
  }
  new_size_ = tree.size();
  return insert_.bind(1, tree.size()).bind(2, std::string_view(to_text(note))).run();
}

Result<void> Signer::sign(const merkle::Frontier& tree) {
  if (tree.size() == signed_size_) return {};
  return insert_checkpoint(tree, *key_, nullptr);
}

Result<void> Signer::sign_change(const merkle::Frontier& tree, const SigningKey& next, bool lost) {
  new_recorded_ = next.public_key(origin_).vkey();
  auto done = insert_key_.bind(1, tree.size()).bind(2, std::string_view(new_recorded_)).run();
  if (done) done = insert_checkpoint(tree, next, lost ? nullptr : &*key_);
  return done;
}

void Signer::committed() {
  signed_size_ = new_size_;
  recorded_ = new_recorded_;
}

void Signer::rolled_back() {
  new_size_ = signed_size_;
  new_recorded_ = recorded_;
}

}  // namespace torugart::journal
