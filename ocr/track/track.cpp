#include "ocr/track/track.h"

#include <algorithm>
#include <utility>

#include "ocr/numbers/container.h"
#include "ocr/track/vote.h"

namespace torugart::ocr {
namespace {

constexpr std::size_t most_results = 5;
constexpr double repair_free = 0.3;  // what look-alikes of one shape cost (0/O); more needs an inspector's eye

// Different spellings of one number differ in few characters; two vehicles' numbers in more.
std::size_t same_number_within(std::size_t length) {
  return length >= 10 ? 3 : 2;
}

// All reads that are taken for one number.
struct Group {
  std::vector<Read> reads;  // one per frame at most, the surest `most_reads`
  int frames_seen = 0;
  double weight = 0;
};

double overlap(const cv::Rect& a, const cv::Rect& b) {
  const int smaller = std::min(a.area(), b.area());
  return smaller <= 0 ? 0 : static_cast<double>((a & b).area()) / smaller;
}

// The engine gives several readings of one place; only the first of them is this frame's vote.
std::vector<const Read*> best_of_each_place(const std::vector<Read>& reads) {
  std::vector<const Read*> out;
  for (const Read& read : reads) {
    if (read.text.empty()) continue;
    const bool taken = std::any_of(out.begin(), out.end(), [&read](const Read* other) {
      return overlap(other->box, read.box) > 0.3 || (other->box.empty() && read.box.empty());
    });
    if (!taken) out.push_back(&read);
  }
  return out;
}

std::string count_text(int agreeing, int needed) {
  return "Only " + std::to_string(agreeing) + " of the " + std::to_string(needed) + " frames needed agree";
}

struct Spelling {
  std::string text;
  std::string country;
  int frames = 0;
  double weight = 0;
  double confidence = 0;
};

std::vector<Spelling> spellings(const Group& group) {
  std::vector<Spelling> out;
  for (const Read& read : group.reads) {
    auto it = std::find_if(out.begin(), out.end(), [&read](const Spelling& s) { return s.text == read.text; });
    if (it == out.end()) it = out.insert(out.end(), Spelling{read.text, read.country, 0, 0, 0});
    it->frames += 1;
    it->weight += read.confidence;
    if (read.confidence > it->confidence) {
      it->confidence = read.confidence;
      it->country = read.country;
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Spelling& a, const Spelling& b) { return a.weight > b.weight; });
  return out;
}

}  // namespace

struct Track::State {
  TrackRules rules;
  int frames = 0;
  std::vector<Group> plates;
  std::vector<Group> containers;

  void add(std::vector<Group>& groups, const std::vector<Read>& reads) const {
    std::vector<std::size_t> used;
    for (const Read* read : best_of_each_place(reads)) {
      const std::size_t at = group_for(groups, *read, used);
      used.push_back(at);
      Group& group = groups[at];
      group.frames_seen += 1;
      group.weight += read->confidence;
      if (group.reads.size() < rules.most_reads) {
        group.reads.push_back(*read);
        continue;
      }
      const auto weakest = std::min_element(group.reads.begin(), group.reads.end(),
                                            [](const Read& a, const Read& b) { return a.confidence < b.confidence; });
      if (weakest != group.reads.end() && weakest->confidence < read->confidence) *weakest = *read;
    }
  }

