#include "kiosk/journal/note.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <charconv>

namespace torugart::journal {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // em dash, space
constexpr std::size_t kMaxNote = std::size_t{4} << 20;
constexpr std::size_t kMaxSignatures = 64;

// The note's rules: UTF-8, no control characters but newlines.
bool allowed(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      if (lead < 0x20 && lead != '\n') return false;
      ++i;
      continue;
    }
    const std::size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80) return false;
    const auto second = static_cast<unsigned char>(text[i + 1]);
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
        (lead == 0xf4 && second > 0x8f))
      return false;
    i += more + 1;
  }
  return true;
}

// Key names of ours are ASCII, so that no space of Unicode needs to be known.
bool is_name(std::string_view name) {
  if (name.empty() || name.size() > 1024) return false;
  for (const char c : name)
    if (c <= ' ' || c == '+' || static_cast<unsigned char>(c) > 0x7e) return false;
  return true;
}

std::string id_bytes(std::uint32_t id) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>((id >> static_cast<unsigned>(shift)) & 0xffU);
  return out;
}

std::uint32_t id_from(std::string_view four) {
  std::uint32_t id = 0;
  for (const char c : four.substr(0, 4))
    id = (id << 8U) | static_cast<unsigned char>(c);
  return id;
}

std::optional<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_name(line.substr(0, space))) return std::nullopt;
  const auto bytes = merkle::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) return std::nullopt;
  return NoteSignature{std::string(line.substr(0, space)), id_from(*bytes), bytes->substr(4)};
}

// A number with no sign, no leading zero, nothing after it.
std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || value < 0 || fmt::format("{}", value) != text) return std::nullopt;
  return value;
}

bool verifies(const std::array<unsigned char, 32>& key, std::string_view message, std::string_view signature) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> pkey(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()), &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return pkey && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
}

std::string cosigned_message(std::int64_t unix_s, std::string_view text) {
  return fmt::format("cosignature/v1\ntime {}\n{}", unix_s, text);
}

}  // namespace

std::optional<std::string_view> next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

std::uint32_t PublicKey::id() const {
  std::string input = name + '\n' + static_cast<char>(type);
  input.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return id_from(merkle::to_bytes(merkle::sha256(input)));
}

std::string PublicKey::vkey() const {
  std::string raw(1, static_cast<char>(type));
  raw.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return fmt::format("{}+{:08x}+{}", name, id(), merkle::to_base64(raw));
}

std::optional<PublicKey> parse_vkey(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos || !is_name(text.substr(0, first))) return std::nullopt;
  const auto raw = merkle::from_base64(text.substr(second + 1));
  if (!raw || raw->size() != 33) return std::nullopt;
  PublicKey key;
  key.name = text.substr(0, first);
  key.type = static_cast<unsigned char>(raw->front());
  for (std::size_t i = 0; i < key.bytes.size(); ++i)
    key.bytes[i] = static_cast<unsigned char>((*raw)[i + 1]);
  if (key.vkey() != text) return std::nullopt;
  return key;
}

std::optional<Note> parse_note(std::string_view note) {
  if (note.size() > kMaxNote || !note.ends_with('\n') || !allowed(note)) return std::nullopt;
  const auto gap = note.rfind("\n\n");
  if (gap == std::string_view::npos) return std::nullopt;
  auto signatures = parse_signature_lines(note.substr(gap + 2));
  if (!signatures || signatures->empty()) return std::nullopt;
  return Note{std::string(note.substr(0, gap + 1)), std::move(*signatures)};
}

std::optional<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines) {
  std::vector<NoteSignature> out;
  while (!lines.empty()) {
    const auto line = next_line(lines);
    auto signature = line ? parse_signature(*line) : std::nullopt;
    if (!signature || out.size() >= kMaxSignatures) return std::nullopt;
    out.push_back(std::move(*signature));
  }
  return out;
}

std::string signature_line(const NoteSignature& signature) {
  return fmt::format("{}{} {}\n", kDash, signature.name,
                     merkle::to_base64(id_bytes(signature.key_id) + signature.bytes));
}

std::string to_text(const Note& note) {
  std::string out = note.text + "\n";
  for (const auto& signature : note.signatures)
    out += signature_line(signature);
  return out;
}

bool signed_by(const Note& note, const PublicKey& key) {
  bool found = false;
  const auto id = key.id();
  for (const auto& signature : note.signatures) {
    if (signature.name != key.name || signature.key_id != id) continue;
    if (key.type != PublicKey::kSignature || !verifies(key.bytes, note.text, signature.bytes)) return false;
    found = true;
  }
  return found;
}

std::optional<std::int64_t> cosigned_by(const Note& note, const PublicKey& witness) {
  std::optional<std::int64_t> time;
  const auto id = witness.id();
  for (const auto& signature : note.signatures) {
    if (signature.name != witness.name || signature.key_id != id) continue;
    if (witness.type != PublicKey::kCosignature || signature.bytes.size() != 8 + 64) return std::nullopt;
    std::uint64_t at = 0;
    for (const char c : signature.bytes.substr(0, 8))
      at = (at << 8U) | static_cast<unsigned char>(c);
    const auto unix_s = static_cast<std::int64_t>(at);
    if (unix_s < 0 || !verifies(witness.bytes, cosigned_message(unix_s, note.text), signature.bytes.substr(8)))
      return std::nullopt;
    time = unix_s;
  }
  return time;
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
  std::string text = fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size,
                                 merkle::to_base64(merkle::to_bytes(checkpoint.root)));
  if (checkpoint.previous) text += fmt::format("previous {}\n", *checkpoint.previous);
  return text;
}

std::optional<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto origin = next_line(text), size = next_line(text), root = next_line(text);
  if (!root || origin->empty()) return std::nullopt;
  const auto n = number(*size);
  const auto bytes = merkle::from_base64(*root);
  const auto hash = bytes ? merkle::from_bytes(*bytes) : std::nullopt;
  if (!n || !hash) return std::nullopt;
  Checkpoint checkpoint{std::string(*origin), *n, *hash, std::nullopt};
  constexpr std::string_view kPrevious = "previous ";
  while (!text.empty()) {
    const auto line = next_line(text);
    if (!line || line->empty()) return std::nullopt;
    if (!line->starts_with(kPrevious)) continue;
    const auto previous = number(line->substr(kPrevious.size()));
    if (!previous || checkpoint.previous) return std::nullopt;
    checkpoint.previous = previous;
  }
  return checkpoint;
}

std::string origin_of(std::string_view lane) {
  std::string out = "torugart.journal/";
  for (const char c : lane) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '-' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace torugart::journal
