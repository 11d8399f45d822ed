#include <array>
#include <fstream>
#include <iterator>
#include <map>

#include "ocr/numbers/container.h"

namespace torugart::ocr {

struct OwnerTable::Data {
  std::map<std::string, std::string, std::less<>> companies;
  std::string source;
  std::string date;
};

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool owner_code(std::string_view text) {
  return text.size() == 3 && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

// First field after the code, quotes removed (RFC 4180).
std::string second_field(std::string_view rest) {
  if (rest.empty() || rest.front() != '"') return std::string(trimmed(rest.substr(0, rest.find(','))));
  std::string out;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] != '"') {
      out += rest[i];
    } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
      out += rest[i++];
    } else {
      break;
    }
  }
  return out;
}

}  // namespace

tl::expected<OwnerTable, Error> OwnerTable::parse(std::string_view csv, std::string_view name) {
  auto data = std::make_shared<Data>();
  bool header = false;
  int number = 0;
  while (!csv.empty()) {
    const auto end = csv.find('\n');
    const std::string_view line = trimmed(csv.substr(0, end));
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    ++number;
    const auto fail = [&](std::string what) {
      return tl::unexpected(Error{std::move(what), std::string(name) + ", line " + std::to_string(number),
                                  "Export the register as CSV with the columns code,company"});
    };
    if (line.empty()) continue;
    if (line.front() == '#') {
      const std::string_view remark = trimmed(line.substr(1));
      if (remark.starts_with("source:")) data->source = trimmed(remark.substr(7));
      if (remark.starts_with("date:")) data->date = trimmed(remark.substr(5));
      continue;
    }
    const auto comma = line.find(',');
    const std::string_view code = trimmed(line.substr(0, comma));
    if (!header) {
      if (code != "code") return fail("The owner table does not begin with the header code,company");
      header = true;
      continue;
    }
    // Some copies of the register write the code with its category, as on the container.
    const std::string_view three = code.size() == 4 && code.back() == 'U' ? code.substr(0, 3) : code;
    if (!owner_code(three))
      return fail("'" + std::string(code.substr(0, 20)) + "' is not an owner code of three letters");
    data->companies.emplace(three, comma == std::string_view::npos ? "" : second_field(line.substr(comma + 1)));
  }
  if (data->companies.empty()) {
    return tl::unexpected(Error{"The owner table is empty", std::string(name),
                                "Without it no container number can be accepted; restore owner_codes.csv"});
  }
  OwnerTable table;
  table.data_ = std::move(data);
  return table;
}

tl::expected<OwnerTable, Error> OwnerTable::load(const std::filesystem::path& csv) {
  std::ifstream in(csv, std::ios::binary);
  if (!in) {
    return tl::unexpected(
        Error{"The owner table cannot be opened", csv.string(), "Check the path and the right to read it"});
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return parse(text, csv.string());
}

bool OwnerTable::known(std::string_view three_letters) const {
  return data_ && data_->companies.find(three_letters) != data_->companies.end();
}

std::optional<std::string> OwnerTable::company(std::string_view three_letters) const {
  if (!data_) return std::nullopt;
  const auto it = data_->companies.find(three_letters);
  if (it == data_->companies.end()) return std::nullopt;
  return it->second;
}

std::size_t OwnerTable::size() const {
  return data_ ? data_->companies.size() : 0;
}

const std::string& OwnerTable::source() const {
  static const std::string none;
  return data_ ? data_->source : none;
}

const std::string& OwnerTable::date() const {
  static const std::string none;
  return data_ ? data_->date : none;
}

}  // namespace torugart::ocr
