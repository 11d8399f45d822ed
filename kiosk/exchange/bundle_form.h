// What the maker and the verifier of bundles must agree on. Internal to kiosk/exchange; README.md has it in words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/inspection/event.h"
#include "kiosk/journal/merkle.h"

namespace torugart::exchange::bundle {

inline constexpr std::string_view kFirstLine = "torugart bundle 1";
inline constexpr std::string_view kManifest = "manifest.txt", kCheckpoint = "checkpoint.txt", kKeys = "keys.txt",
                                  kPage = "page.html";

struct ListedFile {
  std::string name, sha256;
  std::int64_t bytes = 0;
};

struct Manifest {
  std::string lane, crossing, made;
  std::int64_t checkpoint = 0;
  std::vector<ListedFile> files;    // in the order of the archive
  std::vector<std::string> absent;  // sha256 of files that the archive does not have any more
};
std::string to_text(const Manifest& manifest);
std::optional<Manifest> parse_manifest(std::string_view text);  // strictly what to_text writes

// c2sp.org/tlog-proof; `extra` is the hash that the event continues.
struct Proof {
  std::int64_t index = 0;
  journal::merkle::Hash previous{};
  journal::merkle::Proof hashes;
  std::string checkpoint;
};
std::string to_text(const Proof& proof);
std::optional<Proof> parse_proof(std::string_view text);

std::string event_name(std::int64_t seq);  // "events/000000000012.json"
std::string proof_name(std::int64_t seq);  // "events/000000000012.tlog-proof"
std::string key_event_name(std::int64_t seq);
std::string key_proof_name(std::int64_t seq);
std::string file_name(const inspection::FileRef& file);  // "files/<sha256>.jpg"

// Every file that the text of an event names, whatever its type; each once, in order.
std::vector<inspection::FileRef> files_named_in(std::string_view event_text);

std::string utc(std::int64_t wall_us);  // "2026-05-01T08:30:00Z"

}  // namespace torugart::exchange::bundle
