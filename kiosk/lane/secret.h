// A PIN in memory: its own heap block, wiped when the last owner lets go. Copies share the block, so that the PIN
// exists once however many queues it passes through.
//
// Reentrant: the text is never changed after it was made.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace torugart::lane {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);

  std::string_view text() const;  // its data() is never null

 private:
  struct Block;
  std::shared_ptr<const Block> block_;
};

// Overwrites a string's characters, then empties it.
void wipe(std::string& text);

}  // namespace torugart::lane
