#include "kiosk/central/client.h"

#include <sodium.h>

#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include "kiosk/central/board.h"
#include "kiosk/central/certificate.h"
#include "kiosk/central/jws.h"
#include "kiosk/central/risk_desk.h"
#include "kiosk/central/uploader.h"

namespace torugart::central {
namespace {

class Client final : public Centre {
 public:
  Client(Config config, Stores stores, const std::vector<SigningKey>& keys, Ambient ambient)
      : config_(std::move(config)),
        board_(std::move(ambient)),
        desk_(config_, stores, keys, board_),
        uploader_(config_, stores, keys, board_) {}
  ~Client() override { Client::stop(); }

  void start(Callbacks callbacks) override {
    board_.set_callbacks(std::move(callbacks));
    if (const auto certificate = certificate_from_file(config_.certificate_file))
      board_.update([&](Status& s) {
        s.certificate_days =
            (certificate->not_after_wall_us - board_.ambient().wall_us()) / (std::int64_t{86'400} * 1'000'000);
      });
    const std::lock_guard lock(threads_mutex_);
    desk_thread_ = std::jthread([this](const std::stop_token& stop) { desk_.run(stop); });
    upload_thread_ = std::jthread([this](const std::stop_token& stop) { uploader_.run(stop); });
  }

  void stop() override {
    const std::lock_guard lock(threads_mutex_);
    desk_thread_.request_stop();
    upload_thread_.request_stop();
    if (desk_thread_.joinable()) desk_thread_.join();
    if (upload_thread_.joinable()) upload_thread_.join();
  }

  void assess(RiskQuery query, std::function<void(RiskAnswer)> answer) override {
    desk_.ask(std::move(query), std::move(answer));
  }
  void events_appended() override { uploader_.events_appended(); }
  void try_now() override {
    desk_.try_now();
    uploader_.try_now();
  }
  Status status() const override { return board_.status(); }

 private:
  Config config_;
  Board board_;
  RiskDesk desk_;
  Uploader uploader_;
  std::mutex threads_mutex_;
  std::jthread desk_thread_, upload_thread_;
};

}  // namespace

Ambient system_ambient() {
  using namespace std::chrono;  // NOLINT(google-build-using-namespace)
  return {[] { return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count(); },
          [] { return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count(); },
          [] {
            thread_local std::mt19937_64 engine{std::random_device{}()};
            return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
          }};
}

tl::expected<std::unique_ptr<Centre>, Error> make_client(Config config, Stores stores, Ambient ambient) {
  if (sodium_init() < 0)
    return tl::unexpected(
        Error{Failure::local, "The library for signatures cannot be used", "libsodium", "Call support"});
  for (auto& error : check(config, ambient.wall_us()))
    if (error.failure == Failure::configuration)
      return tl::unexpected(std::move(error));  // a date may mend, this not
  const auto keys = signing_keys_from_file(config.signing_keys_file);
  if (!keys) return tl::unexpected(keys.error());
  return std::make_unique<Client>(std::move(config), stores, *keys, std::move(ambient));
}

}  // namespace torugart::central
