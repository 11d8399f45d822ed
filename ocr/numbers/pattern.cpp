#include "ocr/numbers/pattern.h"

#include <algorithm>

#include "ocr/numbers/confusion.h"
#include "ocr/numbers/seen.h"

namespace torugart::ocr::detail {
namespace {

constexpr std::u32string_view digits = U"0123456789";
constexpr std::u32string_view latin = U"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::u32string_view russian_plate = U"ABEKMHOPCTYX";
constexpr std::u32string_view mongolian = U"АБВГДЕЖЗИКЛМНОӨПРСТУҮФХЦЧШЭЮЯЬ";
constexpr std::u32string_view chinese_serial = U"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::u32string_view provinces = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

std::u32string_view letter_class(char32_t symbol) {
  switch (symbol) {
    case U'9':
      return digits;
    case U'A':
      return latin;
    case U'@':
      return russian_plate;
    case U'Я':
      return mongolian;
    case U'W':
      return chinese_serial;
    case U'省':
      return provinces;
    default:
      return {};
  }
}

Token words_token(std::u32string_view inside) {
  Token token;
  while (true) {
    const auto bar = inside.find(U'|');
    token.words.emplace_back(inside.substr(0, bar));
    if (bar == std::u32string_view::npos) return token;
    inside.remove_prefix(bar + 1);
  }
}

void push(std::vector<Match>& into, Match match, double limit) {
  if (match.cost <= limit) into.push_back(std::move(match));
}

}  // namespace

Pattern compile(std::string_view text) {
  const std::u32string symbols = to_code_points(std::string(text));
  Pattern pattern;
  bool space = false;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i] == U' ') {
      space = true;
      continue;
    }
    Token token;
    if (symbols[i] == U'{') {
      const auto end = symbols.find(U'}', i);
      token = words_token(std::u32string_view(symbols).substr(i + 1, end - i - 1));
      i = end;
    } else if (const auto letters = letter_class(symbols[i]); !letters.empty()) {
      token.letters = letters;
      // Russian plates have Latin letters by their code and Cyrillic ones by their drawing; only У differs from Y.
      if (symbols[i] == U'@') token.drawn = U'У', token.meant = U'Y';
    } else {
      token.letters = symbols[i];
    }
    token.group_before = space && !pattern.tokens.empty();
    space = false;
    const auto by_length = [](const auto& a, const auto& b) { return a.size() < b.size(); };
    pattern.shortest +=
        token.words.empty() ? 1 : std::min_element(token.words.begin(), token.words.end(), by_length)->size();
    pattern.longest +=
        token.words.empty() ? 1 : std::max_element(token.words.begin(), token.words.end(), by_length)->size();
    pattern.tokens.push_back(std::move(token));
  }
  return pattern;
}

std::vector<Glyph> glyphs_of(const Seen& seen) {
  std::vector<Glyph> out;
  const std::u32string all = to_code_points(seen.text);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::u32string one = to_code_points(normalised(to_utf8(std::u32string(1, all[i]))));
    if (one.empty()) continue;
    Glyph glyph;
    glyph.character = one[0];
    if (i < seen.confidences.size()) glyph.confidence = std::clamp(seen.confidences[i], 0.0, 1.0);
    if (i < seen.choices.size()) glyph.choices = seen.choices[i];
    out.push_back(std::move(glyph));
  }
  return out;
}

std::string text_of(std::span<const Glyph> glyphs) {
  std::u32string text;
  for (const Glyph& glyph : glyphs)
    text += glyph.character;
  return to_utf8(text);
}

double repair_price(const Glyph& seen, char32_t meant) {
  if (seen.character == meant) return 0;
  const double base = confusion_cost(seen.character, meant);
  double cost = base * (0.6 + 0.8 * seen.confidence);
  // A reader that wavers between two names of one shape has seen both.
  constexpr double least_lead = 0.1;
  if (same_shape(seen.character, meant)) {
    for (const Choice& choice : seen.choices) {
      if (choice.character == meant)
        cost = std::min(cost, base * std::max(least_lead, seen.confidence - choice.confidence));
    }
  }
  // A reader's second choice is cheap, its fifth is not; a choice that it gave no chance costs what certainty costs.
  constexpr double second = 0.35;
  constexpr double each_further = 0.2;
  for (std::size_t rank = 0; rank < seen.choices.size(); ++rank) {
    const Choice& choice = seen.choices[rank];
    if (choice.character != meant) continue;
    const double lead = std::max(0.0, seen.confidence - choice.confidence);
    cost = std::min(cost, second + each_further * static_cast<double>(rank) + 0.3 * lead);
  }
  return cost;
}

std::vector<Match> best_matches(const Pattern& pattern, std::span<const Glyph> seen, double limit, std::size_t beam) {
  if (seen.size() < pattern.shortest || seen.size() > pattern.longest) return {};
  std::vector<Match> states{Match{}};
  std::vector<Match> next;
  for (const Token& token : pattern.tokens) {
    next.clear();
    for (const Match& state : states) {
      if (token.words.empty()) {
        if (state.position >= seen.size()) continue;
        const Glyph& glyph = seen[state.position];
        const auto take = [&](char32_t meant) {
          const double price = repair_price(glyph, meant);
          if (price > limit) return;
          push(next,
               {state.text + meant, state.cost + price, state.repairs + (meant != glyph.character),
                state.position + 1},
               limit);
        };
        // What was seen and fits is taken as it is; other letters of the class come only when it does not fit.
        if (token.letters.find(glyph.character) != std::u32string::npos) {
          take(glyph.character);
        } else if (glyph.character == token.drawn && token.drawn != 0) {
          push(next, {state.text + token.meant, state.cost, state.repairs, state.position + 1}, limit);
        } else {
          for (const char32_t meant : token.letters)
            take(meant);
        }
        continue;
      }
      for (const std::u32string& word : token.words) {
        if (state.position + word.size() > seen.size()) continue;
        Match match = state;
        for (const char32_t meant : word) {
          const Glyph& glyph = seen[match.position];
          match.cost += repair_price(glyph, meant);
          match.repairs += meant != glyph.character;
          match.text += meant;
          match.position += 1;
        }
        push(next, std::move(match), limit);
      }
    }
    std::stable_sort(next.begin(), next.end(), [](const Match& a, const Match& b) { return a.cost < b.cost; });
    if (next.size() > beam) next.resize(beam);
    states.swap(next);
    if (states.empty()) return {};
  }
  std::erase_if(states, [&](const Match& match) { return match.position != seen.size(); });
  return states;
}

std::u32string grouped(const Pattern& pattern, std::u32string_view text) {
  std::u32string out;
  std::size_t position = 0;
  for (const Token& token : pattern.tokens) {
    if (token.group_before) out += U' ';
    std::size_t length = 1;
    for (const std::u32string& word : token.words) {
      if (text.substr(position, word.size()) == word) length = word.size();
    }
    out += text.substr(position, length);
    position += length;
  }
  return out;
}

}  // namespace torugart::ocr::detail
