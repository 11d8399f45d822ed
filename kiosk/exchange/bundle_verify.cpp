#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "kiosk/exchange/bundle.h"
#include "kiosk/exchange/bundle_form.h"
#include "kiosk/exchange/zip.h"

namespace torugart::exchange {
namespace {

using nlohmann::json;
namespace merkle = journal::merkle;

class Verifier {
 public:
  Verifier(std::string_view bundle, const BundleCheck& check) : bundle_(bundle), check_(check) {}

  BundleReport run() {
    report_.ok =
        archive() && manifest() && key_changes() && signer() && listed() && checkpoint() && events() && files();
    if (report_.ok) conclude();
    return std::move(report_);
  }

 private:
  bool bad(std::string_view where, std::string what) {
    if (report_.what.empty()) {
      report_.what = std::move(what);
      report_.where = where;
      if (const auto at = entries_.find(std::string(where)); at != entries_.end() && !report_.first_wrong_byte)
        report_.first_wrong_byte = static_cast<std::size_t>(at->second.data() - bundle_.data());
    }
    return false;
  }
  std::optional<std::string_view> entry(std::string_view name) const {
    const auto at = entries_.find(std::string(name));
    return at == entries_.end() ? std::nullopt : std::optional(at->second);
  }

  bool archive();
  bool manifest();
  bool key_changes();
  bool signer();
  bool listed();
  bool checkpoint();
  bool events();
  bool files();
  void conclude();
  std::optional<merkle::Hash> proven(const std::string& event_name, const std::string& proof_name, json& event,
                                     bundle::Proof& proof, journal::Note& note);
  std::string trusted_signer(const journal::Note& note) const;

