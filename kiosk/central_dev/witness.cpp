#include "kiosk/central_dev/witness.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>

#include "base/disk/disk.h"
#include "kiosk/journal/note.h"

namespace torugart::central_dev {
namespace {

using nlohmann::json;
namespace merkle = journal::merkle;

constexpr const char* kWitnessName = "torugart-central-dev/witness";
constexpr std::size_t kMaxProof = 63;

struct Request {
  std::int64_t old_size = 0;
  merkle::Proof proof;
  std::string note;
};

std::optional<Request> parse_request(std::string_view body) {
  Request out;
  const auto next_line = [&]() -> std::optional<std::string_view> {
    const auto end = body.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = body.substr(0, end);
    body.remove_prefix(end + 1);
    return line;
  };
  const auto first = next_line();
  if (!first || !first->starts_with("old ")) return std::nullopt;
  const auto digits = first->substr(4);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out.old_size);
  if (read.ec != std::errc() || fmt::format("{}", out.old_size) != digits || out.old_size < 0) return std::nullopt;
  for (;;) {
    const auto line = next_line();
    if (!line) return std::nullopt;
    if (line->empty()) break;
    const auto bytes = merkle::from_base64(*line);
    const auto hash = bytes ? merkle::from_bytes(*bytes) : std::nullopt;
    if (!hash || out.proof.size() >= kMaxProof) return std::nullopt;
    out.proof.push_back(*hash);
  }
  out.note = body;
  return out;
}

journal::NoteSignature cosign(const std::string& text, const TestKeys& keys) {
  const auto unix_s =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  const std::string message = fmt::format("cosignature/v1\ntime {}\n{}", unix_s, text);
  journal::PublicKey key{kWitnessName, journal::PublicKey::kCosignature, {}};
  std::copy(keys.signing_key.begin() + 32, keys.signing_key.end(), key.bytes.begin());
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()),
                       message.size(), keys.signing_key.data());
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>((static_cast<std::uint64_t>(unix_s) >> static_cast<unsigned>(shift)) & 0xffU);
  bytes.append(reinterpret_cast<const char*>(signature.data()), signature.size());
  return {kWitnessName, key.id(), bytes};
}

}  // namespace

Reply Witness::admit_key(const std::string& lane, const std::string& body) {
  const auto refuse = [](int status, const std::string& detail) {
    return problem_reply(status, status == 403 ? "key" : "invalid", "The key was not admitted", detail);
  };
  const auto asked = json::parse(body, nullptr, false);
  const auto text = asked.is_object() ? asked.value("vkey", json()) : json();
  const auto key = text.is_string() ? journal::parse_vkey(text.get<std::string>()) : std::nullopt;
  if (!key || key->type != journal::PublicKey::kSignature || key->name != journal::origin_of(lane))
    return refuse(422, "vkey is no public key of this lane");

  const std::lock_guard lock(mutex_);
  const auto current = disk::text_of(path(lane, "witness_key"));
  if (current == key->vkey()) return {200, {{"vkey", current}}};
  if (!current.empty()) {
    const auto note = journal::parse_note(disk::text_of(path(lane, "witness_checkpoint")));
    const auto seen = note ? journal::parse_checkpoint(note->text) : std::nullopt;
    if (!seen || !events_.key_change(lane, current, key->vkey(), seen->size))
      return refuse(403, "The journal that was witnessed does not record this change of the signing key");
  }
  std::error_code ignored;
  std::filesystem::create_directories(path(lane, ""), ignored);
  if (!disk::replace(path(lane, "witness_key"), key->vkey()))
    return problem_reply(507, "storage", "The key was not admitted", "The centre's disk did not take it");
  return {201, {{"vkey", key->vkey()}}};
}

Witness::Answer Witness::add_checkpoint(const std::string& lane, const std::string& body) {
  const auto request = parse_request(body);
  const auto note = request ? journal::parse_note(request->note) : std::nullopt;
  const auto checkpoint = note ? journal::parse_checkpoint(note->text) : std::nullopt;
  if (!checkpoint) return {400, "this is no add-checkpoint request of c2sp.org/tlog-witness\n"};
  if (checkpoint->origin != journal::origin_of(lane)) return {404, "the origin is not this lane's journal\n"};

  const std::lock_guard lock(mutex_);
  const auto key = journal::parse_vkey(disk::text_of(path(lane, "witness_key")));
  if (!key) return {404, "no key of this lane is known\n"};
  if (!signed_by(*note, *key)) return {403, "not signed by this lane's key\n"};
  if (request->old_size > checkpoint->size) return {400, "the old size is larger than the checkpoint's\n"};

  const auto kept = journal::parse_note(disk::text_of(path(lane, "witness_checkpoint")));
  const auto seen = kept ? journal::parse_checkpoint(kept->text) : std::nullopt;
  const std::int64_t seen_size = seen ? seen->size : 0;
  if (request->old_size != seen_size) return {409, fmt::format("{}\n", seen_size), "text/x.tlog.size"};
  if (seen_size == checkpoint->size && seen && seen->root != checkpoint->root)
    return {409, "another history of the same size was witnessed\n"};
  if (!merkle::verify_consistency(seen_size, checkpoint->size, seen ? seen->root : merkle::sha256({}),
                                  checkpoint->root, request->proof))
    return {422, "the checkpoint does not continue the one that was witnessed\n"};
  if (const auto held = events_.root_of(lane, checkpoint->size); held && *held != checkpoint->root)
    return {422, "the checkpoint is not of the events that were sent\n"};

  const auto cosignature = cosign(note->text, keys_);
  journal::Note next{note->text, {}};
  for (const auto& signature : note->signatures)
    if (signature.name == key->name) next.signatures.push_back(signature);
  next.signatures.push_back(cosignature);
  if (!disk::replace(path(lane, "witness_checkpoint"), journal::to_text(next)))
    return {507, "the centre's disk did not take it\n"};
  return {200, journal::signature_line(cosignature)};
}

}  // namespace torugart::central_dev
