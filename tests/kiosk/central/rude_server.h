// A TLS server with the development centre's own certificate that answers whatever a test wants, however wrong.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace torugart::central::testing {

struct RudeRequest {
  std::string method, path, head, body;
  std::string header(const std::string& name) const;
};

class RudeConnection {
 public:
  explicit RudeConnection(SSL* ssl, const std::atomic<bool>& ended) : ssl_(ssl), ended_(ended) {}
  bool send(const std::string& bytes);
  // A whole HTTP answer.
  bool answer(int status, const std::string& body, const std::string& headers = {});
  void drip_until_closed(const std::string& byte);  // slow-loris
  void close() { closed_ = true; }                  // after this request
  bool closed() const { return closed_; }

 private:
  SSL* ssl_;
  const std::atomic<bool>& ended_;
  bool closed_ = false;
};

class RudeServer {
 public:
  using Behaviour = std::function<void(RudeConnection&, const RudeRequest&)>;
  RudeServer(const std::string& certificate, const std::string& key, Behaviour behaviour);
  ~RudeServer();
  std::string url() const;
  int requests() const { return requests_; }
  // The next `connections` connections are shown this certificate instead.
  void show_instead(const std::string& certificate, const std::string& key, int connections);

 private:
  void accept_loop();
  void serve(int fd);

  Behaviour behaviour_;
  SSL_CTX* context_ = nullptr;
  SSL_CTX* other_ = nullptr;
  std::atomic<int> other_for_{0};
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ended_{false};
  std::atomic<int> requests_{0};
  std::thread acceptor_;
  std::mutex mutex_;
  std::vector<std::thread> connections_;
};

// Signs like a centre, with a key of the test's own.
class TestSigner {
 public:
  explicit TestSigner(unsigned char seed);
  std::string public_pem() const;
  std::string key_id() const;
  std::string sign(const std::string& payload, const std::string& type) const;
  std::string sign_with_header(const std::string& payload, const std::string& header) const;

 private:
  unsigned char public_[32]{}, secret_[64]{};
};

}  // namespace torugart::central::testing
