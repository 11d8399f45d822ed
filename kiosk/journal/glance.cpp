#include "kiosk/journal/glance.h"

#include <charconv>

namespace torugart::journal {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxDigits = 18;  // what surely fits 64 bits

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<Glance> run() {
    if (!object(0) || at_ != text_.size() || !seq_ || !lane_ || !type_) return std::nullopt;
    return Glance{*seq_, *lane_, *type_};
  }

 private:
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool string(std::string_view& out) {
    if (!take('"')) return false;
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        out = text_.substr(begin, at_ - begin);
        ++at_;
        return true;
      }
      if (c < 0x20 || c > 0x7e || c == '\\') return false;
      ++at_;
    }
    return false;
  }

  bool number(std::int64_t& out) {
    const std::size_t begin = at_;
    const bool negative = take('-');
    const std::size_t digits = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
      ++at_;
    const std::size_t count = at_ - digits;
    if (count == 0 || count > kMaxDigits || (text_[digits] == '0' && (count > 1 || negative))) return false;
    if (at_ < text_.size() && (text_[at_] == '.' || text_[at_] == 'e' || text_[at_] == 'E')) return false;
    return std::from_chars(text_.data() + begin, text_.data() + at_, out).ec == std::errc();
  }

  bool value(int depth) {
    if (at_ >= text_.size()) return false;
    std::string_view string_out;
    std::int64_t number_out = 0;
    switch (text_[at_]) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"':
        return string(string_out);
      case 't':
        return take("true");
      case 'f':
        return take("false");
      case 'n':
        return take("null");
      default:
        return number(number_out);
    }
  }

  bool array(int depth) {
    if (depth > kMaxDepth || !take('[')) return false;
    if (take(']')) return true;
    do {
      if (!value(depth)) return false;
    } while (take(','));
    return take(']');
  }

  bool object(int depth) {
    if (depth > kMaxDepth || !take('{')) return false;
    if (take('}')) return true;
    std::string_view before, key;
    bool first = true;
    do {
      if (!string(key) || (!first && key <= before) || !take(':')) return false;
      before = key;
      first = false;
      if (!(depth == 0 ? member(key) : value(depth))) return false;
    } while (take(','));
    return take('}');
  }

  bool member(std::string_view key) {
    std::string_view text;
    std::int64_t number_out = 0;
    if (key == "seq") {
      if (!number(number_out)) return false;
      seq_ = number_out;
      return true;
    }
    if (key != "lane" && key != "type") return value(0);
    if (!string(text)) return false;
    (key == "lane" ? lane_ : type_) = text;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<std::int64_t> seq_;
  std::optional<std::string_view> lane_, type_;
};

}  // namespace

std::optional<Glance> glance_at(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace torugart::journal
