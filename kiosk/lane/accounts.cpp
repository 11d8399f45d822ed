#include "kiosk/lane/accounts.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/disk/disk.h"

namespace torugart::lane {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostFile = 1 << 20;
constexpr std::size_t kMostAccounts = 1000;
constexpr std::size_t kMostRows = 256;  // names that somebody typed wrongly

tl::unexpected<Error> fail(std::string what, std::string where, std::string remedy) {
  return tl::unexpected(Error{std::move(what), std::move(where), std::move(remedy)});
}

bool good_name(const std::string& name) {
  return name.size() >= 2 && name.size() <= 32 && name != inspection::kLaneAccount &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
         });
}

tl::expected<std::string, Error> hash_pin(const Secret& pin, HashStrength strength, const std::string& account) {
  const auto text = pin.text();
  if (text.size() < Accounts::kMinPin || text.size() > Accounts::kMaxPin) {
    return fail(fmt::format("A PIN has {} to {} characters", Accounts::kMinPin, Accounts::kMaxPin), account,
                "choose another PIN");
  }
  const bool quick = strength == HashStrength::test_only;
  const unsigned long long ops = quick ? crypto_pwhash_OPSLIMIT_MIN : 3;
  const std::size_t memory = quick ? crypto_pwhash_MEMLIMIT_MIN : std::size_t{64} << 20;
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(out.data(), text.data(), text.size(), ops, memory) != 0) {
    return fail("There is not enough memory to hash the PIN", account, "close other programs and try again");
  }
  return std::string(out.data());
}

std::string text_of(const Json& json, const char* key) {
  const auto it = json.find(key);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

Accounts::Accounts(const hal::Clock& clock, HashStrength strength) : clock_(clock), strength_(strength) {
  if (sodium_init() >= 0) decoy_hash_ = hash_pin(Secret("no such account"), strength, "").value_or("");
}

tl::expected<void, Error> Accounts::load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail("The accounts cannot be read", path, "make them with `torugart doctor --accounts`");
  std::string text(kMostFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMostFile) return fail("The file of accounts is larger than 1 MiB", path, "check the file");
  const auto json = Json::parse(text, nullptr, false);
  const auto list = json.is_object() ? json.find("accounts") : json.end();
  if (json.is_discarded() || !json.is_object() || list == json.end() || !list->is_array()) {
    return fail("This is not a file of accounts: expected {\"accounts\":[…]}", path, "restore it from a backup");
  }
  if (list->size() > kMostAccounts) return fail("More than 1000 accounts", path, "check the file");
  std::map<std::string, Entry> read;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& row = (*list)[i];
    const auto where = fmt::format("{}: accounts[{}]", path, i);
    if (!row.is_object()) return fail("Expected an object", where, "correct the file");
    Entry entry;
    entry.who = {text_of(row, "account"), text_of(row, "name"), inspection::Role::inspector,
                 text_of(row, "language")};
    entry.pin_hash = text_of(row, "pin_hash");
    if (!good_name(entry.who.account)) return fail("`account` is not an account name", where, "correct the file");
    const auto role = inspection::role_from(text_of(row, "role"));
    if (!role) {
      return fail("`role` must be inspector, supervisor or administrator", where, "correct the file");
    }
    entry.who.role = *role;
    if (entry.pin_hash.rfind("$argon2id$", 0) != 0 || entry.pin_hash.size() >= crypto_pwhash_STRBYTES) {
      return fail("`pin_hash` is not an Argon2id hash", where, "set the PIN again");
    }
    if (!read.emplace(entry.who.account, entry).second)
      return fail("The account is there twice", where, "remove one");
  }
  const std::lock_guard lock(mutex_);
  entries_.merge(read);
  return {};
}

tl::expected<void, Error> Accounts::save(const std::string& path) const {
  if (strength_ == HashStrength::test_only) {
    return fail("Hashes made for tests are not kept", path, "make the accounts with full strength");
  }
  Json list = Json::array();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [account, entry] : entries_) {
      list.push_back({{"account", account},
                      {"name", entry.who.name},
                      {"role", std::string(inspection::to_string(entry.who.role))},
                      {"language", entry.who.language},
                      {"pin_hash", entry.pin_hash}});
    }
  }
  const auto text =
      Json{{"schema", 1}, {"accounts", list}}.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (const auto done = disk::replace(path, text, 0600); !done)
    return fail("The accounts could not be written (" + done.error().reason() + ")", path,
                "check space and permissions");
  return {};
}

tl::expected<void, Error> Accounts::add(const AccountName& who, const Secret& pin) {
  if (!good_name(who.account)) {
    return fail("An account name has 2 to 32 of a-z, 0-9, '.', '-', '_' and is not \"lane\"", who.account,
                "choose another name");
  }
  auto hash = hash_pin(pin, strength_, who.account);
  if (!hash) return tl::unexpected(hash.error());
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMostAccounts) return fail("There are 1000 accounts", who.account, "remove some");
  if (!entries_.emplace(who.account, Entry{who, *hash}).second) {
    return fail("This account exists", who.account, "names are never used again: choose another");
  }
  return {};
}

tl::expected<void, Error> Accounts::set_pin(const std::string& account, const Secret& pin) {
  auto hash = hash_pin(pin, strength_, account);
  if (!hash) return tl::unexpected(hash.error());
  const std::lock_guard lock(mutex_);
  const auto it = entries_.find(account);
  if (it == entries_.end()) return fail("There is no such account", account, "add it first");
  it->second.pin_hash = *hash;
  rows_.erase(account);
  return {};
}

std::vector<AccountName> Accounts::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<AccountName> out;
  for (const auto& [account, entry] : entries_)
    out.push_back(entry.who);
  return out;
}

SignInCheck Accounts::check(const std::string& account, const Secret& pin) {
  Entry entry;
  bool known = false;
  {
    const std::lock_guard lock(mutex_);
    const auto row = rows_.find(account);
    if (row != rows_.end() && row->second.locked_until_mono_us > clock_.now().mono_us) {
      return {{}, {}, "Too many wrong PINs. Wait, then try again", row->second.locked_until_mono_us};
    }
    const auto it = entries_.find(account);
    known = it != entries_.end();
    if (known) entry = it->second;
  }
  const auto text = pin.text();
  const auto& hash = known ? entry.pin_hash : decoy_hash_;
  const bool right = crypto_pwhash_str_verify(hash.c_str(), text.data(), text.size()) == 0;
  if (!right || !known) return wrong(account);
  const std::lock_guard lock(mutex_);
  rows_.erase(account);
  return {inspection::Actor{entry.who.account, entry.who.name, entry.who.role}, entry.who.language, {}, 0};
}

SignInCheck Accounts::wrong(const std::string& account) {
  const std::lock_guard lock(mutex_);
  if (!rows_.contains(account) && rows_.size() >= kMostRows) {
    return {{}, {}, "Account or PIN is not right", 0};  // names that do not exist need no lock
  }
  auto& row = rows_[account];
  ++row.wrong;
  if (row.wrong < kTriesBeforeLock) return {{}, {}, "Account or PIN is not right", 0};
  const int doublings = std::min(row.wrong - kTriesBeforeLock, 10);
  const auto pause = std::min(kLongestLockUs, kFirstLockUs << doublings);
  row.locked_until_mono_us = clock_.now().mono_us + pause;
  return {{}, {}, "Too many wrong PINs. Wait, then try again", row.locked_until_mono_us};
}

}  // namespace torugart::lane
