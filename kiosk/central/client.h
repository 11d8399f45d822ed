// The real Centre: HTTPS with mutual TLS through libcurl. README.md has the upload's state table.
//
// Two threads: one answers risk queries and keeps the watch list fresh, one uploads; so a picture that crawls through
// a poor line never delays a risk answer. Everything that must outlive the process is in the journal's outbox: how
// far events were sent, which files of which crossing wait, where the centre keeps a half-sent file, the watch list.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <tl/expected.hpp>

#include "kiosk/central/centre.h"
#include "kiosk/central/config.h"

namespace torugart::journal {
class Reader;
class Outbox;
}  // namespace torugart::journal
namespace torugart::archive {
class Archive;
}

namespace torugart::central {

// Key of journal::Outbox: the last checkpoint that the centre cosigned, as a note with the cosignature.
inline constexpr const char* kWitnessedKey = "central/witnessed";

// What the client reads from and remembers in. All must outlive the client; it uses them from its own threads.
struct Stores {
  journal::Reader* events = nullptr;
  journal::Outbox* memory = nullptr;
  archive::Archive* files = nullptr;
};

// Time and chance come in, so that tests can move them. Must be callable from any thread.
struct Ambient {
  std::function<std::int64_t()> mono_us;
  std::function<std::int64_t()> wall_us;
  std::function<double()> random;  // uniform in [0, 1)
};
Ambient system_ambient();

// Fails only on settings that can never work (see check()); a centre that is away is no failure.
tl::expected<std::unique_ptr<Centre>, Error> make_client(Config config, Stores stores,
                                                         Ambient ambient = system_ambient());

}  // namespace torugart::central
