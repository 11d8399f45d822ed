// The lane's own certificate, looked at before anything is sent with it. Used inside kiosk/central only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "kiosk/central/error.h"

namespace torugart::central {

struct Certificate {
  std::string common_name;
  std::int64_t not_before_wall_us = 0;
  std::int64_t not_after_wall_us = 0;
};

// The first certificate of a PEM text or file. Reentrant.
tl::expected<Certificate, Error> certificate_from_pem(const std::string& pem, const std::string& where);
tl::expected<Certificate, Error> certificate_from_file(const std::string& path);

// Certificate and key as they are shown to the centre, and their renewal while the program runs: when the files change,
// and fit each other and the lane, the new pair is used from the next connection on; else the one before goes on.
// Thread-bound.
class ClientIdentity {
 public:
  // Empty paths: none is shown.
  ClientIdentity(std::string certificate_file, std::string key_file, std::string lane);

  // Looks whether the files changed; cheap when not. True when another pair is used from now on.
  bool refresh(std::int64_t wall_us);

  const std::string& certificate_pem() const { return certificate_pem_; }  // empty: could never be read
  const std::string& key_pem() const { return key_pem_; }
  const std::optional<Certificate>& certificate() const { return certificate_; }
  // Why the files, as they are now, are not used.
  const std::optional<Error>& trouble() const { return trouble_; }

 private:
  using Stamp = std::array<std::int64_t, 8>;
  Stamp stamp() const;
  std::optional<Error> fault_of(const std::string& certificate, const std::string& key, std::int64_t wall_us) const;

  std::string certificate_file_, key_file_, lane_;
  Stamp seen_{};
  std::string certificate_pem_, key_pem_;
  std::optional<Certificate> certificate_;
  std::optional<Error> trouble_;
};

}  // namespace torugart::central
