#include "ocr/numbers/container.h"

#include <algorithm>

#include "ocr/numbers/confusion.h"
#include "ocr/numbers/pattern.h"

namespace torugart::ocr {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr int digit_value(char c) {
  return c - '0';
}

// A = 10, B = 12, …: counting up, but never a multiple of 11.
constexpr int letter_value(char c) {
  int value = 10;
  for (char at = 'A'; at < c; ++at) {
    ++value;
    if (value % 11 == 0) ++value;
  }
  return value;
}

std::optional<int> remainder_of(std::string_view first_ten) {
  if (first_ten.size() != 10) return std::nullopt;
  int sum = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    const char c = first_ten[i];
    if (i < 4 ? !letter(c) : !digit(c)) return std::nullopt;
    sum += (i < 4 ? letter_value(c) : digit_value(c)) << i;
  }
  return sum % 11;
}

constexpr double no_check_digit = 1.5;
constexpr double unknown_owner = 0.8;
constexpr double no_category = 1.2;
constexpr double digit_not_seen = 0.9;
// A character of the right class is questioned only when the reader itself was in doubt.
constexpr double doubtful = 0.7;
// Or where the reader itself names the other one as well.
constexpr double least_offer = 0.02;
bool offered(const detail::Glyph& seen, char32_t meant) {
  return std::any_of(seen.choices.begin(), seen.choices.end(),
                     [meant](const Choice& c) { return c.character == meant && c.confidence >= least_offer; });
}
constexpr std::u32string_view letters = U"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::u32string_view digits = U"0123456789";
constexpr std::u32string_view categories = U"UJZABDEK";
constexpr std::size_t beam = 24;

// Ways to read one window of characters as a container number, the cheapest first. Unlike a plate, a doubtful
// character may be another of its own class: the check digit and the owner then tell which.
std::vector<detail::Match> readings(std::span<const detail::Glyph> seen) {
  std::vector<detail::Match> states{{}};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto allowed = i < 3 ? letters : i == 3 ? categories : digits;
    const bool fits = allowed.find(seen[i].character) != std::u32string_view::npos;
    std::vector<detail::Match> next;
    for (const detail::Match& state : states) {
      for (const char32_t meant : allowed) {
        if (meant != seen[i].character && fits && seen[i].confidence >= doubtful && !offered(seen[i], meant))
          continue;
        const double price = detail::repair_price(seen[i], meant);
        if (state.cost + price > repair_limit) continue;
        next.push_back({state.text + meant, state.cost + price, state.repairs + (meant != seen[i].character), i + 1});
      }
    }
    std::stable_sort(next.begin(), next.end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
    if (next.size() > beam) next.resize(beam);
    states.swap(next);
  }
  return states;
}

}  // namespace

std::optional<int> container_check_digit(std::string_view first_ten) {
  const auto remainder = remainder_of(first_ten);
  if (!remainder) return std::nullopt;
  return *remainder % 10;
}

ContainerCheck check_container(std::string_view number, const OwnerTable* owners) {
  ContainerCheck check;
  if (number.size() != 11 || !digit(number[10])) return check;
  const auto remainder = remainder_of(number.substr(0, 10));
  if (!remainder) return check;
  check.shape = true;
  check.category = std::string_view("UJZ").find(number[3]) != std::string_view::npos;
  check.ilu = std::string_view("ABDEK").find(number[3]) != std::string_view::npos;
  check.check_digit = *remainder % 10 == digit_value(number[10]);
  check.remainder_ten = check.check_digit && *remainder == 10;
  check.owner_known = owners != nullptr && owners->known(number.substr(0, 3));
  return check;
}

std::vector<ContainerCandidate> parse_container(const Seen& seen, const OwnerTable* owners, std::size_t most) {
  const std::vector<detail::Glyph> text = detail::glyphs_of(seen);
  if (text.size() < 10 || text.size() > 40) return {};

  struct Scored {
    ContainerCandidate candidate;
    double score;
  };
  std::vector<Scored> found;
  const auto try_window = [&](std::size_t from, std::size_t length) {
    for (const detail::Match& match : readings(std::span(text).subspan(from, length))) {
      ContainerCandidate candidate{to_utf8(match.text), {}, match.cost, match.repairs};
      double score = match.cost;
      if (length == 11) {
        candidate.check = check_container(candidate.text, owners);
        if (!candidate.check.check_digit) score += no_check_digit;
        if (!candidate.check.owner_known) score += unknown_owner;
        if (!candidate.check.category) score += no_category;
      } else {
        candidate.check.category = std::string_view("UJZ").find(candidate.text[3]) != std::string_view::npos;
        candidate.check.owner_known = owners != nullptr && owners->known(candidate.text.substr(0, 3));
        score += no_check_digit + digit_not_seen;
        if (!candidate.check.owner_known) score += unknown_owner;
        if (!candidate.check.category) score += no_category;
      }
      const auto same = std::find_if(found.begin(), found.end(), [&candidate](const Scored& other) {
        return other.candidate.text == candidate.text;
      });
      if (same == found.end()) {
        found.push_back({std::move(candidate), score});
      } else if (score < same->score) {
        *same = {std::move(candidate), score};
      }
    }
  };
  for (std::size_t from = 0; from + 11 <= text.size(); ++from)
    try_window(from, 11);
  if (text.size() == 10) try_window(0, 10);

  std::stable_sort(found.begin(), found.end(), [](const Scored& a, const Scored& b) { return a.score < b.score; });
  std::vector<ContainerCandidate> out;
  for (Scored& one : found) {
    if (out.size() == most) break;
    out.push_back(std::move(one.candidate));
  }
  return out;
}

std::string display_container(std::string_view number) {
  if (number.size() < 10 || number.size() > 11) return std::string(number);
  std::string out(number.substr(0, 4));
  out += ' ';
  out += number.substr(4, 6);
  if (number.size() == 11) {
    out += ' ';
    out += number[10];
  }
  return out;
}

}  // namespace torugart::ocr
