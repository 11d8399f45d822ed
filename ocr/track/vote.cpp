#include "ocr/track/vote.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

namespace torugart::ocr::detail {
namespace {

using Table = std::vector<std::vector<std::size_t>>;

Table distances(const std::u32string& a, const std::u32string& b) {
  Table d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j)
    d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      d[i][j] = std::min({change, d[i - 1][j] + 1, d[i][j - 1] + 1});
    }
  }
  return d;
}

constexpr std::size_t missing = static_cast<std::size_t>(-1);

// For each character of `pivot` the index of its partner in `text`, or `missing`.
std::vector<std::size_t> partners(const std::u32string& pivot, const std::u32string& text) {
  const Table d = distances(pivot, text);
  std::vector<std::size_t> out(pivot.size(), missing);
  std::size_t i = pivot.size();
  std::size_t j = text.size();
  while (i > 0 && j > 0) {
    if (d[i][j] == d[i - 1][j - 1] + (pivot[i - 1] != text[j - 1])) {
      out[i - 1] = j - 1;
      --i;
      --j;
    } else if (d[i][j] == d[i - 1][j] + 1) {
      --i;
    } else {
      --j;
    }
  }
  return out;
}

double total(const Ballot& ballot) {
  return std::accumulate(ballot.confidences.begin(), ballot.confidences.end(), 0.0);
}

double surest_three(std::vector<double> values) {
  std::sort(values.begin(), values.end(), std::greater<>());
  values.resize(std::min<std::size_t>(values.size(), 3));
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(std::max<std::size_t>(1, values.size()));
}

}  // namespace

std::size_t edit_distance(const std::u32string& a, const std::u32string& b, std::size_t bound) {
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > bound) return bound + 1;
  return std::min(distances(a, b).back().back(), bound + 1);
}

Outcome vote(const std::vector<Ballot>& ballots) {
  Outcome out;
  if (ballots.empty()) return out;
  std::map<std::u32string, double> weights;
  for (const Ballot& ballot : ballots)
    weights[ballot.text] += total(ballot) + 1e-6;
  const std::u32string pivot = std::max_element(weights.begin(), weights.end(), [](const auto& a, const auto& b) {
                                 return a.second < b.second;
                               })->first;

  constexpr double gap_weight = 0.5;
  std::vector<std::map<char32_t, std::vector<double>>> places(pivot.size());
  std::vector<double> gaps(pivot.size(), 0.0);
  for (const Ballot& ballot : ballots) {
    const auto partner = partners(pivot, ballot.text);
    for (std::size_t i = 0; i < pivot.size(); ++i) {
      if (partner[i] == missing) {
        gaps[i] += gap_weight;
      } else {
        const std::size_t at = partner[i];
        places[i][ballot.text[at]].push_back(at < ballot.confidences.size() ? ballot.confidences[at] : 0.0);
      }
    }
  }
  for (std::size_t i = 0; i < pivot.size(); ++i) {
    double all = gaps[i];
    double most = 0;
    char32_t winner = 0;
    for (const auto& [character, confidences] : places[i]) {
      const double sum = std::accumulate(confidences.begin(), confidences.end(), 0.0);
      all += sum;
      if (sum > most) {
        most = sum;
        winner = character;
      }
    }
    if (winner == 0 || most < gaps[i]) continue;
    out.text += winner;
    out.confidences.push_back(most / all * surest_three(places[i][winner]));
  }
  return out;
}

}  // namespace torugart::ocr::detail
