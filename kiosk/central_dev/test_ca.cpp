#include "kiosk/central_dev/test_ca.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/disk/disk.h"

namespace torugart::central_dev {
namespace {

namespace fs = std::filesystem;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

constexpr const char* kSigningMark = "# Torugart TEST signing key - not for use at a border";

tl::unexpected<Problem> problem(std::string text) {
  return tl::unexpected(Problem{std::move(text)});
}

bool write_file(const fs::path& path, const std::string& text, mode_t mode) {
  return disk::replace(path.string(), text, mode).has_value();
}

std::string drain(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(std::max(0L, size))};
}

std::string pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return drain(bio.get());
}

std::string pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_X509(bio.get(), certificate);
  return drain(bio.get());
}

Cert read_cert(const fs::path& path) {
  const Bio bio(BIO_new_file(path.c_str(), "r"), &BIO_free_all);
  return {bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free};
}

Key read_key(const fs::path& path) {
  const Bio bio(BIO_new_file(path.c_str(), "r"), &BIO_free_all);
  return {bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr, &EVP_PKEY_free};
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  if (!extension) return;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

struct Wanted {
  std::string common_name;
  bool authority = false;
  const char* usage = nullptr;  // extended key usage
  const char* names = nullptr;  // subject alternative names
};

// `issuer` null: signs itself.
Cert certify(const Wanted& wanted, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Cert certificate(X509_new(), &X509_free);
  X509* x = certificate.get();
  X509_set_version(x, 2);
  std::array<unsigned char, 16> serial{};
  RAND_bytes(serial.data(), static_cast<int>(serial.size()));
  serial[0] &= 0x7f;
  BIGNUM* number = BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
  BN_free(number);
  X509_gmtime_adj(X509_getm_notBefore(x), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x), 3600L * 24 * (wanted.authority ? 3650 : 825));
  X509_set_pubkey(x, key);
  const auto add = [x](const char* field, const std::string& text) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), field, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
  };
  add("O", kTestOrganisation);
  add("CN", wanted.common_name);
  X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x));
  add_extension(x, issuer ? issuer : x, NID_basic_constraints,
                wanted.authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE");
  add_extension(x, issuer ? issuer : x, NID_key_usage,
                wanted.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
  add_extension(x, issuer ? issuer : x, NID_subject_key_identifier, "hash");
  if (wanted.usage) add_extension(x, issuer, NID_ext_key_usage, wanted.usage);
  if (wanted.names) add_extension(x, issuer, NID_subject_alt_name, wanted.names);
  X509_sign(x, issuer_key, EVP_sha256());
  return certificate;
}

bool make_pair(const fs::path& folder, const std::string& name, const Wanted& wanted, X509* ca, EVP_PKEY* ca_key) {
  if (fs::exists(folder / (name + ".pem")) && fs::exists(folder / (name + ".key"))) return true;
  fs::remove(folder / (name + ".pem"));
  fs::remove(folder / (name + ".key"));
  const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  if (!key) return false;
  const auto certificate = certify(wanted, key.get(), ca, ca ? ca_key : key.get());
  return write_file(folder / (name + ".key"), pem(key.get()), 0600) &&
         write_file(folder / (name + ".pem"), pem(certificate.get()), 0644);
}

std::string organisation(X509* certificate) {
  std::array<char, 256> text{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_organizationName, text.data(),
                            static_cast<int>(text.size()));
  return text.data();
}

bool make_signing_key(const fs::path& folder) {
  if (fs::exists(folder / "signing.key") && fs::exists(folder / "signing.pub.pem")) return true;
  fs::remove(folder / "signing.key");
  fs::remove(folder / "signing.pub.pem");
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
  if (!key) return false;
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_PUBKEY(bio.get(), key.get());
  return write_file(folder / "signing.key", std::string(kSigningMark) + "\n" + pem(key.get()), 0600) &&
         write_file(folder / "signing.pub.pem", drain(bio.get()), 0644);
}

}  // namespace

bool valid_lane_name(const std::string& lane) {
  return !lane.empty() && lane.size() <= 64 && lane.front() != '.' &&
         std::all_of(lane.begin(), lane.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                  c == '_' || c == '-';
         });
}

tl::expected<void, Problem> make_test_keys(const std::string& folder_name, const std::vector<std::string>& lanes) {
  const fs::path folder(folder_name);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return problem(fmt::format("Cannot make {}: {}", folder_name, error.message()));
  const auto failed = [&] { return problem("Cannot write keys and certificates into " + folder_name); };
  if (!make_pair(folder, "ca", {"Torugart TEST CA", true, nullptr, nullptr}, nullptr, nullptr)) return failed();
  const auto ca = read_cert(folder / "ca.pem");
  const auto ca_key = read_key(folder / "ca.key");
  if (!ca || !ca_key) return problem("Cannot read the test authority in " + folder_name);
  if (organisation(ca.get()) != kTestOrganisation)
    return problem(folder_name + " holds an authority that this program did not make; nothing was issued");
  if (!make_pair(folder, "server", {"localhost", false, "serverAuth", "DNS:localhost,IP:127.0.0.1,IP:::1"}, ca.get(),
                 ca_key.get()))
    return failed();
  for (const auto& lane : lanes) {
    if (!valid_lane_name(lane)) return problem("Not a lane name: " + lane);
    if (!make_pair(folder, "lane-" + lane, {lane, false, "clientAuth", nullptr}, ca.get(), ca_key.get()))
      return failed();
  }
  if (!make_signing_key(folder)) return failed();
  return {};
}

tl::expected<TestKeys, Problem> load_test_keys(const std::string& folder_name) {
  const fs::path folder(folder_name);
  TestKeys keys{
      (folder / "ca.pem").string(), (folder / "server.pem").string(), (folder / "server.key").string(), {}, {}};
  const auto ca = read_cert(keys.ca_file), server = read_cert(keys.certificate_file);
  if (!ca || !server) return problem("No test keys in " + folder_name + ": make them with --make-ca");
  const auto refused = [&](const char* what) {
    return problem(
        fmt::format("{} in {} is not one that this program made for tests. The development centre works "
                    "with its own test keys only, never with those of a real centre or lane.",
                    what, folder_name));
  };
  const Key ca_public(X509_get_pubkey(ca.get()), &EVP_PKEY_free);
  if (organisation(ca.get()) != kTestOrganisation || X509_verify(ca.get(), ca_public.get()) != 1)
    return refused("The authority (ca.pem)");
  if (organisation(server.get()) != kTestOrganisation || X509_verify(server.get(), ca_public.get()) != 1)
    return refused("The server's certificate (server.pem)");

  std::ifstream file(folder / "signing.key");
  std::string mark;
  if (!std::getline(file, mark) || mark != kSigningMark) return refused("The signing key (signing.key)");
  const auto key = read_key(folder / "signing.key");
  std::array<unsigned char, 32> seed{}, public_key{};
  std::size_t size = seed.size();
  if (!key || EVP_PKEY_get_raw_private_key(key.get(), seed.data(), &size) != 1 || size != seed.size())
    return refused("The signing key (signing.key)");
  crypto_sign_seed_keypair(public_key.data(), keys.signing_key.data(), seed.data());
  sodium_memzero(seed.data(), seed.size());
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), public_key.data(), public_key.size());
  for (std::size_t i = 0; i < 8; ++i)
    keys.signing_key_id += fmt::format("{:02x}", hash[i]);
  return keys;
}

}  // namespace torugart::central_dev
