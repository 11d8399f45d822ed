// Container numbers (ISO 6346), loading units (ILU, EN 13044), their check digit, owner register and size/type codes.
// Reentrant: pure functions; OwnerTable is immutable after loading.
//
// A check digit confirms, it never decides: 10.1 % of random strings pass, a remainder of 10 counts as 0 and is real,
// and letters whose values differ by a multiple of 11 (A/K/U, B/L/V, …) can be swapped unseen. So a number is judged
// by shape, category, check digit and owner together.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "ocr/numbers/seen.h"

namespace torugart::ocr {

// Check digit of the first ten characters (four letters, six digits); nothing if they are not that.
std::optional<int> container_check_digit(std::string_view first_ten);

// Owner codes (three letters, without the category). The file is CSV with the header `code,company`; lines that start
// with '#' are remarks, of which `# source:` and `# date:` are kept. A customs office replaces it by its own copy of
// the register.
class OwnerTable {
 public:
  static tl::expected<OwnerTable, Error> load(const std::filesystem::path& csv);
  static tl::expected<OwnerTable, Error> parse(std::string_view csv, std::string_view name);

  bool known(std::string_view three_letters) const;
  std::optional<std::string> company(std::string_view three_letters) const;
  std::size_t size() const;
  const std::string& source() const;
  const std::string& date() const;

 private:
  struct Data;
  std::shared_ptr<const Data> data_;
};

struct ContainerCheck {
  bool shape = false;     // four letters, seven digits
  bool category = false;  // fourth letter U, J or Z
  bool ilu = false;       // fourth letter A, B, D, E or K: a swap body or semi-trailer
  bool check_digit = false;
  bool owner_known = false;    // false too when no table is given
  bool remainder_ten = false;  // check digit 0 that stands for 10: real, though advised against
  bool all() const { return shape && category && check_digit && owner_known; }
};
ContainerCheck check_container(std::string_view number, const OwnerTable* owners = nullptr);

struct ContainerCandidate {
  std::string text;  // eleven characters, or ten when the check digit was not seen
  ContainerCheck check;
  double repair_cost = 0;
  int repairs = 0;
};
// Candidates for what was seen, best first: look-alikes repaired towards letters and digits, then check digit, owner
// and category. A confident character is never changed only to please the check digit.
std::vector<ContainerCandidate> parse_container(const Seen& seen, const OwnerTable* owners = nullptr,
                                                std::size_t most = 5);

// "MSKU1234565" -> "MSKU 123456 5"
std::string display_container(std::string_view number);

// ISO 6346 size and type, e.g. 22G1, 45R1, 22K2.
struct SizeType {
  std::string code;
  int length_mm = 0;   // nominal outer length, 0 if the code's length is not in the table
  std::string height;  // "8 ft 6 in"
  std::string type;    // "general purpose", "refrigerated", …
};
std::optional<SizeType> parse_size_type(std::string_view code);
// As parse_container: repairs look-alikes within the limit. Best first.
std::vector<std::string> repair_size_type(const Seen& seen);

}  // namespace torugart::ocr
