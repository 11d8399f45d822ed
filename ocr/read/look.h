// One region read by the speller: a look, and another where the first showed that the region lay badly. What would be
// accepted is looked at once more, and the looks must agree.
// Thread-bound as its networks. Internal to ocr/read.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ocr/numbers/container.h"
#include "ocr/read/character.h"
#include "ocr/read/readings.h"
#include "ocr/read/spell.h"

namespace torugart::ocr::detail {

class Reader {
 public:
  // `more_time` is asked before every look after the first.
  Reader(Speller& speller, Namer& namer, const cv::Mat& grey, std::function<bool()> more_time);

  RegionReads plate(const Quad& region, const std::vector<std::string>& countries, Place place = Place::plate);
  // The picture is a plate: it is looked at on each canvas that may fit.
  RegionReads whole_plate(const std::vector<std::string>& countries);
  RegionReads container(const Quad& region, bool vertical, const OwnerTable* owners);
  // The last plate() saw what may be a part of a container's code.
  bool saw_part_of_a_code() const { return code_part_; }

 private:
  Look look(const Quad& region, Canvas canvas);
  Look look_at_plate(const Quad& region, Canvas canvas);
  RegionReads unconfirmed_plate(const Quad& region, const std::vector<std::string>& countries, Place place);
  std::string size_type_beside(const Quad& code, bool vertical, std::size_t lines);

  Speller& speller_;
  Namer& namer_;
  const cv::Mat& grey_;
  std::function<bool()> more_time_;
  bool code_part_ = false;
};

}  // namespace torugart::ocr::detail
