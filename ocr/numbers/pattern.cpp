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

double repair_price(char32_t seen, double confidence, char32_t meant) {
  return confusion_cost(seen, meant) * (0.6 + 0.8 * std::clamp(confidence, 0.0, 1.0));
}

std::vector<Match> best_matches(const Pattern& pattern, std::u32string_view seen,
                                const std::vector<double>& confidences, double limit, std::size_t beam) {
  if (seen.size() < pattern.shortest || seen.size() > pattern.longest) return {};
  std::vector<Match> states{Match{}};
  std::vector<Match> next;
  for (const Token& token : pattern.tokens) {
    next.clear();
    for (const Match& state : states) {
      if (token.words.empty()) {
        if (state.position >= seen.size()) continue;
        const char32_t c = seen[state.position];
        const double confidence = confidences[state.position];
        const auto take = [&](char32_t meant) {
          const double price = repair_price(c, confidence, meant);
          if (price > limit) return;
          push(next, {state.text + meant, state.cost + price, state.repairs + (meant != c), state.position + 1},
               limit);
        };
        // What was seen and fits is taken as it is; other letters of the class come only when it does not fit.
        if (token.letters.find(c) != std::u32string::npos) {
          take(c);
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
          const char32_t c = seen[match.position];
          match.cost += repair_price(c, confidences[match.position], meant);
          match.repairs += meant != c;
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