  std::size_t group_for(std::vector<Group>& groups, const Read& read, const std::vector<std::size_t>& used) const {
    const std::u32string text = to_code_points(read.text);
    std::size_t nearest = groups.size();
    std::size_t least = same_number_within(text.size()) + 1;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (std::find(used.begin(), used.end(), i) != used.end()) continue;
      for (const Read& other : groups[i].reads) {
        const std::size_t d = detail::edit_distance(to_code_points(other.text), text, least);
        if (d < least) {
          least = d;
          nearest = i;
        }
      }
    }
    if (nearest < groups.size()) return nearest;
    if (groups.size() < rules.most_groups) {
      groups.emplace_back();
      return groups.size() - 1;
    }
    std::size_t weakest = groups.size();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (std::find(used.begin(), used.end(), i) != used.end()) continue;
      if (weakest == groups.size() || groups[i].weight < groups[weakest].weight) weakest = i;
    }
    if (weakest == groups.size()) weakest = 0;
    groups[weakest] = {};
    return weakest;
  }

  VotedRead decide(const Group& group, bool container) const {
    VotedRead voted;
    const std::vector<Spelling> spelled = spellings(group);
    if (spelled.empty()) return voted;
    std::vector<detail::Ballot> ballots;
    for (const Read& read : group.reads)
      ballots.push_back({to_code_points(read.text), read.char_confidences});
    const detail::Outcome outcome = detail::vote(ballots);

    voted.text = to_utf8(outcome.text);
    voted.char_confidences = outcome.confidences;
    const auto lowest = std::min_element(outcome.confidences.begin(), outcome.confidences.end());
    voted.confidence = lowest == outcome.confidences.end() ? 0 : *lowest;
    voted.frames_seen = group.frames_seen;

    const Read* best = nullptr;
    double least_repair = 1e9;
    bool still = false;
    int firm_frames = 0;
    double all_weight = 0;
    double own_weight = 0;
    for (const Read& read : group.reads) {
      all_weight += read.confidence;
      const bool own = read.text == voted.text;
      if (own) {
        voted.frames_agreeing += 1;
        own_weight += read.confidence;
        least_repair = std::min(least_repair, read.repair_cost);
        firm_frames += read.firm ? 1 : 0;
        still = still || (read.verdict == Verdict::accept && read.sureness >= rules.still_sureness);
        if (voted.size_type.empty()) voted.size_type = read.size_type;
        voted.check_digit = voted.check_digit || read.check_digit;
        voted.owner_known = voted.owner_known || read.owner_known;
      }
      const bool best_is_own = best != nullptr && best->text == voted.text;
      if (best == nullptr || (own && !best_is_own) || (own == best_is_own && read.confidence > best->confidence)) {
        best = &read;
      }
    }
    voted.best = *best;
    voted.country = best->country;
    double rival = 0;
    for (const Spelling& s : spelled) {
      if (s.text == voted.text) continue;
      rival = std::max(rival, s.weight);
      if (voted.alternatives.size() < most_results)
        voted.alternatives.push_back({s.text, s.country, s.frames, s.confidence});
    }

    voted.verdict = Verdict::ask;
    const bool enough = voted.frames_agreeing >= rules.frames_to_accept || still;
    const ContainerCheck check = check_container(voted.text);
    if (voted.frames_agreeing == 0) {
      voted.why = "No single frame shows the number as the vote spells it";
    } else if (!enough) {
      voted.why = count_text(voted.frames_agreeing, rules.frames_to_accept);
    } else if (voted.confidence < (container ? rules.min_code_character : rules.min_char_confidence)) {
      voted.why = "One character is not sure enough";
    } else if (rival > rules.rival_share * all_weight) {
      voted.why = "Another spelling was seen nearly as often";
    } else if (least_repair > repair_free) {
      voted.why = "The number had to be repaired to fit";
    } else if (!container && 2 * firm_frames < voted.frames_agreeing) {
      voted.why = "The text fits no country's plates for certain";
    } else if (container && !check.category) {
      voted.why = "The category letter is not U, J or Z";
    } else if (container && !check.check_digit) {
      voted.why = "The check digit does not fit";
    } else if (container && !voted.owner_known) {
      voted.why = "The owner code is not in the register";
    } else {
      voted.verdict = Verdict::accept;
    }
    return voted;
  }

  std::vector<VotedRead> decide(const std::vector<Group>& groups, bool container) const {
    struct Ranked {
      VotedRead voted;
      double weight;
    };
    std::vector<Ranked> ranked;
    for (const Group& group : groups) {
      VotedRead voted = decide(group, container);
      // Once seen and fitting nothing is dirt, not a number.
      const bool fits = container ? voted.check_digit : !voted.country.empty();
      if (voted.text.empty() || (!fits && group.frames_seen < 2)) continue;
      ranked.push_back({std::move(voted), group.weight});
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
      if (a.voted.verdict != b.voted.verdict) return a.voted.verdict > b.voted.verdict;
      return a.weight > b.weight;
    });
    std::vector<VotedRead> out;
    for (Ranked& one : ranked) {
      if (out.size() < most_results) out.push_back(std::move(one.voted));
    }
    return out;
  }
};

Track::Track(TrackRules rules) : state_(std::make_unique<State>()) {
  rules.most_groups = std::max<std::size_t>(1, rules.most_groups);
  rules.most_reads = std::max<std::size_t>(1, rules.most_reads);
  state_->rules = rules;
}
Track::~Track() = default;
Track::Track(Track&&) noexcept = default;
Track& Track::operator=(Track&&) noexcept = default;

void Track::new_vehicle() {
  state_->frames = 0;
  state_->plates.clear();
  state_->containers.clear();
}

void Track::add(const FrameReads& frame) {
  state_->frames += 1;
  state_->add(state_->plates, frame.plates);
  state_->add(state_->containers, frame.containers);
}

TrackResult Track::result() const {
  return {state_->decide(state_->plates, false), state_->decide(state_->containers, true)};
}

int Track::frames() const {
  return state_->frames;
}

}  // namespace torugart::ocr
