// One region read by the speller: a look, and another where the first showed that the region lay badly. What would be
// accepted is looked at once more, and the looks must agree.
// Thread-bound as its speller. Internal to ocr/read.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ocr/numbers/container.h"
#include "ocr/read/judge.h"
#include "ocr/read/layout.h"
#include "ocr/read/read.h"
#include "ocr/read/spell.h"

namespace torugart::ocr::detail {

struct Look {
  Spelling spelling;
  Layout layout;
};

// What a region was read as: reads without picture, best first, and where the text of the best one stands.
struct RegionReads {
  std::vector<Read> reads;
  Quad quad{};
  double worth() const;  // of the best one; 0 without any
};

class Reader {
 public:
  // `more_time` is asked before every look after the first.
  Reader(Speller& speller, const cv::Mat& grey, std::function<bool()> more_time);

  RegionReads plate(const Quad& region, const std::vector<std::string>& countries, Place place = Place::plate);
  // The picture is a plate: it is looked at on each canvas that may fit.
  RegionReads whole_plate(const std::vector<std::string>& countries);
  RegionReads container(const Quad& region, bool vertical, const OwnerTable* owners);
  // The last plate() saw what may be a part of a container's code.
  bool saw_part_of_a_code() const { return code_part_; }

 private:
  Look look(const Quad& region, Canvas canvas);
  RegionReads unconfirmed_plate(const Quad& region, const std::vector<std::string>& countries, Place place);
  void confirm(RegionReads& best, const std::function<RegionReads(const Look&)>& in, Canvas canvas, bool container);
  std::string size_type_beside(const Quad& code, bool vertical, std::size_t lines);

  Speller& speller_;
  const cv::Mat& grey_;
  std::function<bool()> more_time_;
  bool code_part_ = false;
};

// Readings of a look as plates, the best stretch of lines first. Doubtful characters (a bolt, a flag, a tower between
// letters) are tried both ways, with and without. Pure.
RegionReads plates_in(const Look& look, const std::vector<std::string>& countries, Place place);
// The same as container numbers; a size and type code is taken from the characters after the number. Pure.
RegionReads containers_in(const Look& look, const OwnerTable* owners);

// Where the whole code should stand when a look shows only a part of it (the number without its owner, the owner
// without its number, or without the check digit): canvas coordinates. Nothing: less than a part is seen. Pure.
std::optional<Quad> whole_code_around(const Layout& layout);

// Whether a line is an owner code, a serial number or both. Pure.
bool part_of_a_code(const Layout& layout);

// The first four characters on end, of a line or after the `skip`-th character, that are a size and type code; at most
// one of them repaired. Empty: none. Pure.
std::string size_type_in(const Layout& layout, std::size_t skip);

}  // namespace torugart::ocr::detail
