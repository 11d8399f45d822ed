#include "kiosk/lane/secret.h"

#include <sodium.h>

#include <vector>

namespace torugart::lane {

struct Secret::Block {
  explicit Block(std::string_view text) : bytes(text.begin(), text.end()) {}
  ~Block() {
    if (!bytes.empty()) sodium_memzero(bytes.data(), bytes.size());
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  std::vector<char> bytes;
};

Secret::Secret(std::string_view text) : block_(std::make_shared<const Block>(text)) {}

std::string_view Secret::text() const {
  if (!block_ || block_->bytes.empty()) return "";  // C libraries take no null pointer, whatever the length
  return {block_->bytes.data(), block_->bytes.size()};
}

void wipe(std::string& text) {
  if (!text.empty()) sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace torugart::lane
