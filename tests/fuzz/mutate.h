// Damage with a seed, for the fuzz tests of the default suite: bytes replaced, cut out, doubled, put in, bits turned.
#pragma once

#include <random>
#include <string>
#include <string_view>

namespace torugart::fuzz {

inline std::string mutated(std::string text, std::mt19937& random, std::string_view bytes) {
  for (auto n = 1 + random() % 5; n > 0 && !text.empty(); --n) {
    const std::size_t at = random() % text.size();
    switch (random() % 6) {
      case 0:
        text[at] = bytes[random() % bytes.size()];
        break;
      case 1:
        text.erase(at, 1 + random() % 20);
        break;
      case 2:
        text.insert(at, text.substr(random() % text.size(), random() % 60));
        break;
      case 3:
        text.insert(at, 1, bytes[random() % bytes.size()]);
        break;
      case 4:
        text.resize(at);
        break;
      default:
        text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
    }
  }
  return text;
}

}  // namespace torugart::fuzz
