#include "kiosk/archive/seal.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "kiosk/archive/parts.h"

namespace torugart::archive {
namespace {

constexpr std::string_view kMagic = "torugart sealed 1\n";
constexpr std::size_t kPiece = std::size_t{64} << 10;
constexpr std::size_t kSealedPiece = kPiece + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t kWrapped = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + sizeof(KeyBytes);
constexpr std::size_t kHead = kMagic.size() + kWrapped + crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kKeyDigits = 2 * sizeof(KeyBytes);

static_assert(sizeof(KeyBytes) == crypto_secretbox_KEYBYTES &&
              sizeof(KeyBytes) == crypto_secretstream_xchacha20poly1305_KEYBYTES);

unsigned char* raw(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Error no_key(std::string what, const std::string& where, std::string remedy) {
  return {Error::Code::no_key, std::move(what), where, std::move(remedy)};
}

}  // namespace

Result<KeyBytes> key_from_file(const std::string& path, bool may_make) {
  KeyBytes key{};
  if (sodium_init() < 0) return tl::unexpected(no_key("libsodium does not start", path, "Install it again"));
  const auto file = disk::open_file(path, O_RDONLY);
  if (!file && file.error().number == ENOENT && may_make) {
    randombytes_buf(key.data(), key.size());
    std::string text(kKeyDigits + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), key.data(), key.size());
    text.back() = '\n';
    if (auto done = disk::replace(path, text, 0600); !done) return tl::unexpected(error_of(done.error()));
    sodium_memzero(text.data(), text.size());
    return key;
  }
  if (!file)
    return tl::unexpected(no_key("the archive's key cannot be read: " + file.error().reason(), path,
                                 "Put the key file back; without it the sealed pictures cannot be read here"));
  struct stat info {};
  if (::fstat(file->get(), &info) != 0 || (info.st_mode & 077U) != 0)
    return tl::unexpected(no_key("others than its owner may read the archive's key", path, "Run 'chmod 600' on it"));
  auto text = disk::read_all(*file, path, kKeyDigits + 2);
  if (!text) return tl::unexpected(error_of(text.error()));
  std::size_t size = 0;
  const bool good = text->size() == kKeyDigits + 1 && text->back() == '\n' &&
                    sodium_hex2bin(key.data(), key.size(), text->data(), kKeyDigits, nullptr, &size, nullptr) == 0 &&
                    size == key.size();
  sodium_memzero(text->data(), text->size());
  if (!good) return tl::unexpected(no_key("this is no key of an archive", path, "Put the key file back"));
  return key;
}

struct Sealer::Impl {
  KeyBytes archive_key{};
  crypto_secretstream_xchacha20poly1305_state state{};
  std::string waiting;  // less than a piece, or exactly one

