#include "ocr/read/judge.h"

#include <algorithm>
#include <cmath>

#include "ocr/numbers/confusion.h"
#include "ocr/numbers/plates.h"

namespace torugart::ocr::detail {

std::size_t offset_of(const std::u32string& text, const std::u32string& seen) {
  std::size_t best = 0;
  std::size_t most = 0;
  for (std::size_t offset = 0; offset + text.size() <= seen.size(); ++offset) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
      same += seen[offset + i] == text[i];
    if (same > most) {
      most = same;
      best = offset;
    }
  }
  return best;
}

namespace {

constexpr double free_repair = 0.3;  // a 0 for an O where only a digit can stand
// A repaired character loses this share of its confidence for each unit of confusion cost.
constexpr double repaired_character = 0.3;
// A reader's choices say how likely a repair is, but seldom well below this.
constexpr double least_believed = 0.1;
// The reader gave its shape nearly wholly to the other name: 0 in a telephone number is no O of a country's rule.
constexpr double hardly_meant = 0.1;
constexpr double other_name = 0.35;
// Text that fits no grammar; where no country is expected, many plates fit none of ours.
constexpr double no_grammar = 0.6;
// All letters have the shape of Latin ones: a Latin plate that lacks a digit looks the same (02KG155EYP as 0155EҮР).
constexpr double script_not_seen = 0.8;
// Rivals of one shape (0 and O by two rules of a country) are told apart by the reader alone, and in many fonts not at
// all. One of a country that is not expected counts only where it costs hardly more, because the reader itself wavered.
constexpr double one_shape_cost = 0.35;
constexpr double wavering = 0.12;
constexpr double surely_told_apart = 0.97;
constexpr double other_script = 0.6;
constexpr double no_grammar_no_country = 0.8;
constexpr double no_grammar_crop = 0.9;  // and where the picture is a plate for certain
// How many of the wrong readings of a code have a check digit that fits and an owner of the register: one in eleven by
// chance, more because repairs seek what fits.
constexpr double wrong_and_valid = 0.2;
// A loose rule fits so much that fitting it says little.
constexpr double loose_rule = 0.97;
// Vehicles of other countries come too, but less often than those that the lane was told to expect.
constexpr double unexpected_country = 0.88;

// What the reader gave to exactly this character; a Cyrillic letter has the class of the Latin one that looks so.
double chance(const Seen& seen, std::size_t at, char32_t character) {
  const auto is = [character](char32_t c) {
    return c == character || (character >= 0x80U && same_shape(c, character));
  };
  const std::u32string text = to_code_points(seen.text);
  double sum = is(text[at]) ? (at < seen.confidences.size() ? seen.confidences[at] : 0.5) : 0;
  if (at < seen.choices.size()) {
    for (const Choice& choice : seen.choices[at])
      sum += is(choice.character) ? choice.confidence : 0;
  }
  return sum;
}

// How sure it is that character `at`, seen as `as`, is `meant`. The grammar says which of the characters of one shape is
// meant, so what the reader gave to any of them counts for it.
double certainty(const Seen& seen, std::size_t at, char32_t as, char32_t meant) {
  const double c = at < seen.confidences.size() ? seen.confidences[at] : 0.5;
  const double believed = c * (1.0 - repaired_character * std::min(1.0, confusion_cost(as, meant)));
  if (at >= seen.choices.size() || seen.choices[at].empty()) return believed;
  double sum = same_shape(as, meant) ? c : 0;
  for (const Choice& choice : seen.choices[at]) {
    if (same_shape(choice.character, meant)) sum += choice.confidence;
  }
  sum = std::min(1.0, sum);
  if (chance(seen, at, meant) < hardly_meant * sum) sum *= other_name;
  return same_shape(as, meant) ? sum : std::min(believed, std::max(sum, least_believed));
}

// Confidence of each character of `text`: the reader's where it saw the same, less where it was repaired.
std::vector<double> aligned(const Seen& seen, const std::string& text) {
  const std::u32string from = to_code_points(seen.text);
  const std::u32string to = to_code_points(text);
  std::vector<double> out(to.size(), 0.5);
  if (to.size() > from.size()) return out;
  const std::size_t best = offset_of(to, from);
  for (std::size_t i = 0; i < to.size(); ++i)
    out[i] = certainty(seen, best + i, from[best + i], to[i]);
  return out;
}

// The plate says KG once, small, under the flag; the number has it after the region: 01 KG 123 ABC. Region 01 is also
// Uzbekistan's, and then only the mark tells, which was not read.
constexpr double region_tells = 0.95;
constexpr double mark_tells = 0.6;
void complete_kyrgyz(Read& read) {
  if (read.country != "KG" || read.kind != "standard" || read.text.size() != 8) return;
  const double sure = read.text.compare(0, 2, "01") == 0 ? mark_tells : region_tells;
  read.text.insert(2, "KG");
  read.char_confidences.insert(read.char_confidences.begin() + 2, 2, sure);
}

double geometric_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values)
    sum += std::log(std::max(v, 0.01));
  return values.empty() ? 0 : std::exp(sum / static_cast<double>(values.size()));
}

