// Subcommands that need the lane's configuration: kiosk, sync, doctor, accounts.
#include <fmt/format.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "kiosk/app/assembly.h"
#include "kiosk/app/central_config.h"
#include "kiosk/app/commands.h"
#include "kiosk/app/doctor.h"
#include "kiosk/app/kiosk_window.h"
#include "kiosk/central/conformance.h"
#include "kiosk/central/sync.h"
#include "kiosk/lane/accounts.h"

namespace torugart::app {
namespace {

// SIGINT and SIGTERM as a stop request: they are blocked in every thread and taken by one that waits for them.
class SignalStop {
 public:
  SignalStop() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  void on_stop(std::function<void()> then) {
    waiter_ = std::jthread([this, then = std::move(then)](const std::stop_token& stop) {
      const timespec pause{0, 200'000'000};
      while (!stop.stop_requested()) {
        if (sigtimedwait(&set_, nullptr, &pause) > 0) {
          then();
          return;
        }
      }
    });
  }

 private:
  sigset_t set_{};
  std::jthread waiter_;
};

int complain(const Problem& problem) {
  std::cerr << "torugart: " << problem.text() << '\n';
  return 2;
}

// The configuration, or its errors on stderr.
std::unique_ptr<Config> config_or_errors(const std::string& path) {
  auto config = load_config(path);
  if (config) return std::make_unique<Config>(std::move(*config));
  for (const auto& error : config.error())
    std::cerr << error.text() << '\n';
  return nullptr;
}

struct KioskWish {
  std::string config = kDefaultConfig;
  std::string record;
  WindowWish window;
};

int run_kiosk(const KioskWish& wish) {
  SignalStop signals;
  const auto config = config_or_errors(wish.config);
  if (!config) return 2;
  AssemblyOptions options;
  options.record_to = wish.record;
  auto assembly = Assembly::build(*config, options);
  if (!assembly) return complain(assembly.error());
  auto window = KioskWindow::open(**assembly, wish.window);
  if (!window) return complain(window.error());
  signals.on_stop([to = &(*window)->window()] { to->request_close(); });
  if (auto started = (*assembly)->start(); !started) return complain(started.error());
  const auto lost = (*window)->run();
  window->reset();
  (*assembly)->stop();
  if (lost.empty()) return 0;
  std::cerr << "torugart: the display was lost: " << lost << '\n';
  return 3;  // systemd starts it again, into the same crossing
}

int run_sync_command(const std::string& path, bool once) {
  SignalStop signals;
  const auto config = config_or_errors(path);
  if (!config) return 2;
  if (config->central.url.empty()) {
    std::cerr << "torugart: " << path << " has no central.url; this lane has no line\n";
    return 2;
  }
  std::stop_source stop;
  signals.on_stop([stop]() mutable { stop.request_stop(); });
  return central::run_sync(
      {central_config(*config), journal_path(*config), archive_path(*config), archive_options(*config)}, once,
      std::cout, stop.get_token());
}

// One line from the terminal without echo, or from a pipe.
std::string read_secret(const std::string& prompt) {
  termios before{};
  const bool terminal = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    std::cerr << prompt << std::flush;
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  std::string line;
  std::getline(std::cin, line);
  if (terminal) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::cerr << '\n';
  }
  return line;
}

struct AccountWish {
  std::string config = kDefaultConfig, file;
  std::string account, name, role = "inspector", language = "en";
};

std::string accounts_file(const AccountWish& wish) {
  if (!wish.file.empty()) return wish.file;
  const auto config = config_or_errors(wish.config);
  return config ? config->accounts : std::string();
}

int add_account(const AccountWish& wish) {
  const auto file = accounts_file(wish);
  const auto role = inspection::role_from(wish.role);
  if (file.empty() || !role) return 2;
  const hal::SystemClock clock;
  lane::Accounts accounts(clock);
  if (::access(file.c_str(), F_OK) == 0) {
    if (auto loaded = accounts.load(file); !loaded) {
      return complain({loaded.error().what, loaded.error().where, loaded.error().remedy});
    }
  }
  const lane::Secret pin(read_secret("PIN: "));
  auto added = accounts.add({wish.account, wish.name, *role, wish.language}, pin);
  if (added) added = accounts.save(file);
  if (!added) return complain({added.error().what, added.error().where, added.error().remedy});
  std::cout << fmt::format("{} ({}) may sign in\n", wish.account, wish.role);
  return 0;
}

}  // namespace

