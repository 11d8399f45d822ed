// What a picture is compared with: an earlier scan of the same container or plate, found in the journal and read from the
// archive, and pictures of the library (an empty vehicle, a known load). Read on the record worker.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "kiosk/lane/core.h"
#include "kiosk/lane/decode.h"

namespace torugart::lane {
namespace {

constexpr int kCandidates = 20;  // crossings of a number that are looked through, newest first

// Containers before plates: a tractor pulls something else every day, a container mostly stays what it is.
std::vector<std::string> numbers_of(const inspection::Crossing& crossing) {
  std::vector<std::string> out;
  for (const bool containers : {true, false}) {
    for (const auto& number : crossing.numbers) {
      if ((number.kind == inspection::NumberKind::container) == containers && !number.text.empty())
        out.push_back(number.text);
    }
  }
  return out;
}

struct Earlier {
  inspection::Crossing crossing;
  inspection::ScanCompleted scan;
  std::string number;
};

std::optional<Earlier> earlier_of(const inspection::Crossing& now, const Ledger& ledger) {
  for (const auto& number : numbers_of(now)) {
    const auto rows = ledger.crossings(number, kCandidates);
    if (!rows) continue;
    for (const auto& row : *rows) {
      if (row.id == now.id) continue;
      auto crossing = ledger.crossing(row.id);
      if (!crossing || !*crossing || (*crossing)->arrived_wall_us > now.arrived_wall_us) continue;
      const auto& shown = (*crossing)->numbers;  // the search finds parts of numbers, too
      const bool same = std::any_of(shown.begin(), shown.end(), [&](const inspection::Number& n) {
        return journal::normalise_number(n.text) == journal::normalise_number(number);
      });
      if (!same) continue;
      const auto* scan = (*crossing)->latest_scan();
      if (scan == nullptr || scan->files.empty()) continue;
      Earlier out{std::move(**crossing), *scan, number};
      return out;
    }
  }
  return std::nullopt;
}

}  // namespace

void Core::find_earlier(const std::string& id) {
  const auto* v = visit(id);
  if (v == nullptr || !earlier_asked_.insert(id).second) return;
  record_worker_.post([this, now = v->fold] {
    const auto found = earlier_of(now, *parts_.ledger);
    if (!found) return;
    auto image = decode(found->scan, *parts_.store);
    if (!image) return;  // freed from the archive long ago: then there is nothing to compare with
    ImageView shown;
    shown.crossing = found->crossing.id;
    shown.scan = found->scan.scan;
    shown.image = std::move(*image);
    shown.taken_wall_us = time_of_scan(found->crossing, found->scan);
    shown.earlier_of = now.id;
    shown.matched = found->number;
    inbox_.post([this, shown = std::move(shown)]() mutable {
      if (visit(shown.earlier_of) == nullptr) return;
      keep_image(std::move(shown));
      changed(true);
    });
  });
}

void Core::list_library() {
  if (config_.library_folder.empty()) return;
  record_worker_.post([this] {
    std::vector<std::string> names;
    std::error_code error;
    const std::string end = "-high.dcs";
    for (std::filesystem::directory_iterator it(config_.library_folder, error), last; !error && it != last;
         it.increment(error)) {
      const auto name = it->path().filename().string();
      if (name.size() > end.size() && name.ends_with(end)) names.push_back(name.substr(0, name.size() - end.size()));
    }
    // Empty ones first: those are what a load is held against most often.
    const auto empty = [](const std::string& n) { return n.rfind("empty", 0) == 0; };
    std::sort(names.begin(), names.end(),
              [&](const auto& a, const auto& b) { return empty(a) != empty(b) ? empty(a) : a < b; });
    const std::string problem = error ? config_.library_folder + ": " + error.message() : std::string();
    inbox_.post([this, names = std::move(names), problem]() mutable {
      library_ = std::move(names);
      library_problem_ = problem;
      changed();
    });
  });
}

void Core::want_reference(const std::string& crossing, const std::string& name) {
  const bool known = std::find(library_.begin(), library_.end(), name) != library_.end();
  const bool here = std::any_of(images_.begin(), images_.end(),
                                [&](const ImageView& i) { return i.earlier_of == crossing && i.reference == name; });
  if (!known || here || visit(crossing) == nullptr || !decoding_.insert("library/" + name).second) return;
  record_worker_.post([this, crossing, name] {
    auto image = decode_reference(config_.library_folder, name);
    inbox_.post([this, crossing, name, image = std::move(image)] {
      decoding_.erase("library/" + name);
      library_problem_ = image ? std::string() : image.error();
      if (image && visit(crossing) != nullptr) {
        ImageView shown;
        shown.scan = "library/" + name;
        shown.image = *image;
        shown.earlier_of = crossing;
        shown.reference = name;
        keep_image(std::move(shown));
      }
      changed(true);
    });
  });
}

}  // namespace torugart::lane