bool other_than_ascii(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80U; });
}

bool one_shape(const std::string& a, const std::string& b) {
  const std::u32string x = to_code_points(a);
  const std::u32string y = to_code_points(b);
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), same_shape);
}

// The least that the reader gave to a character of `text` by its own name. The grammar of a country that nobody expects
// may call a 0 an O, but not be sure of it: 4701134 of one country has the shapes of 47 O 1134 of another.
double least_chance(const Seen& seen, const std::u32string& text, const Read& read) {
  const std::u32string from = to_code_points(seen.text);
  if (text.size() > from.size()) return 0;
  const std::size_t offset = offset_of(text, from);
  double least = read.min_confidence();
  for (std::size_t i = 0; i < text.size(); ++i)
    least = std::min(least, chance(seen, offset + i, text[i]));
  return least;
}

// How likely `text` is it and not `rival`, which has the same shapes: 0 here and O there.
double told_apart(const Seen& seen, const std::u32string& text, const std::u32string& rival) {
  const std::u32string from = to_code_points(seen.text);
  if (text.size() > from.size()) return 0;
  const std::size_t offset = offset_of(text, from);
  double own = 1;
  double its = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == rival[i]) continue;
    if (offset + i >= seen.choices.size() || seen.choices[offset + i].empty()) return 0;  // the reader does not say
    own *= chance(seen, offset + i, text[i]);
    its *= chance(seen, offset + i, rival[i]);
  }
  return own + its > 0 ? own / (own + its) : 0;
}

bool looks_like_a_number(const Seen& seen, Place place) {
  struct Least {
    std::size_t shortest, longest;
    std::ptrdiff_t digits;
    double confidence;
  };
  constexpr Least anywhere{5, 9, 2, 0.7}, plate{4, 9, 1, 0.5}, crop{3, 10, 0, 0.3};
  const Least& least = place == Place::crop ? crop : place == Place::plate ? plate : anywhere;
  const std::u32string text = to_code_points(seen.text);
  const auto digits = std::count_if(text.begin(), text.end(), [](char32_t c) { return c >= U'0' && c <= U'9'; });
  return text.size() >= least.shortest && text.size() <= least.longest && digits >= least.digits &&
         geometric_mean(seen.confidences) > least.confidence;
}

// One frame alone is accepted only when nothing had to be believed.
void judged(Read& read, double sureness, double level) {
  read.sureness = read.firm ? sureness : 0;
  read.verdict = read.sureness >= level ? Verdict::accept : Verdict::ask;
}

// The text as it was seen, which fits no grammar.
Read as_seen(const Seen& seen, int lines, double worth) {
  Read read;
  read.text = read.raw_text = seen.text;
  read.lines = lines;
  read.char_confidences = seen.confidences;
  read.confidence = worth * geometric_mean(seen.confidences);
  // Other scripts come only by grammars.
  if (other_than_ascii(seen.text)) read.confidence *= other_script;
  return read;
}

}  // namespace

