// The lane's signing key: OpenSSL's Ed25519, kept in a PKCS #8 file that nobody else may read.
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kiosk/journal/disk_error.h"
#include "kiosk/journal/note.h"

namespace torugart::journal {
namespace {

using Bio = std::unique_ptr<BIO, int (*)(BIO*)>;

constexpr off_t kMaxKeyFile = 16 << 10;

Error no_key(std::string what, const std::string& where, std::string remedy) {
  return {Error::Code::cannot_open, std::move(what), where, std::move(remedy)};
}

Error library_failed(std::string_view doing) {
  return no_key(fmt::format("OpenSSL cannot {} an Ed25519 key", doing), "", "Call support");
}

Result<void> write_key(const std::string& path, const SigningKey& key) {
  const auto pem = key.pem();
  if (!pem) return tl::unexpected(pem.error());
  return told(disk::replace(path, *pem, 0600));
}

}  // namespace

void SigningKey::Free::operator()(void* key) const {
  EVP_PKEY_free(static_cast<EVP_PKEY*>(key));
}

Result<SigningKey> SigningKey::generate() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (key == nullptr) return tl::unexpected(library_failed("make"));
  return SigningKey(key);
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem, const std::string& where) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  SigningKey key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!key.key_ || EVP_PKEY_get_base_id(static_cast<EVP_PKEY*>(key.key_.get())) != EVP_PKEY_ED25519)
    return tl::unexpected(
        no_key("the journal's key file holds no Ed25519 key", where,
               "Restore it from a copy; or move it away: the next start makes a new key and records "
               "that it did"));
  return key;
}

Result<std::string> SigningKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), static_cast<EVP_PKEY*>(key_.get()), nullptr, nullptr, 0,
                                            nullptr, nullptr) != 1)
    return tl::unexpected(library_failed("write"));
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

PublicKey SigningKey::public_key(std::string name, unsigned char type) const {
  PublicKey out;
  out.name = std::move(name);
  out.type = type;
  std::size_t size = out.bytes.size();
  EVP_PKEY_get_raw_public_key(static_cast<EVP_PKEY*>(key_.get()), out.bytes.data(), &size);
  return out;
}

namespace {

Result<std::string> ed25519(void* key, std::string_view message) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string out(64, '\0');
  std::size_t size = out.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, static_cast<EVP_PKEY*>(key)) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                     reinterpret_cast<const unsigned char*>(message.data()), message.size()) != 1)
    return tl::unexpected(library_failed("sign with"));
  return out;
}

}  // namespace

Result<NoteSignature> SigningKey::sign(std::string_view text, const std::string& name) const {
  auto signature = ed25519(key_.get(), text);
  if (!signature) return tl::unexpected(signature.error());
  return NoteSignature{name, public_key(name).id(), std::move(*signature)};
}

Result<NoteSignature> SigningKey::cosign(std::string_view text, const std::string& name, std::int64_t unix_s) const {
  auto signature = ed25519(key_.get(), fmt::format("cosignature/v1\ntime {}\n{}", unix_s, text));
  if (!signature) return tl::unexpected(signature.error());
  std::string time;
  for (int shift = 56; shift >= 0; shift -= 8)
    time += static_cast<char>((static_cast<std::uint64_t>(unix_s) >> static_cast<unsigned>(shift)) & 0xffU);
  return NoteSignature{name, public_key(name, PublicKey::kCosignature).id(), time + *signature};
}

Result<SigningKey> signing_key_from_file(const std::string& path, bool& made) {
  made = false;
  const auto file = disk::open_file(path, O_RDONLY);
  if (!file && file.error().number == ENOENT) {
    auto key = SigningKey::generate();
    if (!key) return key;
    if (auto done = write_key(path, *key); !done) return tl::unexpected(done.error());
    made = true;
    return key;
  }
  if (!file) return tl::unexpected(no_key(file.error().reason(), path, "Check who owns the journal's key file"));
  struct stat info {};
  if (::fstat(file->get(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > kMaxKeyFile)
    return tl::unexpected(no_key("this is no key file", path, "Check the journal's folder"));
  if ((info.st_mode & 077U) != 0)
    return tl::unexpected(
        no_key("others than its owner may use the journal's key file", path,
               "Run 'chmod 600' on it; if somebody may have copied it, change the key with 'torugart "
               "journal rotate-key'"));
  const auto pem = disk::read_all(*file, path);
  if (!pem) return tl::unexpected(no_key(pem.error().reason(), path, "Check the disk"));
  return SigningKey::from_pem(*pem, path);
}

std::string key_path(const std::string& journal_path) {
  const std::string ending = ".db";
  const bool ends = journal_path.size() > ending.size() && journal_path.ends_with(ending);
  return (ends ? journal_path.substr(0, journal_path.size() - ending.size()) : journal_path) + ".key";
}

}  // namespace torugart::journal
