// Languages. Every text that a person reads is an English msgid in the code; gettext finds its translation at run
// time.
//
//   tr("Release truck")                        a plain text
//   trc("lane colour", "Red")                  the same word with another meaning: context first
//   trn("{} truck waits", "{} trucks wait", n) plural forms; use with trf
//   trf(tr("since {}"), time)                  fills `{}` (fmt); a translation whose fields are broken falls
//   back
//                                              to its words unfilled, never throws
//   N_("…")                                    marks a msgid in a table; tr() it when shown
//
// Catalogues: assets/translations/<language>.po, compiled by msgfmt to
// share/locale/<language>/LC_MESSAGES/torugart.mo; assets/translations/update.sh collects new msgids. Texts of
// libraries below kiosk are translated by tr(text) too.
//
// Threads: set_language() and the tr functions belong to the UI thread. No Dear ImGui here: presenters may use it.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#define N_(msgid) msgid

namespace torugart::touch {

struct Language {
  std::string code;  ///< ISO 639-1: "en", "ru"
  std::string name;  ///< by its own name: "English", "Русский"
};

/// The languages there are, English first.
const std::vector<Language>& languages();

/// Where the compiled catalogues are. Empty: TORUGART_LOCALE_DIR of the environment, then share/locale beside the
/// program, then /usr/share/locale. Returns the folder chosen. Call once at start, before set_language().
std::string init_translations(const std::string& locale_dir = {});

/// Switches all texts from the next tr() on. False, and nothing changed, if there is no such language or no
/// catalogue.
bool set_language(std::string_view code);
const std::string& current_language();

/// The pointer stays valid for the life of the program. An empty msgid gives "".
const char* tr(const char* msgid);
inline const char* tr(const std::string& msgid) {
  return tr(msgid.c_str());
}
const char* trc(const char* context, const char* msgid);
const char* trn(const char* singular, const char* plural, unsigned long n);

std::string format_or_plain(const char* pattern, fmt::format_args args);

template <typename... Args>
std::string trf(const char* pattern, const Args&... args) {
  return format_or_plain(pattern, fmt::make_format_args(args...));
}

/// All words of all catalogues in one string: what the fonts must be able to draw.
std::string all_translations();

}  // namespace torugart::touch
