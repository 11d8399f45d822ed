#include "kiosk/exchange/bundle_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

#include "kiosk/journal/note.h"

namespace torugart::exchange::bundle {
namespace {

namespace merkle = journal::merkle;

using journal::next_line;

// What follows `word` and a space.
std::optional<std::string_view> after(std::optional<std::string_view> line, std::string_view word) {
  if (!line || !line->starts_with(word) || line->size() <= word.size() || (*line)[word.size()] != ' ')
    return std::nullopt;
  return line->substr(word.size() + 1);
}

std::optional<std::int64_t> number(std::optional<std::string_view> text) {
  std::int64_t value = 0;
  if (!text) return std::nullopt;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size() || value < 0) return std::nullopt;
  return value;
}

constexpr std::string_view kProofLine = "c2sp.org/tlog-proof@v1";

void collect(const nlohmann::json& value, std::vector<inspection::FileRef>& out) {
  const auto text = [&](const char* name) {
    const auto at = value.find(name);
    return at != value.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  if (value.is_object() && value.contains("role") && !text("sha256").empty()) {
    inspection::FileRef file{text("role"), text("sha256"), 0, text("media_type")};
    if (const auto bytes = value.find("bytes"); bytes != value.end() && bytes->is_number_integer())
      file.bytes = bytes->get<std::int64_t>();
    const auto same = [&](const auto& other) { return other.sha256 == file.sha256; };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back(std::move(file));
  }
  if (value.is_structured())
    for (const auto& inner : value)
      collect(inner, out);
}

}  // namespace

std::string to_text(const Manifest& manifest) {
  std::string out = fmt::format("{}\nlane {}\ncrossing {}\nmade {}\ncheckpoint {}\n", kFirstLine, manifest.lane,
                                manifest.crossing, manifest.made, manifest.checkpoint);
  for (const auto& file : manifest.files)
    out += fmt::format("file {} {} {}\n", file.sha256, file.bytes, file.name);
  for (const auto& sha256 : manifest.absent)
    out += fmt::format("absent {}\n", sha256);
  return out;
}

std::optional<Manifest> parse_manifest(std::string_view text) {
  const std::string_view whole = text;
  Manifest out;
  if (next_line(text) != kFirstLine) return std::nullopt;
  const auto lane = after(next_line(text), "lane"), crossing = after(next_line(text), "crossing"),
             made = after(next_line(text), "made");
  const auto checkpoint = number(after(next_line(text), "checkpoint"));
  if (!lane || !crossing || !made || !checkpoint) return std::nullopt;
  out.lane = *lane;
  out.crossing = *crossing;
  out.made = *made;
  out.checkpoint = *checkpoint;
  while (!text.empty()) {
    const auto line = next_line(text);
    if (const auto absent = after(line, "absent")) {
      out.absent.emplace_back(*absent);
      continue;
    }
    const auto file = after(line, "file");
    const auto first = file ? file->find(' ') : std::string_view::npos;
    const auto second = first == std::string_view::npos ? first : file->find(' ', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto bytes = number(file->substr(first + 1, second - first - 1));
    if (!bytes) return std::nullopt;
    out.files.push_back({std::string(file->substr(second + 1)), std::string(file->substr(0, first)), *bytes});
  }
  if (to_text(out) != whole) return std::nullopt;
  return out;
}

std::string to_text(const Proof& proof) {
  std::string out = fmt::format("{}\nextra {}\nindex {}\n", kProofLine,
                                merkle::to_base64(merkle::to_bytes(proof.previous)), proof.index);
  for (const auto& hash : proof.hashes)
    out += merkle::to_base64(merkle::to_bytes(hash)) + "\n";
  return out + "\n" + proof.checkpoint;
}

std::optional<Proof> parse_proof(std::string_view text) {
  const std::string_view whole = text;
  Proof out;
  if (next_line(text) != kProofLine) return std::nullopt;
  const auto hash_of = [](std::optional<std::string_view> line) -> std::optional<merkle::Hash> {
    const auto bytes = line ? merkle::from_base64(*line) : std::nullopt;
    return bytes ? merkle::from_bytes(*bytes) : std::nullopt;
  };
  const auto previous = hash_of(after(next_line(text), "extra"));
  const auto index = number(after(next_line(text), "index"));
  if (!previous || !index) return std::nullopt;
  out.previous = *previous;
  out.index = *index;
  for (;;) {
    const auto line = next_line(text);
    if (!line) return std::nullopt;
    if (line->empty()) break;
    const auto hash = hash_of(line);
    if (!hash || out.hashes.size() >= 63) return std::nullopt;
    out.hashes.push_back(*hash);
  }
  out.checkpoint = text;
  if (to_text(out) != whole) return std::nullopt;
  return out;
}

std::string event_name(std::int64_t seq) {
  return fmt::format("events/{:012}.json", seq);
}
std::string proof_name(std::int64_t seq) {
  return fmt::format("events/{:012}.tlog-proof", seq);
}
std::string key_event_name(std::int64_t seq) {
  return fmt::format("keys/{:012}.json", seq);
}
std::string key_proof_name(std::int64_t seq) {
  return fmt::format("keys/{:012}.tlog-proof", seq);
}

std::string file_name(const inspection::FileRef& file) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kEndings{
      {{"image/jpeg", "jpg"},
       {"image/png", "png"},
       {"application/dicom", "dcs"},
       {"text/csv", "csv"},
       {"text/plain", "txt"}}};
  std::string_view ending = "bin";
  for (const auto& [type, its] : kEndings)
    if (file.media_type == type) ending = its;
  return fmt::format("files/{}.{}", file.sha256, ending);
}

std::vector<inspection::FileRef> files_named_in(std::string_view event_text) {
  std::vector<inspection::FileRef> out;
  const auto event = nlohmann::json::parse(event_text, nullptr, /*allow_exceptions=*/false);
  if (event.is_object() && event.contains("payload")) collect(event["payload"], out);
  return out;
}

std::string utc(std::int64_t wall_us) {
  const std::time_t seconds = wall_us / 1'000'000;
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "unknown";
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

}  // namespace torugart::exchange::bundle
