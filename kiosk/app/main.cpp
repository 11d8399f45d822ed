// torugart: the program of an x-ray lane. Every subcommand is in commands.cpp, journal_commands.cpp or lane_commands.cpp.
#include <CLI/CLI.hpp>

#include "kiosk/app/commands.h"

int main(int argc, char** argv) {
  CLI::App program{
      "Torugart: an x-ray lane at a border crossing point.\n"
      "The workstation at the lane is `torugart kiosk`; everything else looks after it or works without it.",
      "torugart"};
  program.set_version_flag("--version", TORUGART_VERSION);
  program.require_subcommand(1);
  program.failure_message(CLI::FailureMessage::help);

  torugart::app::Action chosen;
  torugart::app::add_kiosk_command(program, chosen);
  torugart::app::add_sync_command(program, chosen);
  torugart::app::add_central_check_command(program, chosen);
  torugart::app::add_journal_command(program, chosen);
  torugart::app::add_read_command(program, chosen);
  torugart::app::add_image_command(program, chosen);
  torugart::app::add_doctor_command(program, chosen);
  torugart::app::add_accounts_command(program, chosen);
  CLI11_PARSE(program, argc, argv);
  return chosen ? chosen() : 0;
}
