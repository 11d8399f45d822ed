#include "kiosk/exchange/bundle.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/disk/disk.h"
#include "kiosk/exchange/bundle_form.h"
#include "kiosk/exchange/page.h"
#include "kiosk/exchange/zip.h"

namespace torugart::exchange {
namespace {

using journal::Error;
using journal::Record;
namespace merkle = journal::merkle;

tl::unexpected<Error> refused(std::string what, const std::string& where, std::string remedy) {
  return tl::unexpected(Error{Error::Code::refused, std::move(what), where, std::move(remedy)});
}

struct Part {
  std::string name, bytes;
};

// An event and its proof against `checkpoint`.
journal::Result<void> add_proven(const journal::Reader& reader, const Record& record, std::int64_t size,
                                 const std::string& checkpoint, std::string name, std::string proof_name,
                                 std::vector<Part>& parts) {
  auto hashes = reader.inclusion_proof(record.event.seq, size);
  if (!hashes) return tl::unexpected(hashes.error());
  const auto previous = merkle::from_hex(record.prev_hash);
  const auto leaf = merkle::from_hex(record.hash);
  const auto note = journal::parse_note(checkpoint);
  const auto stated = note ? journal::parse_checkpoint(note->text) : std::nullopt;
  if (!previous || !leaf || !stated ||
      merkle::leaf_hash(merkle::to_bytes(previous.value_or(merkle::Hash{})), record.text) != *leaf ||
      !merkle::verify_inclusion(record.event.seq - 1, size, *leaf, *hashes, stated->root))
    return tl::unexpected(Error{Error::Code::damaged, "the event is not under its checkpoint",
                                fmt::format("event {}", record.event.seq), "Run 'torugart journal verify'"});
  parts.push_back({std::move(name), record.text});
  parts.push_back(
      {std::move(proof_name), bundle::to_text({record.event.seq - 1, *previous, std::move(*hashes), checkpoint})});
  return {};
}

journal::Result<std::string> checkpoint_for(const journal::Reader& reader, const BundleWish& wish, std::int64_t last,
                                            BundleMade& made) {
  if (const auto note = journal::parse_note(wish.witnessed)) {
    const auto stated = journal::parse_checkpoint(note->text);
    const auto end = reader.last_seq();
    if (stated && end && stated->size >= last && stated->size <= *end) {
      made.checkpoint = stated->size;
      made.witnessed = true;
      return wish.witnessed;
    }
  }
  const auto newest = reader.newest_checkpoint();
  if (!newest) return tl::unexpected(newest.error());
  if (!*newest || (*newest)->size < last)
    return refused("the last events of this crossing are under no checkpoint yet", wish.crossing,
                   "Try again in a minute; where the kiosk does not run, start it once");
  made.checkpoint = (*newest)->size;
  return (*newest)->note;
}

journal::Result<void> write_whole(const std::string& path, const std::string& manifest,
                                  const std::vector<Part>& parts, BundleMade& made) {
  const std::string temporary = fmt::format("{}.new-{}", path, ::getpid());
  const auto failed = [&] {
    const Error error{Error::Code::io, std::strerror(errno != 0 ? errno : EIO), path, "Check the disk it goes to"};
    ::unlink(temporary.c_str());
    return tl::unexpected(error);
  };
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  ZipWriter zip(out);
  bool good = static_cast<bool>(out) && zip.add(bundle::kManifest, manifest);
  for (const auto& part : parts)
    good = good && zip.add(part.name, part.bytes);
  good = good && zip.finish();
  made.bytes = static_cast<std::int64_t>(out.tellp());
  out.close();
  if (!good || !out) return failed();
  if (const auto done = disk::put_in_place(temporary, path); !done) {
    errno = done.error().number;
    return failed();
  }
  return {};
}

}  // namespace

journal::Result<BundleMade> write_bundle(const journal::Reader& reader, const journal::SigningKey& key,
                                         const BundleWish& wish, const std::string& path) {
  BundleMade made;
  const auto records = reader.events_of(wish.crossing);
  if (!records) return tl::unexpected(records.error());
  if (records->empty() || std::any_of(wish.crossing.begin(), wish.crossing.end(),
                                      [](char c) { return static_cast<unsigned char>(c) < ' '; }))
    return refused("there is no such crossing", wish.crossing, "Search for it by one of its numbers");
  const auto lane = reader.lane();
  if (!lane) return tl::unexpected(lane.error());
  const auto keys = reader.keys();
  if (!keys) return tl::unexpected(keys.error());
  const auto name = journal::origin_of(*lane);
  if (keys->empty() || keys->back().vkey != key.public_key(name).vkey())
    return refused("the key file is not the one that this journal is signed with", *lane,
                   "Export on the lane itself, with the key beside its journal");
  const auto checkpoint = checkpoint_for(reader, wish, records->back().event.seq, made);
  if (!checkpoint) return tl::unexpected(checkpoint.error());

  std::vector<Part> parts{{std::string(bundle::kCheckpoint), *checkpoint}};
  std::string key_list;
  for (const auto& one : *keys) {
    key_list += one.vkey + "\n";
    if (one.from_size == 0) continue;
    const auto change = reader.events(one.from_size, 1);
    if (!change) return tl::unexpected(change.error());
    const auto over = reader.checkpoint_from(one.from_size);
    if (!over) return tl::unexpected(over.error());
    if (change->empty() || !*over || (*over)->size != one.from_size)
      return tl::unexpected(Error{Error::Code::damaged, "a change of the signing key has no checkpoint",
                                  fmt::format("event {}", one.from_size), "Run 'torugart journal verify'"});
    if (auto done = add_proven(reader, change->front(), one.from_size, (*over)->note,
                               bundle::key_event_name(one.from_size), bundle::key_proof_name(one.from_size), parts);
        !done)
      return tl::unexpected(done.error());
  }
  parts.push_back({std::string(bundle::kKeys), key_list});

  PageFacts facts{
      *lane, wish.crossing, bundle::utc(wish.wall_us), made.checkpoint, made.witnessed, keys->back().vkey, {}, {}};
  for (const auto& record : *records) {
    if (auto done = add_proven(reader, record, made.checkpoint, *checkpoint, bundle::event_name(record.event.seq),
                               bundle::proof_name(record.event.seq), parts);
        !done)
      return tl::unexpected(done.error());
    for (auto& file : bundle::files_named_in(record.text))
      if (std::none_of(facts.files.begin(), facts.files.end(),
                       [&](const auto& other) { return other.sha256 == file.sha256; }))
        facts.files.push_back(std::move(file));
  }
  made.events = std::ssize(*records);
  for (const auto& file : facts.files) {
    auto bytes = wish.file ? wish.file(file) : std::nullopt;
    if (bytes && merkle::to_hex(merkle::sha256(*bytes)) == file.sha256) {
      parts.push_back({bundle::file_name(file), std::move(*bytes)});
      ++made.files;
    } else {
      facts.absent.push_back(file.sha256);
      ++made.absent;
    }
  }
  parts.push_back({std::string(bundle::kPage), page_html(facts, *records)});

  bundle::Manifest manifest{*lane, wish.crossing, facts.made, made.checkpoint, {}, facts.absent};
  for (const auto& part : parts)
    manifest.files.push_back(
        {part.name, merkle::to_hex(merkle::sha256(part.bytes)), static_cast<std::int64_t>(part.bytes.size())});
  journal::Note note{bundle::to_text(manifest), {}};
  auto signature = key.sign(note.text, name);
  if (!signature) return tl::unexpected(signature.error());
  note.signatures.push_back(std::move(*signature));
  if (auto done = write_whole(path, journal::to_text(note), parts, made); !done) return tl::unexpected(done.error());
  return made;
}

}  // namespace torugart::exchange