  std::string_view bundle_;
  const BundleCheck& check_;
  BundleReport report_;
  std::vector<std::string> order_;
  std::map<std::string, std::string_view> entries_;
  journal::Note manifest_note_;
  bundle::Manifest manifest_;
  std::vector<journal::PublicKey> trusted_;
  journal::Note checkpoint_note_;
  std::set<std::string> named_;  // files that the events name
};

bool Verifier::archive() {
  const auto zip = read_zip(bundle_);
  for (const auto& entry : zip.entries) {
    order_.push_back(entry.name);
    if (!entries_.emplace(entry.name, entry.bytes).second) return bad(entry.name, "the file is there twice");
  }
  if (!zip.wrong_at) return true;
  report_.first_wrong_byte = zip.wrong_at;
  return bad(zip.entries.empty() ? "" : zip.entries.back().name,
             "the archive is damaged, at or behind this file: it is not as it was written");
}

bool Verifier::manifest() {
  const auto text = entry(bundle::kManifest);
  if (!text) return bad(bundle::kManifest, "the file is missing");
  const auto note = journal::parse_note(*text);
  if (!note) return bad(bundle::kManifest, "this is no signed note");
  manifest_note_ = *note;
  const auto read = bundle::parse_manifest(note->text);
  if (!read) return bad(bundle::kManifest, "the list of the bundle's files cannot be read");
  manifest_ = *read;
  report_.lane = manifest_.lane;
  report_.crossing = manifest_.crossing;
  report_.made = manifest_.made;
  const auto key = journal::parse_vkey(check_.key);
  if (!key || key->type != journal::PublicKey::kSignature)
    return bad("", "the key that was given is no public key of a lane");
  trusted_.push_back(*key);
  return true;
}

std::string Verifier::trusted_signer(const journal::Note& note) const {
  for (const auto& key : trusted_)
    if (signed_by(note, key)) return key.vkey();
  return {};
}

std::optional<merkle::Hash> Verifier::proven(const std::string& event_name, const std::string& proof_name,
                                             json& event, bundle::Proof& proof, journal::Note& note) {
  const auto text = entry(event_name), proof_text = entry(proof_name);
  if (!text || !proof_text) return bad(text ? proof_name : event_name, "the file is missing"), std::nullopt;
  const auto read = bundle::parse_proof(*proof_text);
  const auto over = read ? journal::parse_note(read->checkpoint) : std::nullopt;
  const auto stated = over ? journal::parse_checkpoint(over->text) : std::nullopt;
  if (!stated) return bad(proof_name, "the proof cannot be read"), std::nullopt;
  const auto leaf = merkle::leaf_hash(merkle::to_bytes(read->previous), *text);
  if (stated->origin != journal::origin_of(manifest_.lane) ||
      !merkle::verify_inclusion(read->index, stated->size, leaf, read->hashes, stated->root))
    return bad(event_name, "the event is not in the tree that was signed"), std::nullopt;
  event = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!event.is_object() || event.value("seq", json()) != json(read->index + 1) ||
      event.value("lane", json()) != json(manifest_.lane))
    return bad(event_name, "the event bears another number or lane"), std::nullopt;
  proof = *read;
  note = *over;
  return leaf;
}

// From the key that was given to those that it vouches for.
bool Verifier::key_changes() {
  for (const auto& name : order_) {
    if (!name.starts_with("keys/") || !name.ends_with(".json")) continue;
    json event;
    bundle::Proof proof;
    journal::Note note;
    if (!proven(name, name.substr(0, name.size() - 5) + ".tlog-proof", event, proof, note)) return false;
    const auto payload = event.value("payload", json::object());
    if (event.value("type", json()) != json("journal_key_changed") || !payload.is_object())
      return bad(name, "this is no change of the signing key");
    const auto text = payload.value("key", json());
    const auto next = text.is_string() ? journal::parse_vkey(text.get<std::string>()) : std::nullopt;
    if (!next) return bad(name, "the new key cannot be read");
    if (!trusted_signer(note).empty()) trusted_.push_back(*next);
  }
  return true;
}

bool Verifier::signer() {
  report_.signer = trusted_signer(manifest_note_);
  if (report_.signer.empty())
    return bad(bundle::kManifest, "it is not signed by the key that was given, nor by one that this key vouches for");
  if (manifest_note_.signatures.size() != 1) return bad(bundle::kManifest, "it bears more than one signature");
  return true;
}

bool Verifier::listed() {
  if (order_.size() != manifest_.files.size() + 1 || order_.front() != bundle::kManifest)
    return bad(bundle::kManifest, "the list has other files than the bundle");
  for (std::size_t i = 0; i < manifest_.files.size(); ++i) {
    const auto& file = manifest_.files[i];
    if (order_[i + 1] != file.name) return bad(order_[i + 1], "the list has another file here: " + file.name);
    const auto bytes = *entry(file.name);
    if (static_cast<std::int64_t>(bytes.size()) != file.bytes || merkle::to_hex(merkle::sha256(bytes)) != file.sha256)
      return bad(file.name, "the file is not the one that was signed");
  }
  return true;
}

bool Verifier::checkpoint() {
  const auto text = entry(bundle::kCheckpoint);
  const auto note = text ? journal::parse_note(*text) : std::nullopt;
  const auto stated = note ? journal::parse_checkpoint(note->text) : std::nullopt;
  if (!stated) return bad(bundle::kCheckpoint, "the checkpoint is missing or cannot be read");
  if (stated->origin != journal::origin_of(manifest_.lane) || stated->size != manifest_.checkpoint)
    return bad(bundle::kCheckpoint, "the checkpoint is not the one that the list names");
  if (trusted_signer(*note).empty())
    return bad(bundle::kCheckpoint,
               "it is not signed by the key that was given, nor by one that this key vouches for");
  checkpoint_note_ = *note;
  report_.checkpoint = stated->size;
  return true;
}

bool Verifier::events() {
  std::int64_t last = 0;
  std::optional<merkle::Hash> last_hash;
  for (const auto& name : order_) {
    if (!name.starts_with("events/") || !name.ends_with(".json")) continue;
    json event;
    bundle::Proof proof;
    journal::Note note;
    const auto leaf = proven(name, name.substr(0, name.size() - 5) + ".tlog-proof", event, proof, note);
    if (!leaf) return false;
    const std::int64_t seq = proof.index + 1;
    if (name != bundle::event_name(seq) || seq <= last) return bad(name, "the events are not in their order");
    if (proof.checkpoint != *entry(bundle::kCheckpoint)) return bad(name, "the proof is against another checkpoint");
    if (event.value("crossing", json()) != json(manifest_.crossing))
      return bad(name, "the event is of another crossing");
    if (seq == last + 1 && last_hash && proof.previous != *last_hash)
      return bad(name, "the event does not continue the one before it");
    for (const auto& file : bundle::files_named_in(*entry(name)))
      named_.insert(file.sha256);
    last = seq;
    last_hash = leaf;
    ++report_.events;
  }
  return report_.events > 0 || bad("", "there are no events");
}

bool Verifier::files() {
  std::set<std::string> there;
  for (const auto& name : order_) {
    if (!name.starts_with("files/")) continue;
    const auto dot = name.rfind('.');
    const auto sha256 = name.substr(6, dot == std::string::npos ? dot : dot - 6);
    if (!named_.contains(sha256)) return bad(name, "no event names this file");
    if (merkle::to_hex(merkle::sha256(*entry(name))) != sha256)
      return bad(name, "the file is not what the events name");
    there.insert(sha256);
    ++report_.files;
  }
  for (const auto& sha256 : named_) {
    if (there.contains(sha256)) continue;
    if (std::find(manifest_.absent.begin(), manifest_.absent.end(), sha256) == manifest_.absent.end())
      return bad("", "a file that the events name is neither there nor said to be absent: " + sha256);
    ++report_.absent;
  }
  return static_cast<std::size_t>(report_.absent) == manifest_.absent.size() ||
         bad(bundle::kManifest, "files are said to be absent that no event names");
}

void Verifier::conclude() {
  for (journal::PublicKey witness : check_.witnesses) {
    witness.type = journal::PublicKey::kCosignature;
    const bool any = witness.name.empty();
    for (const auto& signature : checkpoint_note_.signatures) {
      if (any) witness.name = signature.name;
      if (const auto time = cosigned_by(checkpoint_note_, witness)) report_.witnessed_unix_s = time;
    }
  }
  if (!report_.witnessed_unix_s)
    report_.not_proven.emplace_back("that the lane has no other history: no witness that was named has cosigned it");
  if (report_.absent > 0)
    report_.not_proven.push_back(
        fmt::format("what {} files showed: they had left the lane's archive", report_.absent));
  report_.not_proven.emplace_back(
      "that no event of this crossing was left out: whoever has the lane's key chose what is in the bundle");
}

}  // namespace

