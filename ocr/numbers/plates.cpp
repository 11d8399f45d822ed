#include "ocr/numbers/plates.h"

#include <algorithm>
#include <array>

#include "ocr/numbers/confusion.h"
#include "ocr/numbers/pattern.h"

namespace torugart::ocr {
namespace {

using detail::Glyph;

struct Rule {
  PlateRule row;
  detail::Pattern pattern;
  double rank = 0;
};

const std::vector<Rule>& compiled() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> out;
    for (const PlateRule& row : plate_rules()) {
      out.push_back({row, detail::compile(row.pattern), static_cast<double>(out.size()) * 1e-3});
    }
    return out;
  }();
  return all;
}

// Country marks printed on plates beside the number: readers see them as characters of it.
struct Mark {
  std::string_view country;
  std::u32string_view text;
};
constexpr std::array marks{Mark{"KZ", U"KZ"}, Mark{"UZ", U"UZ"}, Mark{"TJ", U"TJ"},  Mark{"TM", U"TM"},
                           Mark{"AZ", U"AZ"}, Mark{"GE", U"GE"}, Mark{"RU", U"RUS"}, Mark{"MN", U"MGL"},
                           Mark{"KG", U"KG"}, Mark{"BY", U"BY"}, Mark{"UA", U"UA"},  Mark{"TR", U"TR"}};

constexpr double mark_cost = 0.15;
constexpr double not_preferred = 0.35;
constexpr double loose_handicap = 0.5;
constexpr std::size_t longest_input = 24;

// The price of leaving out one character at the edge: a bolt, a border, a hologram seen as a letter.
double edge_price(double confidence) {
  return 0.45 + 0.75 * std::clamp(confidence, 0.0, 1.0);
}

// The part of the input that is tried as a number, what leaving out the rest costs, and the country a mark told.
struct Window {
  std::size_t from = 0;
  std::size_t length = 0;
  double cost = 0;
  std::string_view marked_for;
};

std::vector<Window> windows(const std::vector<Glyph>& in, std::u32string_view text) {
  const std::size_t n = in.size();
  std::vector<Window> out{{0, n, 0, {}}};
  for (std::size_t left = 0; left <= 2; ++left) {
    for (std::size_t right = 0; left + right <= 2; ++right) {
      if (left + right == 0 || left + right + 4 > n) continue;
      double cost = 0;
      for (std::size_t i = 0; i < left; ++i)
        cost += edge_price(in[i].confidence);
      for (std::size_t i = n - right; i < n; ++i)
        cost += edge_price(in[i].confidence);
      if (cost <= repair_limit) out.push_back({left, n - left - right, cost, {}});
    }
  }
  for (const Mark& mark : marks) {
    const std::size_t m = mark.text.size();
    if (n < m + 4) continue;
    if (text.substr(0, m) == mark.text) out.push_back({m, n - m, mark_cost, mark.country});
    if (text.substr(n - m) == mark.text) out.push_back({0, n - m, mark_cost, mark.country});
  }
  return out;
}

}  // namespace

std::vector<PlateCandidate> parse_plate(const Seen& seen, const PlateSearch& search) {
  const std::vector<Glyph> in = detail::glyphs_of(seen);
  if (in.size() < 4 || in.size() > longest_input || search.most == 0) return {};
  const std::u32string whole = to_code_points(detail::text_of(in));

  struct Scored {
    PlateCandidate candidate;
    double score;
  };
  std::vector<Scored> found;
  for (const Window& window : windows(in, whole)) {
    const auto part = std::span(in).subspan(window.from, window.length);
    for (const Rule& rule : compiled()) {
      if (!window.marked_for.empty() && window.marked_for != rule.row.country) continue;
      for (detail::Match& match : detail::best_matches(rule.pattern, part, repair_limit - window.cost, 4)) {
        const bool preferred = search.countries.empty() || std::find(search.countries.begin(), search.countries.end(),
                                                                     rule.row.country) != search.countries.end();
        PlateCandidate candidate{to_utf8(match.text),
                                 std::string(rule.row.country),
                                 std::string(rule.row.kind),
                                 match.cost + window.cost,
                                 match.repairs,
                                 rule.row.loose};
        const double score = candidate.repair_cost + (preferred ? 0 : not_preferred) +
                             (rule.row.loose ? loose_handicap : 0) + rule.rank;
        const auto same = std::find_if(found.begin(), found.end(), [&candidate](const Scored& other) {
          return other.candidate.text == candidate.text && other.candidate.country == candidate.country;
        });
        if (same == found.end()) {
          found.push_back({std::move(candidate), score});
        } else if (score < same->score) {
          *same = {std::move(candidate), score};
        }
      }
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Scored& a, const Scored& b) { return a.score < b.score; });
  std::vector<PlateCandidate> out;
  for (Scored& one : found) {
    if (out.size() == search.most) break;
    out.push_back(std::move(one.candidate));
  }
  return out;
}

namespace {

const Rule* exact_rule(const std::string& text, const std::string& country) {
  const std::vector<Glyph> plain = detail::glyphs_of({text, {}});
  if (plain.size() > longest_input) return nullptr;
  for (const Rule& rule : compiled()) {
    if (!country.empty() && rule.row.country != country) continue;
    if (!detail::best_matches(rule.pattern, plain, 0.0, 1).empty()) return &rule;
  }
  return nullptr;
}

}  // namespace

bool is_plate(const std::string& text, const std::string& country) {
  return exact_rule(text, country) != nullptr;
}

std::string display_plate(const std::string& text, const std::string& country) {
  const Rule* rule = exact_rule(text, country);
  if (rule == nullptr) return text;
  return to_utf8(detail::grouped(rule->pattern, to_code_points(normalised(text))));
}

}  // namespace torugart::ocr
