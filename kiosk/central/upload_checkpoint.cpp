// Checkpoints to the centre as their witness (c2sp.org/tlog-witness).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "kiosk/central/uploader.h"
#include "kiosk/journal/note.h"
#include "kiosk/journal/outbox.h"

namespace torugart::central {
namespace {

namespace merkle = journal::merkle;

constexpr const char* kAddCheckpoint = "/v1/witness/add-checkpoint";
constexpr const char* kKeys = "/v1/witness/keys";

tl::unexpected<Error> local(const journal::Error& e) {
  return tl::unexpected(Error{Failure::local, e.what, e.where, e.remedy});
}

Error another_history(std::string what) {
  return {Failure::conflict, std::move(what), kAddCheckpoint, "Do not delete anything; call support"};
}

std::int64_t size_of(const std::string& note_text) {
  const auto note = journal::parse_note(note_text);
  const auto checkpoint = note ? journal::parse_checkpoint(note->text) : std::nullopt;
  return checkpoint ? checkpoint->size : 0;
}

std::optional<std::int64_t> size_in(const HttpResponse& response) {
  const auto* type = response.header("content-type");
  std::int64_t size = 0;
  const auto& body = response.body;
  const auto read = std::from_chars(body.data(), body.data() + body.size(), size);
  if (type == nullptr || !type->starts_with("text/x.tlog.size") || read.ec != std::errc() || size < 0)
    return std::nullopt;
  return size;
}

}  // namespace

tl::expected<Uploader::Did, Error> Uploader::witness_stuck(Error error) {
  witness_stuck_ = true;
  board_.failed(error);
  return Did::nothing;  // the record itself goes on
}

// The centre must know the key that a checkpoint is signed with before it sees the checkpoint.
tl::expected<Uploader::Did, Error> Uploader::show_key(const std::string& vkey, const std::stop_token& stop) {
  const auto response = call({"POST",
                              kKeys,
                              {"Content-Type: application/json", "Accept: application/json"},
                              nlohmann::json{{"vkey", vkey}}.dump(),
                              0},
                             stop);
  if (!response) return tl::unexpected(response.error());
  if (response->status == 404 || response->status == 405) {
    witness_off_ = true;  // a centre that is no witness
    return Did::nothing;
  }
  if (auto error = error_of(*response, kKeys)) {
    if (response->status != 403) return tl::unexpected(std::move(*error));
    return witness_stuck({Failure::refused, "The centre does not know the key that signs this lane's journal", kKeys,
                          "Ask the centre's administrators to admit the lane's new key"});
  }
  shown_key_ = vkey;
  return Did::something;
}

tl::expected<Uploader::Did, Error> Uploader::send_checkpoint(const std::stop_token& stop) {
  if (witness_off_ || witness_stuck_) return Did::nothing;
  const auto newest = stores_.events->newest_checkpoint();
  if (!newest) return local(newest.error());
  if (!*newest) return Did::nothing;
  if (!witnessed_) {
    const auto kept = stores_.memory->get(kWitnessedKey);
    if (!kept) return local(kept.error());
    witnessed_ = size_of(kept->value_or(""));
    board_.update([&](Status& s) { s.witnessed_up_to = *witnessed_; });
  }
  const auto last = stores_.events->last_seq();
  if (!last) return local(last.error());
  if (*witnessed_ > *last)
    return witness_stuck(another_history(fmt::format(
        "The centre has witnessed {} events, and this journal has {}: it is an older copy", *witnessed_, *last)));
  if ((*newest)->size <= *witnessed_) return Did::nothing;

  // Changes of the key one after the other: the checkpoint over each is signed by the key before it, too.
  const auto keys = stores_.events->keys();
  if (!keys) return local(keys.error());
  auto next = **newest;
  for (const auto& key : *keys) {
    if (key.from_size <= *witnessed_ || key.from_size == 0) continue;
    const auto over = stores_.events->checkpoint_from(key.from_size);
    if (!over) return local(over.error());
    if (*over) next = **over;
    break;
  }
  std::string vkey;
  std::int64_t from = 0;
  for (const auto& key : *keys) {
    if (key.from_size >= next.size) break;
    vkey = key.vkey;
    from = key.from_size;
  }
  if (from > ledger_.sent()) return Did::nothing;  // it is from the event that the centre knows the change
  if (vkey != shown_key_) return show_key(vkey, stop);

  const auto proof = stores_.events->consistency_proof(*witnessed_, next.size);
  if (!proof) return local(proof.error());
  std::string body = fmt::format("old {}\n", *witnessed_);
  for (const auto& hash : *proof)
    body += merkle::to_base64(merkle::to_bytes(hash)) + "\n";
  const auto response = call(
      {"POST", kAddCheckpoint, {"Content-Type: text/plain", "Accept: text/plain"}, body + "\n" + next.note, 0}, stop);
  if (!response) return tl::unexpected(response.error());
  if (response->status == 409) {
    const auto size = size_in(*response);
    if (!size || *size == *witnessed_)
      return witness_stuck(another_history("The centre has witnessed another history of this lane"));
    if (*size > *last)
      return witness_stuck(another_history(fmt::format(
          "The centre has witnessed {} events, and this journal has {}: it is an older copy", *size, *last)));
    witnessed_ = *size;  // the proof from there tells whether it is the same history
    return Did::something;
  }
  if (response->status == 422)
    return witness_stuck(another_history("The centre has witnessed another history of this lane"));
  if (response->status == 404) {
    shown_key_.clear();
    return witness_stuck({Failure::refused, "The centre does not know this lane's journal", kAddCheckpoint,
                          "Ask the centre's administrators"});
  }
  if (auto error = error_of(*response, kAddCheckpoint)) return tl::unexpected(std::move(*error));
  return keep_cosignature(next, response->body);
}

tl::expected<Uploader::Did, Error> Uploader::keep_cosignature(const journal::StoredCheckpoint& checkpoint,
                                                              const std::string& lines) {
  auto note = journal::parse_note(checkpoint.note);
  const auto signatures = journal::parse_signature_lines(lines);
  bool good = false;
  if (note && signatures)
    for (const auto& signature : *signatures)
      for (const auto& key : keys_) {
        const journal::PublicKey witness{signature.name, journal::PublicKey::kCosignature, key.bytes};
        if (signature.key_id != witness.id()) continue;
        journal::Note with{note->text, {signature}};
        if (!cosigned_by(with, witness)) continue;
        note->signatures.push_back(signature);
        good = true;
      }
  if (!good)
    return witness_stuck({Failure::not_trusted, "The centre's cosignature is not by a key that this lane knows",
                          kAddCheckpoint, "Tell the centre's administrators; the record itself is sent"});
  if (const auto kept = stores_.memory->put(kWitnessedKey, journal::to_text(*note)); !kept)
    return local(kept.error());
  witnessed_ = checkpoint.size;
  board_.update([&](Status& s) { s.witnessed_up_to = *witnessed_; });
  return Did::something;
}

}  // namespace torugart::central
