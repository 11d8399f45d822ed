// Keys and certificates of a development centre: made here, marked as test keys, and nothing else is accepted. So a
// real lane's certificate or a real centre's key can never end up in a demo by mistake.
//
// DIR/ca.pem ca.key            P-256 authority, O = "Torugart TEST CA - not for use at a border"
// DIR/server.pem server.key    for localhost, 127.0.0.1, ::1
// DIR/lane-<lane>.pem .key     client certificate, CN = the lane
// DIR/signing.key              Ed25519 seed that signs receipts and watch lists, with a first line that says "test"
// DIR/signing.pub.pem          its public key, for the lane's configuration
#pragma once

#include <array>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace torugart::central_dev {

struct Problem {
  std::string text;  // for the terminal
};

inline constexpr const char* kTestOrganisation = "Torugart TEST CA - not for use at a border";

// Makes what is missing; what is there stays. Keys get mode 0600.
tl::expected<void, Problem> make_test_keys(const std::string& folder, const std::vector<std::string>& lanes);

struct TestKeys {
  std::string ca_file, certificate_file, key_file;
  std::array<unsigned char, 64> signing_key{};  // libsodium's secret key
  std::string signing_key_id;
};

// Fails, with the reason, on anything that make_test_keys() did not make.
tl::expected<TestKeys, Problem> load_test_keys(const std::string& folder);

// "[A-Za-z0-9._-]{1,64}": lanes become file names.
bool valid_lane_name(const std::string& lane);

}  // namespace torugart::central_dev