std::vector<Read> judge_plate(const Seen& seen, int lines, const std::vector<std::string>& countries,
                              std::size_t most, Place place) {
  std::vector<Read> out;
  std::vector<std::u32string> matched;  // as the grammar took them, each with its read
  for (const PlateCandidate& candidate : parse_plate(seen, {countries, 12})) {
    const bool again =
        std::any_of(out.begin(), out.end(), [&candidate](const Read& r) { return r.text == candidate.text; });
    if (again) continue;
    Read read;
    read.text = candidate.text;
    read.raw_text = seen.text;
    read.country = candidate.country;
    read.kind = candidate.kind;
    read.lines = lines;
    read.repair_cost = candidate.repair_cost;
    read.char_confidences = aligned(seen, candidate.text);
    matched.push_back(to_code_points(candidate.text));
    complete_kyrgyz(read);
    read.confidence = geometric_mean(read.char_confidences) * std::exp(-0.4 * candidate.repair_cost);
    if (candidate.loose) read.confidence *= loose_rule;
    const bool expected = std::find(countries.begin(), countries.end(), candidate.country) != countries.end();
    if (!countries.empty() && !expected) read.confidence *= unexpected_country;
    const bool script_seen = !other_than_ascii(candidate.text) || other_than_ascii(seen.text);
    if (!script_seen && !expected) read.confidence *= script_not_seen;
    // A loose rule says enough for a country that the lane was told to expect.
    read.firm = (!candidate.loose || expected) && script_seen && candidate.repair_cost <= free_repair;
    judged(read, expected ? read.min_confidence() : least_chance(seen, matched.back(), read), sure_plate);
    out.push_back(std::move(read));
  }
  // 0 here by one country's rule and O by another's.
  for (std::size_t i = 0; i < out.size(); ++i) {
    Read& read = out[i];
    for (std::size_t j = 0; j < out.size(); ++j) {
      const Read& other = out[j];
      const bool likely =
          countries.empty() || std::find(countries.begin(), countries.end(), other.country) != countries.end();
      if (other.text == read.text || !one_shape(other.text, read.text) ||
          other.repair_cost > read.repair_cost + (likely ? one_shape_cost : wavering))
        continue;
      const double apart = told_apart(seen, matched[i], matched[j]);
      if (apart < surely_told_apart) read.firm = false;
      doubt(read, read.firm ? apart : 0, sure_plate);
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Read& a, const Read& b) { return worth(a) > worth(b); });
  if (out.size() > most) out.resize(most);
  // Sure characters are not bent into a grammar that is not theirs.
  if (looks_like_a_number(seen, place)) {
    Read read = as_seen(seen, lines,
                        !countries.empty() || place == Place::anywhere ? no_grammar
                        : place == Place::crop                         ? no_grammar_crop
                                                                       : no_grammar_no_country);
    const bool known = std::any_of(out.begin(), out.end(), [&read](const Read& r) { return r.text == read.text; });
    if (out.empty() || (place != Place::anywhere && !known && read.confidence > out.front().confidence))
      out.insert(out.begin(), std::move(read));
  }
  return out;
}

std::vector<Read> judge_container(const Seen& seen, const OwnerTable* owners, std::size_t most) {
  std::vector<Read> out;
  for (const ContainerCandidate& candidate : parse_container(seen, owners, most)) {
    Read read;
    read.text = candidate.text;
    read.raw_text = seen.text;
    read.repair_cost = candidate.repair_cost;
    read.check_digit = candidate.check.check_digit;
    read.owner_known = candidate.check.owner_known;
    read.char_confidences = aligned(seen, candidate.text);
    double confidence = geometric_mean(read.char_confidences) * std::exp(-0.4 * candidate.repair_cost);
    if (!read.check_digit) confidence *= 0.5;
    if (!read.owner_known) confidence *= 0.6;
    if (!candidate.check.category) confidence *= 0.5;
    read.confidence = confidence;
    read.firm = candidate.check.all() && candidate.repair_cost <= free_repair;
    // What the reader gives to all eleven characters together, and what the check digit and the register say to that.
    double all = 1;
    for (const double c : read.char_confidences)
      all *= c;
    judged(read, all / (all + (1 - all) * wrong_and_valid), sure_container);
    out.push_back(std::move(read));
  }
  // The rest of the line may be the size and type code.
  const std::u32string text = to_code_points(seen.text);
  for (Read& read : out) {
    if (text.size() < read.text.size() + 4) continue;
    const std::string tail = to_utf8(text.substr(text.size() - 4));
    const auto codes = repair_size_type({tail, {}});
    if (!codes.empty()) read.size_type = codes.front();
  }
  return out;
}

std::size_t characters_seen(const Read& read) {
  const std::size_t all = to_code_points(read.text).size();
  const bool completed = read.country == "KG" && all == 10 && read.raw_text.find("KG") == std::string::npos;
  return completed ? all - 2 : all;
}

void doubt(Read& read, double sureness, double level) {
  read.sureness = std::min(read.sureness, sureness);
  if (read.sureness < level) read.verdict = Verdict::ask;
}

double worth(const Read& read) {
  double value = read.confidence;
  if (read.verdict == Verdict::accept) value += 1;
  return value;
}

}  // namespace torugart::ocr::detail
