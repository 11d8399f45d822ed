// Signed notes (c2sp.org/signed-note), the form of everything that the lane signs about its journal, and checkpoints
// (c2sp.org/tlog-checkpoint), notes that state the tree's size and root:
//
//   torugart.journal/kordai-2                        origin: whose journal
//   20852163                                         size: how many events
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     root of the Merkle tree over them
//   previous 20852014                                size of the checkpoint before this one, 0 for the first
//
//   — torugart.journal/kordai-2 Az3grlgtz…           one line a signature: key name, base64(key id, signature)
//
// A key id is the first four bytes of SHA-256(name, '\n', type, 32 bytes of Ed25519 public key). Types: 1, a signature
// over the text; 4, a witness's cosignature (c2sp.org/tlog-cosignature), over "cosignature/v1\ntime <s>\n" and the text.
// A public key is written as "vkey": <name>+<key id, 8 hex digits>+<base64(type, key)>.
//
// What is read is read strictly: one way to write a thing, anything else is refused. Reentrant; errors: nothing.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/journal/error.h"
#include "kiosk/journal/merkle.h"

namespace torugart::journal {

struct PublicKey {
  static constexpr unsigned char kSignature = 1, kCosignature = 4;
  std::string name;
  unsigned char type = kSignature;
  std::array<unsigned char, 32> bytes{};
  std::uint32_t id() const;
  std::string vkey() const;
  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};
// Nothing unless the id is the one that follows from the rest.
std::optional<PublicKey> parse_vkey(std::string_view text);

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  std::string bytes;
};
struct Note {
  std::string text;  // ends with a newline
  std::vector<NoteSignature> signatures;
};
// At most 4 MiB and 64 signatures.
std::optional<Note> parse_note(std::string_view note);
std::string to_text(const Note& note);
std::string signature_line(const NoteSignature& signature);
// Takes the first line off `rest`; nothing when no newline ends it.
std::optional<std::string_view> next_line(std::string_view& rest);
// The lines of an answer that consists of signatures alone. Nothing when one is none.
std::optional<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines);

// Whether the key signed the note: there is a line with its name and id, and every such line verifies.
bool signed_by(const Note& note, const PublicKey& key);
// The same for a cosignature; the time (s since 1970) that the witness gave.
std::optional<std::int64_t> cosigned_by(const Note& note, const PublicKey& witness);

struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  merkle::Hash root{};
  std::optional<std::int64_t> previous;  // absent in a checkpoint that is not of this program
};
std::string checkpoint_text(const Checkpoint& checkpoint);
std::optional<Checkpoint> parse_checkpoint(std::string_view text);

// "torugart.journal/<lane>", everything but letters, digits, '.', '-' and '_' as %XX. Also the name of the lane's keys.
std::string origin_of(std::string_view lane);

// An Ed25519 key that signs notes.
class SigningKey {
 public:
  static Result<SigningKey> generate();
  static Result<SigningKey> from_pem(std::string_view pem, const std::string& where);  // PKCS #8
  Result<std::string> pem() const;

  PublicKey public_key(std::string name, unsigned char type = PublicKey::kSignature) const;
  Result<NoteSignature> sign(std::string_view text, const std::string& name) const;
  Result<NoteSignature> cosign(std::string_view text, const std::string& name, std::int64_t unix_s) const;

 private:
  struct Free {
    void operator()(void* key) const;
  };
  explicit SigningKey(void* key) : key_(key) {}
  std::unique_ptr<void, Free> key_;  // EVP_PKEY
};

// The key in `path`. A file that others may read is refused. Where there is none: made, readable for its owner alone,
// and durable (`made` becomes true).
Result<SigningKey> signing_key_from_file(const std::string& path, bool& made);
// "…/journal.db" -> "…/journal.key"
std::string key_path(const std::string& journal_path);

}  // namespace torugart::journal
