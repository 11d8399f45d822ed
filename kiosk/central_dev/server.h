// The development central system: HTTPS with mutual TLS, the endpoints of assets/contract, state on disk.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "kiosk/central_dev/test_ca.h"

namespace torugart::central_dev {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;  // 0: any free one
  std::string folder;
  std::string rules_file;   // may be empty
  std::string record_file;  // every exchange as a line of JSON, for the contract's tests; empty: none
};

class Server {
 public:
  static tl::expected<std::unique_ptr<Server>, Problem> open(ServerOptions options, TestKeys keys);
  ~Server();

  int port() const;
  void run();  // blocks until stop()
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace torugart::central_dev
