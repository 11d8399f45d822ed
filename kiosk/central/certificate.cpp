#include "kiosk/central/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <array>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>

namespace torugart::central {
namespace {

std::int64_t wall_us(const ASN1_TIME* time) {
  std::tm utc{};
  return ASN1_TIME_to_tm(time, &utc) == 1 ? static_cast<std::int64_t>(timegm(&utc)) * 1'000'000 : 0;
}

constexpr const char* kRemedy = "Have the lane's certificate installed anew";

std::optional<std::string> text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

tl::expected<Certificate, Error> certificate_from_pem(const std::string& pem, const std::string& where) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> x509(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                                         &X509_free);
  if (!x509)
    return tl::unexpected(
        Error{Failure::configuration, "The lane's certificate is no PEM certificate", where, kRemedy});
  Certificate out;
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(x509.get()), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  out.common_name = name.data();
  out.not_before_wall_us = wall_us(X509_get0_notBefore(x509.get()));
  out.not_after_wall_us = wall_us(X509_get0_notAfter(x509.get()));
  return out;
}

tl::expected<Certificate, Error> certificate_from_file(const std::string& path) {
  const auto pem = text_of(path);
  if (!pem)
    return tl::unexpected(Error{Failure::configuration, "The lane's certificate cannot be read", path, kRemedy});
  return certificate_from_pem(*pem, path);
}

ClientIdentity::ClientIdentity(std::string certificate_file, std::string key_file, std::string lane)
    : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)), lane_(std::move(lane)) {}

ClientIdentity::Stamp ClientIdentity::stamp() const {
  Stamp out{};
  std::size_t at = 0;
  for (const auto* path : {&certificate_file_, &key_file_}) {
    struct stat info {};
    const bool there = ::stat(path->c_str(), &info) == 0;
    out[at++] = there ? static_cast<std::int64_t>(info.st_ino) : -1;
    out[at++] = there ? info.st_size : -1;
    out[at++] = there ? info.st_mtim.tv_sec : -1;
    out[at++] = there ? info.st_mtim.tv_nsec : -1;
  }
  return out;
}

bool ClientIdentity::refresh(std::int64_t now_us) {
  if (certificate_file_.empty()) return false;
  const auto now = stamp();
  if (now == seen_) return false;
  seen_ = now;
  const auto certificate = text_of(certificate_file_), key = text_of(key_file_);
  trouble_ = certificate && key
                 ? fault_of(*certificate, *key, now_us)
                 : std::optional(Error{Failure::configuration, "The lane's certificate or key cannot be read",
                                       certificate ? key_file_ : certificate_file_, kRemedy});
  // The first pair is used whatever it is: the centre then says what is wrong with it.
  const bool first = certificate_pem_.empty();
  if (!certificate || !key || (trouble_ && !first)) return false;
  if (*certificate == certificate_pem_ && *key == key_pem_) return false;
  certificate_pem_ = *certificate;
  key_pem_ = *key;
  if (auto read = certificate_from_pem(*certificate, certificate_file_)) certificate_ = std::move(*read);
  return true;
}

std::optional<Error> ClientIdentity::fault_of(const std::string& certificate, const std::string& key,
                                              std::int64_t now_us) const {
  const auto fault = [&](std::string what) {
    return Error{Failure::configuration, "The renewed certificate is not used: " + std::move(what), certificate_file_,
                 "Install certificate and key that belong together, for this lane"};
  };
  const auto read = certificate_from_pem(certificate, certificate_file_);
  if (!read) return fault("it is no PEM certificate");
  if (read->common_name != lane_) return fault("it is for another lane");
  if (read->not_after_wall_us < now_us || read->not_before_wall_us > now_us) return fault("it is out of date");
  const std::unique_ptr<BIO, decltype(&BIO_free)> certificate_bio(
      BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())), &BIO_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> key_bio(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())),
                                                          &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> x509(
      PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey(
      PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  if (!pkey || !x509 || X509_check_private_key(x509.get(), pkey.get()) != 1) return fault("the key is not its key");
  return std::nullopt;
}

}  // namespace torugart::central