void add_kiosk_command(CLI::App& program, Action& chosen) {
  auto wish = std::make_shared<KioskWish>();
  auto* command = program.add_subcommand("kiosk", "the workstation at the lane: screens, devices, journal, upload");
  command->add_option("--config", wish->config, "the lane's configuration")->capture_default_str();
  command->add_option("--record", wish->record, "also record every crossing into this folder, for later replay");
  command->add_option("--language", wish->window.language, "en or ru, before somebody signs in");
  command->add_flag("--offscreen", wish->window.offscreen, "draw without a display (SDL's offscreen driver)");
  command->callback([wish, &chosen] { chosen = [wish] { return run_kiosk(*wish); }; });
}

void add_sync_command(CLI::App& program, Action& chosen) {
  auto config = std::make_shared<std::string>(kDefaultConfig);
  auto once = std::make_shared<bool>(false);
  auto* command = program.add_subcommand("sync", "the uploader alone, while the kiosk is switched off");
  command->add_option("--config", *config, "the lane's configuration")->capture_default_str();
  command->add_flag("--once", *once, "stop when nothing waits any more, or at the first failure");
  command->callback(
      [config, once, &chosen] { chosen = [config, once] { return run_sync_command(*config, *once); }; });
}

void add_central_check_command(CLI::App& program, Action& chosen) {
  auto wish = std::make_shared<central::ConformanceConfig>();
  auto* command = program.add_subcommand(
      "central-check",
      "tries whether a central system keeps the contract; writes to it, as a lane that exists for testing");
  auto& centre = wish->centre;
  command->add_option("url", centre.url, "https://name:port")->required();
  command->add_option("--lane", centre.lane, "the test lane: the certificate's common name. Never a lane that works")
      ->required();
  command->add_option("--ca", centre.ca_file, "PEM, the authority to trust")->required();
  command->add_option("--certificate", centre.certificate_file, "PEM, the test lane's")->required();
  command->add_option("--key", centre.key_file, "PEM, the test lane's")->required();
  command->add_option("--signing-keys", centre.signing_keys_file, "PEM, what signs receipts and watch lists")
      ->required();
  command->add_option("--state", wish->state_folder,
                      "keeps the test lane's history here, so that a later run goes on with it");
  command->callback([wish, &chosen] {
    chosen = [wish] {
      SignalStop signals;
      std::stop_source stop;
      signals.on_stop([stop]() mutable { stop.request_stop(); });
      return central::run_conformance(*wish, std::cout, stop.get_token());
    };
  });
}

void add_doctor_command(CLI::App& program, Action& chosen) {
  auto wish = std::make_shared<DoctorWish>();
  wish->config = kDefaultConfig;
  auto keys = std::make_shared<bool>(false);
  auto* command = program.add_subcommand(
      "doctor", "checks configuration, storage, accounts, line and every device; says what to do");
  command->add_option("--config", wish->config, "the lane's configuration")->capture_default_str();
  command->add_option("--device-seconds", wish->device_seconds, "how long a device may take")->capture_default_str();
  command->add_flag("--offline", wish->offline, "do not call the central system");
  command->add_flag("--keys", *keys, "print every key of the configuration file and what it takes");
  command->callback([wish, keys, &chosen] {
    chosen = [wish, keys] {
      if (!*keys) return run_doctor(*wish, std::cout);
      std::cout << describe_keys();
      return 0;
    };
  });
}

void add_accounts_command(CLI::App& program, Action& chosen) {
  auto wish = std::make_shared<AccountWish>();
  auto* command = program.add_subcommand("accounts", "who may sign in at this lane");
  command->require_subcommand(1);
  auto* add = command->add_subcommand("add", "adds a person; the PIN is asked for, or read from standard input");
  add->add_option("account", wish->account, "sign-in name: a-z, 0-9, '.', '-', '_'")->required();
  add->add_option("--name", wish->name, "as shown: \"A. Ivanova\"")->required();
  add->add_option("--role", wish->role, "inspector, supervisor or administrator")
      ->check(CLI::IsMember({"inspector", "supervisor", "administrator"}))
      ->capture_default_str();
  add->add_option("--language", wish->language, "en or ru")
      ->check(CLI::IsMember({"en", "ru"}))
      ->capture_default_str();
  add->add_option("--config", wish->config, "the lane's configuration")->capture_default_str();
  add->add_option("--file", wish->file, "the accounts file itself, instead of the configuration's");
  add->callback([wish, &chosen] { chosen = [wish] { return add_account(*wish); }; });
}

}  // namespace torugart::app