  std::string sealed(std::string_view piece, unsigned char tag) {
    std::string out(piece.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    crypto_secretstream_xchacha20poly1305_push(&state, raw(out), nullptr, raw(piece), piece.size(), nullptr, 0, tag);
    return out;
  }
  ~Impl() {
    sodium_memzero(archive_key.data(), archive_key.size());
    sodium_memzero(&state, sizeof state);
  }
};

Sealer::Sealer(const KeyBytes& archive_key) : impl_(std::make_unique<Impl>()) {
  impl_->archive_key = archive_key;
}
Sealer::~Sealer() = default;

std::string Sealer::head() {
  KeyBytes file_key{};
  crypto_secretstream_xchacha20poly1305_keygen(file_key.data());
  std::string nonce(crypto_secretbox_NONCEBYTES, '\0'), box(file_key.size() + crypto_secretbox_MACBYTES, '\0'),
      start(crypto_secretstream_xchacha20poly1305_HEADERBYTES, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  crypto_secretbox_easy(raw(box), file_key.data(), file_key.size(), raw(nonce), impl_->archive_key.data());
  crypto_secretstream_xchacha20poly1305_init_push(&impl_->state, raw(start), file_key.data());
  sodium_memzero(file_key.data(), file_key.size());
  return std::string(kMagic) + nonce + box + start;
}

std::string Sealer::add(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    // The last piece bears another tag, so a full one waits until something follows it.
    if (impl_->waiting.size() == kPiece) {
      out += impl_->sealed(impl_->waiting, 0);
      impl_->waiting.clear();
    }
    const auto taken = bytes.substr(0, kPiece - impl_->waiting.size());
    impl_->waiting += taken;
    bytes.remove_prefix(taken.size());
  }
  return out;
}

std::string Sealer::finish() {
  return impl_->sealed(impl_->waiting, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
}

struct Opener::Impl {
  KeyBytes archive_key{};
  crypto_secretstream_xchacha20poly1305_state state{};
  std::string waiting;
  bool begun = false, finished = false, bad = false;

  bool begin() {
    const std::string_view head = std::string_view(waiting).substr(0, kHead);
    const auto nonce = head.substr(kMagic.size(), crypto_secretbox_NONCEBYTES);
    const auto box = head.substr(kMagic.size() + nonce.size(), crypto_secretbox_MACBYTES + sizeof(KeyBytes));
    KeyBytes file_key{};
    const bool good =
        head.starts_with(kMagic) &&
        crypto_secretbox_open_easy(file_key.data(), raw(box), box.size(), raw(nonce), archive_key.data()) == 0 &&
        crypto_secretstream_xchacha20poly1305_init_pull(&state, raw(head.substr(kMagic.size() + kWrapped)),
                                                        file_key.data()) == 0;
    sodium_memzero(file_key.data(), file_key.size());
    waiting.erase(0, kHead);
    return good;
  }
  bool open(std::string_view piece, std::string& out) {
    if (finished || piece.size() < crypto_secretstream_xchacha20poly1305_ABYTES) return false;
    unsigned char tag = 0;
    const std::size_t before = out.size();
    out.resize(before + piece.size() - crypto_secretstream_xchacha20poly1305_ABYTES);
    if (crypto_secretstream_xchacha20poly1305_pull(&state, raw(out) + before, nullptr, &tag, raw(piece), piece.size(),
                                                   nullptr, 0) != 0)
      return false;
    finished = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return true;
  }
  ~Impl() {
    sodium_memzero(archive_key.data(), archive_key.size());
    sodium_memzero(&state, sizeof state);
  }
};

Opener::Opener(const KeyBytes& archive_key) : impl_(std::make_unique<Impl>()) {
  impl_->archive_key = archive_key;
}
Opener::~Opener() = default;

std::optional<std::string> Opener::add(std::string_view bytes) {
  if (impl_->bad) return std::nullopt;
  impl_->waiting += bytes;
  std::string out;
  if (!impl_->begun && impl_->waiting.size() >= kHead) {
    impl_->begun = true;
    impl_->bad = !impl_->begin();
  }
  std::size_t at = 0;
  while (impl_->begun && !impl_->bad && impl_->waiting.size() - at >= kSealedPiece) {
    impl_->bad = !impl_->open(std::string_view(impl_->waiting).substr(at, kSealedPiece), out);
    at += kSealedPiece;
  }
  impl_->waiting.erase(0, at);
  if (bytes.empty() && !impl_->bad && (!impl_->waiting.empty() || !impl_->finished)) {
    impl_->bad = !impl_->begun || !impl_->open(impl_->waiting, out);
    impl_->waiting.clear();
  }
  if (impl_->bad) return std::nullopt;
  return out;
}

bool Opener::finished() const {
  return impl_->finished && impl_->waiting.empty() && !impl_->bad;
}

std::int64_t sealed_size(std::int64_t plain) {
  const auto piece = static_cast<std::int64_t>(kPiece);
  const std::int64_t pieces = std::max<std::int64_t>(1, (plain + piece - 1) / piece);
  return static_cast<std::int64_t>(kHead) + plain +
         pieces * static_cast<std::int64_t>(crypto_secretstream_xchacha20poly1305_ABYTES);
}

std::int64_t plain_size(std::int64_t sealed) {
  const auto body = sealed - static_cast<std::int64_t>(kHead);
  const auto piece = static_cast<std::int64_t>(kSealedPiece);
  const auto extra = static_cast<std::int64_t>(crypto_secretstream_xchacha20poly1305_ABYTES);
  const auto plain = body - (body + piece - 1) / piece * extra;
  return body >= extra && plain >= 0 && sealed_size(plain) == sealed ? plain : -1;
}

}  // namespace torugart::archive
