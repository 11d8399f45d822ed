// The subcommands of `torugart`. Each adds itself to the command line and leaves what is to be done in `chosen`;
// main() calls it when parsing is over, so that CLI11's exceptions stay in main.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace torugart::app {

using Action = std::function<int()>;

void add_kiosk_command(CLI::App& program, Action& chosen);
void add_sync_command(CLI::App& program, Action& chosen);
void add_central_check_command(CLI::App& program, Action& chosen);
void add_journal_command(CLI::App& program, Action& chosen);
void add_read_command(CLI::App& program, Action& chosen);
void add_image_command(CLI::App& program, Action& chosen);
void add_doctor_command(CLI::App& program, Action& chosen);
void add_accounts_command(CLI::App& program, Action& chosen);

inline constexpr const char* kDefaultConfig = "/etc/torugart/lane.toml";

}  // namespace torugart::app