BundleReport verify_bundle(std::string_view bundle, const BundleCheck& check) {
  return Verifier(bundle, check).run();
}

int verify_bundle_file(const std::string& path, const BundleCheck& check, std::ostream& out) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in && bytes.empty()) {
    out << "cannot be read: " << path << "\n";
    return 2;
  }
  const auto report = verify_bundle(bytes, check);
  if (!report.ok) {
    out << "NOT GOOD: " << (report.where.empty() ? "" : report.where + ": ") << report.what << "\n";
    if (report.first_wrong_byte)
      out << fmt::format("first seen at byte {} of the bundle\n", *report.first_wrong_byte);
    return 1;
  }
  out << fmt::format("good: crossing {} of lane {}, made {}\n", report.crossing, report.lane, report.made);
  out << fmt::format("proven: {} events stand in the journal of {} events that {} signed\n", report.events,
                     report.checkpoint, report.signer);
  out << fmt::format("proven: {} files and the page are what was signed\n", report.files);
  if (report.witnessed_unix_s)
    out << fmt::format("proven: a witness confirmed that journal at {}\n",
                       bundle::utc(*report.witnessed_unix_s * 1'000'000));
  for (const auto& line : report.not_proven)
    out << "not proven: " << line << "\n";
  return 0;
}

}  // namespace torugart::exchange
