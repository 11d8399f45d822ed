#include "hal/drivers/code_scanner/code_assembler.h"

#include <linux/input-event-codes.h>

#include <array>
#include <utility>

namespace torugart::hal::code_scanner {
namespace {

constexpr std::uint8_t kStx = 2, kEtx = 3, kTab = 9, kLf = 10, kCr = 13, kGroup = 29;

// ISO/IEC 15424: the letter after the bracket.
const char* symbology_of(char letter, char modifier) {
  switch (letter) {
    case 'A':
      return "Code39";
    case 'C':
      return "Code128";
    case 'd':
      return "DataMatrix";
    case 'E':
      return "EAN";
    case 'F':
      return "Codabar";
    case 'G':
      return "Code93";
    case 'I':
      return "ITF";
    case 'L':
      return "PDF417";
    case 'Q':
      return "QRCode";
    case 'z':
      return "Aztec";
    case 'e':
      return modifier == '0' ? "DataBar" : "";
    default:
      return "";
  }
}

bool is_utf8(const std::string& s) {
  for (std::size_t i = 0; i < s.size();) {
    const auto b = static_cast<std::uint8_t>(s[i]);
    const std::size_t more = b < 0x80                ? 0
                             : b >= 0xC2 && b < 0xE0 ? 1
                             : b >= 0xE0 && b < 0xF0 ? 2
                             : b >= 0xF0 && b < 0xF5 ? 3
                                                     : 9;
    if (more == 9 || i + more >= s.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<std::uint8_t>(s[i + k]) & 0xC0U) != 0x80) return false;
    }
    const auto second = more == 0 ? 0U : static_cast<std::uint8_t>(s[i + 1]);
    const bool overlong = (b == 0xE0 && second < 0xA0) || (b == 0xF0 && second < 0x90);
    const bool outside = (b == 0xED && second >= 0xA0) || (b == 0xF4 && second >= 0x90);
    if (overlong || outside) return false;
    i += more + 1;
  }
  return true;
}

std::string utf8_of(const std::string& bytes) {
  if (is_utf8(bytes)) return bytes;
  std::string out;
  for (const char c : bytes) {
    const auto b = static_cast<std::uint8_t>(c);
    if (b < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | b >> 6U);
      out += static_cast<char>(0x80U | (b & 0x3FU));
    }
  }
  return out;
}

struct Key {
  std::uint16_t code;
  char plain, shifted;
};
constexpr std::array<Key, 48> kKeys{
    {{KEY_1, '1', '!'},          {KEY_2, '2', '@'},         {KEY_3, '3', '#'},           {KEY_4, '4', '$'},
     {KEY_5, '5', '%'},          {KEY_6, '6', '^'},         {KEY_7, '7', '&'},           {KEY_8, '8', '*'},
     {KEY_9, '9', '('},          {KEY_0, '0', ')'},         {KEY_MINUS, '-', '_'},       {KEY_EQUAL, '=', '+'},
     {KEY_Q, 'q', 'Q'},          {KEY_W, 'w', 'W'},         {KEY_E, 'e', 'E'},           {KEY_R, 'r', 'R'},
     {KEY_T, 't', 'T'},          {KEY_Y, 'y', 'Y'},         {KEY_U, 'u', 'U'},           {KEY_I, 'i', 'I'},
     {KEY_O, 'o', 'O'},          {KEY_P, 'p', 'P'},         {KEY_LEFTBRACE, '[', '{'},   {KEY_RIGHTBRACE, ']', '}'},
     {KEY_A, 'a', 'A'},          {KEY_S, 's', 'S'},         {KEY_D, 'd', 'D'},           {KEY_F, 'f', 'F'},
     {KEY_G, 'g', 'G'},          {KEY_H, 'h', 'H'},         {KEY_J, 'j', 'J'},           {KEY_K, 'k', 'K'},
     {KEY_L, 'l', 'L'},          {KEY_SEMICOLON, ';', ':'}, {KEY_APOSTROPHE, '\'', '"'}, {KEY_GRAVE, '`', '~'},
     {KEY_BACKSLASH, '\\', '|'}, {KEY_Z, 'z', 'Z'},         {KEY_X, 'x', 'X'},           {KEY_C, 'c', 'C'},
     {KEY_V, 'v', 'V'},          {KEY_B, 'b', 'B'},         {KEY_N, 'n', 'N'},           {KEY_M, 'm', 'M'},
     {KEY_COMMA, ',', '<'},      {KEY_DOT, '.', '>'},       {KEY_SLASH, '/', '?'},       {KEY_SPACE, ' ', ' '}}};

}  // namespace

std::optional<Code> code_of(const std::string& bytes) {
  Code out;
  std::string text = bytes;
  if (text.size() >= 3 && text[0] == ']' && text[2] >= '0' && text[2] <= '9') {
    out.symbology = symbology_of(text[1], text[2]);
    if (!out.symbology.empty()) text.erase(0, 3);
  }
  out.text = utf8_of(text);
  if (out.text.empty() || out.text.size() > kLongest) return std::nullopt;
  return out;
}

std::optional<Code> SerialAssembler::finish() {
  const auto text = std::exchange(text_, "");
  if (std::exchange(too_long_, false)) return std::nullopt;
  return code_of(text);
}

std::vector<Code> SerialAssembler::take(const std::uint8_t* bytes, std::size_t size) {
  std::vector<Code> out;
  for (std::size_t i = 0; i < size; ++i) {
    const auto b = bytes[i];
    if (b == kCr || b == kLf || b == kEtx) {
      if (auto code = finish()) out.push_back(std::move(*code));
    } else if (b == kStx) {
      discarded_ += text_.size();  // a code that never ended
      text_.clear();
      too_long_ = false;
    } else if ((b < 0x20 && b != kTab && b != kGroup) || b == 0x7F) {
      ++discarded_;
    } else if (too_long_ || text_.size() >= kLongest) {
      discarded_ += 1 + text_.size();
      text_.clear();
      too_long_ = true;
    } else {
      text_ += static_cast<char>(b);
    }
  }
  return out;
}

std::optional<Code> SerialAssembler::pause() {
  if (text_.empty() && !too_long_) return std::nullopt;
  return finish();
}

std::optional<Code> KeyAssembler::take(std::uint16_t type, std::uint16_t code, std::int32_t value) {
  if (type == EV_SYN && code == SYN_DROPPED) {
    // The kernel lost events: half a code is none.
    reset();
    return std::nullopt;
  }
  if (type != EV_KEY) return std::nullopt;
  if (code == KEY_LEFTSHIFT || code == KEY_RIGHTSHIFT) {
    (code == KEY_LEFTSHIFT ? shift_left_ : shift_right_) = value != 0;
    return std::nullopt;
  }
  if (value != 1) return std::nullopt;
  if (code == KEY_ENTER || code == KEY_KPENTER || code == KEY_TAB) return code_of(std::exchange(text_, ""));
  for (const auto& key : kKeys) {
    if (key.code != code) continue;
    if (text_.size() < kLongest) text_ += shift_left_ || shift_right_ ? key.shifted : key.plain;
    return std::nullopt;
  }
  ++unknown_;
  return std::nullopt;
}

}  // namespace torugart::hal::code_scanner
