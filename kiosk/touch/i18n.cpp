#include "kiosk/touch/i18n.h"

#include <libintl.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

// glibc's counter: raised, it makes gettext forget which catalogue it had chosen
extern "C" int _nl_msg_cat_cntr;  // NOLINT(bugprone-reserved-identifier)

namespace torugart::touch {
namespace {

constexpr const char* domain = "torugart";

struct Current {
  std::string dir;
  std::string code = "en";
};

Current& current() {
  static Current value;
  return value;
}

std::string catalogue(const std::string& dir, std::string_view code) {
  return dir + "/" + std::string(code) + "/LC_MESSAGES/" + domain + ".mo";
}

bool has_catalogues(const std::string& dir) {
  for (const Language& l : languages())
    if (l.code != "en" && access(catalogue(dir, l.code).c_str(), R_OK) == 0) return true;
  return false;
}

std::uint32_t word_at(const std::string& bytes, std::size_t at) {
  std::uint32_t v = 0;
  if (at + sizeof v <= bytes.size()) std::memcpy(&v, bytes.data() + at, sizeof v);
  return v;
}

}  // namespace

const std::vector<Language>& languages() {
  static const std::vector<Language> all = {{"en", "English"}, {"ru", "Русский"}};
  return all;
}

std::string init_translations(const std::string& locale_dir) {
  std::vector<std::string> candidates;
  if (!locale_dir.empty()) candidates.push_back(locale_dir);
  if (const char* dir = std::getenv("TORUGART_LOCALE_DIR"); dir != nullptr && locale_dir.empty())
    candidates.emplace_back(dir);
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error && locale_dir.empty()) {
    // build/<preset>/bin/torugart, build/<preset>/tests/…/test, /usr/bin/torugart
    for (std::filesystem::path dir = program.parent_path(); dir.has_relative_path(); dir = dir.parent_path())
      candidates.push_back((dir / "share" / "locale").string());
  }
  if (locale_dir.empty()) candidates.emplace_back("/usr/share/locale");
  std::string chosen = candidates.front();
  for (const std::string& dir : candidates)
    if (has_catalogues(dir)) {
      chosen = dir;
      break;
    }
  current().dir = chosen;
  // gettext translates nothing in the "C" locale; C.UTF-8 is on every Debian and changes no number format
  if (std::setlocale(LC_ALL, "C.UTF-8") == nullptr) std::setlocale(LC_ALL, "C.utf8");
  bindtextdomain(domain, chosen.c_str());
  bind_textdomain_codeset(domain, "UTF-8");
  textdomain(domain);
  set_language("en");
  return chosen;
}

bool set_language(std::string_view code) {
  bool known = false;
  for (const Language& l : languages())
    known = known || l.code == code;
  if (!known) return false;
  if (code != "en" && access(catalogue(current().dir, code).c_str(), R_OK) != 0) return false;
  current().code = code;
  setenv("LANGUAGE", current().code.c_str(), 1);
  ++_nl_msg_cat_cntr;
  return true;
}

const std::string& current_language() {
  return current().code;
}

const char* tr(const char* msgid) {
  return *msgid == '\0' ? msgid : dgettext(domain, msgid);
}

const char* trc(const char* context, const char* msgid) {
  // gettext's convention for contexts: context, EOT, msgid
  const std::string key = std::string(context) + '\004' + msgid;
  const char* found = dgettext(domain, key.c_str());
  return found == key.c_str() ? msgid : found;
}

const char* trn(const char* singular, const char* plural, unsigned long n) {
  return dngettext(domain, singular, plural, n);
}

std::string format_or_plain(const char* pattern, fmt::format_args args) {
  try {
    return fmt::vformat(pattern, args);
  } catch (const fmt::format_error&) {
    return pattern;
  }
}

std::string all_translations() {
  // .mo: magic, revision, count, offset of originals, offset of translations; a table of (length, offset) each
  std::string out;
  for (const Language& l : languages()) {
    out += l.name;
    std::ifstream file(catalogue(current().dir, l.code), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    constexpr std::uint32_t magic = 0x950412DE;
    if (bytes.size() < 20 || word_at(bytes, 0) != magic) continue;
    const std::uint32_t count = word_at(bytes, 8);
    for (const std::uint32_t table : {word_at(bytes, 12), word_at(bytes, 16)})
      for (std::uint32_t i = 0; i < count && i < bytes.size(); ++i) {
        const std::size_t length = word_at(bytes, table + i * std::size_t{8}),
                          at = word_at(bytes, table + i * std::size_t{8} + 4);
        if (at < bytes.size()) out.append(bytes, at, length);
      }
  }
  // NUL separates plural forms
  std::erase(out, '\0');
  return out;
}

}  // namespace torugart::touch
