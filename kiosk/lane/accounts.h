// The people of this lane: who may sign in, in which role, with which PIN. One JSON file:
//
//   {"accounts":[{"account":"ivanova","name":"A. Ivanova","role":"inspector","language":"ru",
//                 "pin_hash":"$argon2id$v=19$m=65536,t=3,p=1$…"}],
//    "schema":1}
//
// PINs are stored as Argon2id hashes of libsodium (crypto_pwhash_str) and nowhere else; they are never logged and are
// wiped from memory after the check. An account that does not exist takes as long to refuse as one that does.
//
// Lock-out: after five wrong PINs in a row an account is locked for 30 s, then 60, 120 … at most 15 minutes after
// each further wrong one; a right PIN ends the row. Counted per program run.
//
// Threads: thread-safe. check() and set_pin() take a few hundred milliseconds and 64 MiB: call them on a worker.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "hal/api/clock.h"
#include "kiosk/inspection/people.h"
#include "kiosk/lane/lane_engine.h"
#include "kiosk/lane/secret.h"

namespace torugart::lane {

struct Error {
  std::string what;    // what happened
  std::string where;   // file, account
  std::string remedy;  // what a person can do
};

// How hard a hash is to make. `test_only` makes tests quick and is refused by save().
enum class HashStrength { lane, test_only };

struct SignInCheck {
  std::optional<inspection::Actor> actor;  // set when the PIN was right
  std::string language;
  std::string problem;                    // why not, an English sentence for the screen
  std::int64_t locked_until_mono_us = 0;  // 0: not locked
};

class Accounts {
 public:
  static constexpr std::size_t kMinPin = 4;  // digits or letters
  static constexpr std::size_t kMaxPin = 64;
  static constexpr int kTriesBeforeLock = 5;
  static constexpr std::int64_t kFirstLockUs = 30'000'000;
  static constexpr std::int64_t kLongestLockUs = 900'000'000;

  explicit Accounts(const hal::Clock& clock, HashStrength strength = HashStrength::lane);
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  // Adds what the file holds. Bounded: at most 1 MiB and 1000 accounts. On an error nothing was added.
  tl::expected<void, Error> load(const std::string& path);
  // Readable for this user only; written under another name, synced, renamed.
  tl::expected<void, Error> save(const std::string& path) const;

  // Account names: 2 … 32 of a-z, 0-9, '.', '-', '_'; never "lane". An account that exists is an error.
  tl::expected<void, Error> add(const AccountName& who, const Secret& pin);
  tl::expected<void, Error> set_pin(const std::string& account, const Secret& pin);

  std::vector<AccountName> names() const;  // in the order of their account names

  SignInCheck check(const std::string& account, const Secret& pin);

 private:
  struct Entry {
    AccountName who;
    std::string pin_hash;
  };
  struct Row {
    int wrong = 0;
    std::int64_t locked_until_mono_us = 0;
  };
  SignInCheck wrong(const std::string& account);

  const hal::Clock& clock_;
  const HashStrength strength_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, Row> rows_;  // of wrong PINs
  std::string decoy_hash_;           // what an unknown account is checked against
};

}  // namespace torugart::lane
