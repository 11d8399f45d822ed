#include "kiosk/central/certificate.h"

#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <memory>

namespace torugart::central {
namespace {

std::int64_t wall_us(const ASN1_TIME* time) {
  std::tm utc{};
  return ASN1_TIME_to_tm(time, &utc) == 1 ? static_cast<std::int64_t>(timegm(&utc)) * 1'000'000 : 0;
}

}  // namespace

tl::expected<Certificate, Error> certificate_from_file(const std::string& path) {
  const auto error = [&](std::string what) {
    return tl::unexpected(
        Error{Failure::configuration, std::move(what), path, "Have the lane's certificate installed anew"});
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  if (!file) return error("The lane's certificate cannot be read");
  const std::unique_ptr<X509, decltype(&X509_free)> x509(PEM_read_X509(file.get(), nullptr, nullptr, nullptr),
                                                         &X509_free);
  if (!x509) return error("The lane's certificate is no PEM certificate");
  Certificate out;
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(x509.get()), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  out.common_name = name.data();
  out.not_before_wall_us = wall_us(X509_get0_notBefore(x509.get()));
  out.not_after_wall_us = wall_us(X509_get0_notAfter(x509.get()));
  return out;
}

}  // namespace torugart::central
