// torugart-central-dev: a central system for demo and tests. Never for a border.
#include <fmt/format.h>
#include <signal.h>
#include <sodium.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "kiosk/central_dev/server.h"
#include "kiosk/central_dev/test_ca.h"

int main(int argc, char** argv) {
  using namespace torugart::central_dev;  // NOLINT(google-build-using-namespace)
  CLI::App app{
      "The development central system of Torugart: answers risk queries, takes uploads, signs receipts.\n"
      "For demo and tests only: it works with test keys that it made itself, and with no others."};
  std::string listen, folder;
  ServerOptions options;
  std::vector<std::string> lanes{"lane-1"};
  bool make_ca = false;
  app.add_option("--dir", folder, "Folder of its state; keys and certificates are in DIR/tls")->required();
  app.add_option("--listen", listen, "HOST:PORT to serve on; port 0 takes a free one and prints it");
  app.add_flag("--make-ca", make_ca, "Make the test authority, the server's and the lanes' certificates if missing");
  app.add_option("--lane", lanes, "Lane to make a client certificate for (repeatable)")->capture_default_str();
  app.add_option("--rules", options.rules_file, "TOML file that says what to answer; read again when it changes");
  app.add_option("--record", options.record_file, "Append every exchange to this file, one JSON object a line");
  CLI11_PARSE(app, argc, argv);

  const auto fail = [](const std::string& text) {
    fmt::print(stderr, "torugart-central-dev: {}\n", text);
    return 2;
  };
  if (sodium_init() < 0) return fail("libsodium cannot be used");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(fmt::format("Cannot make {}: {}", folder, error.message()));
  const auto tls = (std::filesystem::path(folder) / "tls").string();
  if (make_ca)
    if (const auto made = make_test_keys(tls, lanes); !made) return fail(made.error().text);
  auto keys = load_test_keys(tls);
  if (!keys) return fail(keys.error().text);
  if (listen.empty()) {
    fmt::print("Test keys are in {}\n", tls);
    return 0;
  }
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return fail("--listen wants HOST:PORT");
  options.host = listen.substr(0, colon);
  options.port = std::atoi(listen.c_str() + colon + 1);
  options.folder = folder;

  // every answer that was given is on the disk already, so the end may come at any moment
  signal(SIGPIPE, SIG_IGN);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  auto server = Server::open(options, std::move(*keys));
  if (!server) return fail(server.error().text);
  fmt::print(
      "*** DEVELOPMENT central system: demo and tests only, test keys only. Nothing here is a customs record. ***\n");
  fmt::print("listening https://{}:{}\n", options.host, (*server)->port());
  std::fflush(stdout);
  std::thread([&ends] {
    int which = 0;
    sigwait(&ends, &which);
    std::_Exit(0);
  }).detach();
  (*server)->run();
  return 0;
}
