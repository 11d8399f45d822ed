#include "kiosk/journal/verify_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "kiosk/journal/chain.h"
#include "kiosk/journal/glance.h"
#include "kiosk/journal/merkle.h"
#include "kiosk/journal/tree_store.h"

namespace torugart::journal {
namespace {

using nlohmann::json;

// What is wrong with the text of event `seq`, as far as its hash does not say it. It need not be an event that this
// version knows.
std::string wrong_with(const json& parsed, const std::string& text, std::int64_t seq, const std::string& lane) {
  if (parsed.is_discarded() || !parsed.is_object()) return "the text is not a JSON object";
  if (parsed.dump(-1, ' ', false, json::error_handler_t::replace) != text) return "the text is not canonical JSON";
  if (parsed.value("seq", json()) != json(seq)) return "the text bears another number";
  if (parsed.value("lane", json()) != json(lane)) return "the text is of another lane";
  return {};
}

std::string word_in(const json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool is_decision_type(std::string_view type) {
  return type == "decided" || type == "reviewed" || type == "released" || type == "detained";
}

// One pass over the events, with the tree growing beside it and the checkpoints taken up where their size is reached.
class Walk {
 public:
  Walk(const sql::Database& db, const VerifyOptions& options, std::string head, VerifyReport& report)
      : db_(db), options_(options), expected_head_(std::move(head)), report_(report) {}

  // Fills in everything but `ok`; an error when SQLite could not go on.
  Result<void> run();

 private:
  struct Pending {  // a checkpoint, until the tree has its size
    std::int64_t size = 0;
    std::string text;
    bool ours = false;  // else from elsewhere: noted, or cosigned
    bool cosigned = false;
  };

  void bad(std::int64_t seq, std::string what) {
    if (!report_.what.empty()) return;
    report_.first_bad_seq = seq;
    report_.what = std::move(what);
  }
  bool good() const { return report_.what.empty(); }

  Result<void> load();
  void add_foreign(const std::string& text, bool cosigned);
  std::string look_at(const std::string& text, std::int64_t seq);
  void look_closer(const json& event, std::int64_t seq);
  void collect_files(const json& value, std::int64_t seq);
  void tiles(std::int64_t seq);
  void checkpoint(const Pending& pending);
  void own_checkpoint(const Note& note, const Checkpoint& checkpoint);
  void foreign_checkpoint(const Note& note, const Checkpoint& checkpoint, bool cosigned);
  void files();
  void conclude();

  const sql::Database& db_;
  const VerifyOptions& options_;
  const std::string expected_head_;
  VerifyReport& report_;

  bool proofs_ = false;  // the schema has them
  std::vector<Pending> pending_;
  std::size_t next_pending_ = 0;
  std::map<std::int64_t, std::string> stored_keys_;  // from_size -> vkey
  std::map<std::pair<int, std::int64_t>, std::string> stored_tiles_;
  merkle::Frontier tree_;
  std::optional<PublicKey> key_, changed_from_;
  bool trusted_ = false, key_seen_ = false, change_lost_ = false;
  std::int64_t changed_at_ = 0, last_decision_ = 0, previous_size_ = 0;
  std::map<std::string, std::pair<std::int64_t, inspection::FileRef>> files_;
  std::set<std::string> receipted_;
};

Result<void> Walk::load() {
  const auto version = db_.integer("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  proofs_ = *version >= 2;
  if (proofs_) {
    auto keys = db_.prepare("SELECT from_size, vkey FROM checkpoint_keys ORDER BY from_size", false);
    if (!keys) return tl::unexpected(keys.error());
    for (auto row = keys->step();; row = keys->step()) {
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      stored_keys_[keys->integer(0)] = keys->text(1);
    }
    auto tiles = db_.prepare("SELECT level, idx, hash FROM tree_tiles", false);
    if (!tiles) return tl::unexpected(tiles.error());
    for (auto row = tiles->step();; row = tiles->step()) {
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      stored_tiles_[{static_cast<int>(tiles->integer(0)), tiles->integer(1)}] = tiles->text(2);
    }
    auto checkpoints = db_.prepare("SELECT size, note FROM checkpoints ORDER BY size", false);
    if (!checkpoints) return tl::unexpected(checkpoints.error());
    for (auto row = checkpoints->step();; row = checkpoints->step()) {
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      pending_.push_back({checkpoints->integer(0), checkpoints->text(1), true, false});
    }
    if (const auto first = stored_keys_.find(0); first != stored_keys_.end()) key_ = parse_vkey(first->second);
    if (!pending_.empty() && !key_) bad(1, "there are checkpoints, but the key of the first is not recorded");
    trusted_ = key_seen_ = key_ && key_->vkey() == options_.key;
  }
  if (!options_.checkpoint.empty()) add_foreign(options_.checkpoint, false);
  if (!options_.witnessed.empty()) add_foreign(options_.witnessed, true);
  return {};
}

void Walk::add_foreign(const std::string& text, bool cosigned) {
  const auto note = parse_note(text);
  const auto checkpoint = note ? parse_checkpoint(note->text) : std::nullopt;
  if (!checkpoint) {
    bad(1, cosigned ? "the checkpoint that the centre cosigned cannot be read"
                    : "the checkpoint that was noted elsewhere cannot be read");
    return;
  }
  const Pending pending{checkpoint->size, text, false, cosigned};
  // After our own of the same size, whose key it may need.
  const auto at = std::upper_bound(pending_.begin(), pending_.end(), pending,
                                   [](const Pending& a, const Pending& b) { return a.size < b.size; });
  pending_.insert(at, pending);
}

void Walk::collect_files(const json& value, std::int64_t seq) {
  if (value.is_object() && value.contains("sha256") && value.contains("role") && value["sha256"].is_string()) {
    inspection::FileRef file;
    file.sha256 = value["sha256"].get<std::string>();
    if (value["role"].is_string()) file.role = value["role"].get<std::string>();
    if (value.contains("bytes") && value["bytes"].is_number_integer())
      file.bytes = value["bytes"].get<std::int64_t>();
    if (!file.sha256.empty()) files_.emplace(file.sha256, std::pair(seq, file));
  }
  if (value.is_structured())
    for (const auto& inner : value)
      collect_files(inner, seq);
}

// What is wrong with the event's text; empty when nothing is.
std::string Walk::look_at(const std::string& text, std::int64_t seq) {
  const auto plain = glance_at(text);
  if (plain && plain->seq == seq && plain->lane == report_.lane) {
    if (is_decision_type(plain->type)) last_decision_ = seq;
    const bool closer = plain->type == "journal_key_changed" ||
                        (options_.file && (plain->type == "acknowledged" || text.find("\"sha256\"") != text.npos));
    if (closer) look_closer(json::parse(text, nullptr, /*allow_exceptions=*/false), seq);
    return {};
  }
  const json event = json::parse(text, nullptr, /*allow_exceptions=*/false);
  std::string what = wrong_with(event, text, seq, report_.lane);
  if (what.empty()) look_closer(event, seq);
  return what;
}

void Walk::look_closer(const json& event, std::int64_t seq) {
  const auto type = word_in(event, "type");
  if (is_decision_type(type)) last_decision_ = seq;
  const auto payload = event.find("payload");
  if (payload == event.end()) return;
  if (type == "journal_key_changed") {
    const auto next = parse_vkey(word_in(*payload, "key"));
    const auto stored = stored_keys_.find(seq);
    if (!next || !key_ || word_in(*payload, "previous") != key_->vkey())
      return bad(seq, "the change of the signing key does not continue the key before it");
    if (stored == stored_keys_.end() || stored->second != next->vkey())
      return bad(seq, "the change of the signing key is not in the table of keys");
    changed_from_ = key_;
    changed_at_ = seq;
    change_lost_ = word_in(*payload, "reason") == "lost";
    key_ = next;
    if (change_lost_) trusted_ = false;
    if (key_->vkey() == options_.key) trusted_ = key_seen_ = true;
    if (change_lost_)
      report_.not_proven.push_back(
          fmt::format("that the lane itself changed its key at event {}: the old key was not there to sign it", seq));
  }
  if (!options_.file) return;
  collect_files(*payload, seq);
  if (const auto list = payload->find("files"); type == "acknowledged" && list != payload->end())
    for (const auto& file : *list)
      if (file.is_string()) receipted_.insert(file.get<std::string>());
}

// The cache of the tree is not what proves, but what it is wrong about would make wrong proofs.
void Walk::tiles(std::int64_t seq) {
  for (int level = kTileStep; tree_.completed(level); level += kTileStep) {
    const auto stored = stored_tiles_.find({level, (tree_.size() >> level) - 1});
    if (stored == stored_tiles_.end() || stored->second != merkle::to_bytes(*tree_.completed(level)))
      return bad(seq, fmt::format("the stored tree is wrong at level {}; the events before it are good", level));
    stored_tiles_.erase(stored);
  }
}

void Walk::own_checkpoint(const Note& note, const Checkpoint& checkpoint) {
  const auto seq = checkpoint.size;
  if (checkpoint.origin != origin_of(report_.lane)) return bad(seq, "its checkpoint is of another journal");
  if (!checkpoint.previous || *checkpoint.previous != previous_size_)
    return bad(seq, fmt::format("its checkpoint does not follow the one over {} events", previous_size_));
  if (checkpoint.root != tree_.root())
    return bad(seq, "the events up to it are not those that its checkpoint signed");
  if (!key_ || !signed_by(note, *key_)) return bad(seq, "the signature of its checkpoint is wrong");
  const bool changes = changed_from_ && changed_at_ == seq;
  const bool both = changes && !change_lost_;
  if (both && !signed_by(note, *changed_from_))
    return bad(seq, "the change of the signing key is not signed by the key before it");
  if (note.signatures.size() != (both ? 2U : 1U)) return bad(seq, "its checkpoint bears a signature of nobody known");
  if (changed_from_ && !changes && changed_at_ > previous_size_)
    return bad(changed_at_, "the change of the signing key has no checkpoint of its own");
  previous_size_ = seq;
  ++report_.checkpoints;
  report_.signed_to = seq;
  report_.key = key_->vkey();
  report_.key_from_outside = trusted_;
}

void Walk::foreign_checkpoint(const Note& note, const Checkpoint& checkpoint, bool cosigned) {
  const std::string whose =
      cosigned ? "the checkpoint that the centre cosigned" : "the checkpoint that was noted elsewhere";
  if (checkpoint.origin != origin_of(report_.lane)) return bad(1, whose + " is of another journal");
  if (checkpoint.root != tree_.root())
    return bad(checkpoint.size,
               fmt::format("{} has another history: something up to event {} was changed", whose, checkpoint.size));
  const bool by_us = (key_ && signed_by(note, *key_)) || (changed_from_ && signed_by(note, *changed_from_));
  const auto outside = parse_vkey(options_.key);
  if (!by_us && !(outside && signed_by(note, *outside)))
    return bad(checkpoint.size, whose + " is not signed by this journal's key");
  if (!cosigned) {
    report_.noted_to = checkpoint.size;
    return;
  }
  for (PublicKey witness : options_.witnesses) {
    witness.type = PublicKey::kCosignature;
    for (const auto& signature : note.signatures) {
      if (options_.witnesses.empty() || signature.name == origin_of(report_.lane)) continue;
      if (witness.name.empty() || witness.name == signature.name) {
        PublicKey named = witness;
        named.name = signature.name;
        if (const auto time = cosigned_by(note, named)) {
          report_.witnessed_to = checkpoint.size;
          report_.witnessed_unix_s = *time;
        }
      }
    }
  }
  if (report_.witnessed_to == 0)
    report_.not_proven.push_back(
        "whether the centre cosigned the checkpoint kept beside the journal: no key of a witness fits");
}

void Walk::checkpoint(const Pending& pending) {
  const auto note = parse_note(pending.text);
  const auto checkpoint = note ? parse_checkpoint(note->text) : std::nullopt;
  if (!checkpoint || checkpoint->size != pending.size)
    return bad(std::max<std::int64_t>(pending.size, 1), "its checkpoint cannot be read");
  if (pending.ours) {
    own_checkpoint(*note, *checkpoint);
  } else {
    foreign_checkpoint(*note, *checkpoint, pending.cosigned);
  }
}

Result<void> Walk::run() {
  std::string head = genesis_hash(report_.lane);
  report_.head_hash = hex(head);
  bool seen = expected_head_.empty() || report_.head_hash == expected_head_;
  if (auto loaded = load(); !loaded) return loaded;
  auto rows = db_.prepare("SELECT seq, text, prev_hash, hash FROM events ORDER BY seq", false);
  if (!rows) return tl::unexpected(rows.error());
  const auto take_checkpoints = [&] {
    while (good() && next_pending_ < pending_.size() && pending_[next_pending_].size <= tree_.size())
      checkpoint(pending_[next_pending_++]);
  };
  take_checkpoints();  // of an empty journal
  while (good()) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    const std::int64_t seq = report_.events + 1;
    if (!*row) break;
    if (rows->integer(0) != seq) return bad(seq, "the event is missing"), Result<void>();
    const std::string text = rows->text(1), prev = rows->text(2), hash = rows->text(3);
    if (prev != head) return bad(seq, "it does not continue the event before it"), Result<void>();
    const auto made = merkle::leaf_hash(prev, text);
    if (merkle::to_bytes(made) != hash) {
      const auto after = rows->step();
      const bool text_good = after && *after && rows->text(2) == merkle::to_bytes(made);
      return bad(seq, text_good ? "its hash was changed; its text is what the next event continues"
                                : "its text is not what was hashed"),
             Result<void>();
    }
    tree_.append(made);
    if (std::string what = look_at(text, seq); !what.empty()) return bad(seq, std::move(what)), Result<void>();
    if (proofs_) tiles(seq);
    if (!good()) break;
    head = hash;
    report_.events = seq;
    seen = seen || (!expected_head_.empty() && hex(head) == expected_head_);
    take_checkpoints();
  }
  report_.head_hash = hex(head);
  report_.root = merkle::to_hex(tree_.root());
  if (!good()) return {};
  const auto indexed = db_.integer("SELECT indexed_to FROM index_state");
  if (indexed && *indexed > report_.events)
    bad(report_.events + 1, fmt::format("events are missing at the end: there were {}", *indexed));
  if (!seen)
    bad(report_.events + 1,
        "the chain does not go through the expected head: its end was cut off, or it was made anew");
  conclude();
  return {};
}

void Walk::files() {
  for (const auto& [sha256, named] : files_) {
    ++report_.files;
    switch (options_.file(named.second)) {
      case FileState::good:
        continue;
      case FileState::freed:
        ++report_.files_freed;
        if (!receipted_.contains(sha256))
          return bad(named.first, fmt::format("its file {} was freed without a receipt in the journal", sha256));
        continue;
      case FileState::missing:
        return bad(named.first, fmt::format("its file {} is missing from the archive", sha256));
      case FileState::damaged:
        return bad(named.first, fmt::format("its file {} in the archive is not what was recorded", sha256));
    }
  }
}

void Walk::conclude() {
  const std::int64_t end = report_.events;
  if (next_pending_ < pending_.size()) {
    const Pending& first = pending_[next_pending_];
    bad(end + 1,
        fmt::format("events {} to {} are missing at the end: {}", end + 1, first.size,
                    first.ours       ? "they were signed"
                    : first.cosigned ? "the centre has cosigned them; this may be an older copy"
                                     : "the checkpoint noted elsewhere has them; this may be an older copy"));
  }
  if (!stored_tiles_.empty()) bad(end, "the stored tree has more than the events give; the events are good");
  if (!stored_keys_.empty() && stored_keys_.rbegin()->first > 0 && stored_keys_.rbegin()->first != changed_at_)
    bad(end, "the table of keys has a key that no event tells of");
  if (proofs_ && last_decision_ > report_.signed_to)
    bad(last_decision_, "the event is a decision, and no checkpoint covers it");
  if (!options_.key.empty() && !key_seen_) bad(end, "no checkpoint is signed by the key that was given");
  if (good() && options_.file) files();
  if (!good()) return;

  auto& open = report_.not_proven;
  if (!proofs_) open.push_back("anything signed: the journal is of an older schema, which has no checkpoints");
  if (proofs_ && report_.signed_to < end)
    open.push_back(fmt::format("that events {} to {} were there before: no checkpoint covers them yet",
                               report_.signed_to + 1, end));
  if (report_.signed_to > 0 && options_.key.empty())
    open.push_back("whose key it is: it comes from the journal itself; give the lane's public key with --key");
  if (!options_.key.empty() && !trusted_ && key_seen_)
    open.push_back("whose key signed the last checkpoints: the key that was given does not vouch for it");
  const auto outside = std::max(report_.witnessed_to, report_.noted_to);
  if (outside == 0 && end > 0)
    open.push_back(
        "that this is the only history: nobody outside the lane has confirmed a checkpoint; whoever has the "
        "file and the key could have made it anew");
  else if (outside < end)
    open.push_back(
        fmt::format("that events {} to {} are the only history: only the lane attests them", outside + 1, end));
  if (!options_.file) open.push_back("the pictures: the archive was not looked at");
}

}  // namespace

Result<void> walk(const sql::Database& db, const VerifyOptions& options, const std::string& expected_head,
                  VerifyReport& report) {
  return Walk(db, options, expected_head, report).run();
}

}  // namespace torugart::journal
