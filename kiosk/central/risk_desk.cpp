#include "kiosk/central/risk_desk.h"

#include <algorithm>

#include "kiosk/central/backoff.h"
#include "kiosk/central/earlier_risk.h"
#include "kiosk/central/wire.h"
#include "kiosk/inspection/command.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/reader.h"

namespace torugart::central {
RiskDesk::RiskDesk(const Config& config, Stores stores, std::vector<SigningKey> keys, Board& board)
    : config_(config), stores_(stores), board_(board), http_(config), list_(*stores.memory, std::move(keys)) {}

void RiskDesk::ask(RiskQuery query, std::function<void(RiskAnswer)> answer) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(query), std::move(answer), board_.ambient().mono_us()});
    list_call_.request_stop();
  }
  waker_.wake(true);
}

void RiskDesk::try_now() {
  waker_.wake(true);
}

std::optional<RiskDesk::Asked> RiskDesk::next() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    list_call_ = std::stop_source();
    return std::nullopt;
  }
  auto asked = std::move(waiting_.front());
  waiting_.pop_front();
  return asked;
}

void RiskDesk::run(const std::stop_token& stop) {
  load_list();
  Backoff backoff(config_.backoff_first_ms, config_.backoff_max_ms, board_.ambient().random);
  std::int64_t list_due_us = board_.ambient().mono_us();
  while (!stop.stop_requested()) {
    if (auto asked = next()) {
      serve(std::move(*asked), stop);
      continue;
    }
    if (board_.ambient().mono_us() >= list_due_us) {
      const auto fetched = fetch_list(stop);
      if (stop.stop_requested()) return;
      if (broken_off_by_query()) continue;  // the list stays due
      if (fetched)
        backoff.succeeded();
      else
        board_.failed(fetched.error());
      list_due_us =
          board_.ambient().mono_us() + 1000 * (fetched ? config_.watch_list_period_s * 1000 : backoff.failed_ms());
      continue;
    }
    const auto left_ms = (list_due_us - board_.ambient().mono_us()) / 1000 + 1;
    const bool woken = waker_.wait_ms(std::min<std::int64_t>(left_ms, 60'000), true, stop);
    const std::lock_guard lock(mutex_);
    if (woken && waiting_.empty()) list_due_us = board_.ambient().mono_us();  // "try again" was pressed
  }
}

bool RiskDesk::broken_off_by_query() {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

void RiskDesk::serve(Asked asked, const std::stop_token& stop) {
  RiskAnswer answer;
  answer.crossing = asked.query.crossing;
  if (auto risk = ask_centre(asked, stop)) {
    answer.risk = std::move(*risk);
  } else {
    if (stop.stop_requested()) return;
    answer.offline = risk.error();
    board_.failed(risk.error());
    answer.risk = answer_offline(asked.query);
  }
  board_.answer(asked.answer, std::move(answer));
}

inspection::RiskAssessed RiskDesk::answer_offline(const RiskQuery& query) const {
  const auto wall_us = board_.ambient().wall_us();
  auto earlier = earlier_risk(*stores_.events, query, wall_us, config_.earlier_risk_max_age_s);
  const auto& list = list_.list();
  auto listed =
      list ? assess_by(*list, query, wall_us) : tl::expected<inspection::RiskAssessed, Error>(tl::unexpect, Error{});
  if (!earlier) return listed ? std::move(*listed) : inspection::local_rule(wall_us);
  if (listed && hits_any(*list, query)) {
    inspection::RiskAssessed risk = listed->colour > earlier->colour ? *listed : *earlier;
    add_to(risk, *listed);
    add_to(risk, *earlier);
    return risk;
  }
  return *earlier;
}

tl::expected<inspection::RiskAssessed, Error> RiskDesk::ask_centre(const Asked& asked, const std::stop_token& stop) {
  const std::string path = "/v1/risk-assessments";
  const auto left_ms = config_.risk_deadline_ms - (board_.ambient().mono_us() - asked.mono_us) / 1000;
  if (left_ms <= 0)
    return tl::unexpected(Error{Failure::no_line, "The centre did not answer in time", path, "Check the line"});
  const auto response = http_.call({"POST",
                                    path,
                                    {"Content-Type: application/json", "Accept: application/json"},
                                    risk_request(config_.lane, asked.query),
                                    left_ms},
                                   stop);
  if (!response) return tl::unexpected(response.error());
  if (auto error = error_of(*response, path)) return tl::unexpected(std::move(*error));
  auto risk = risk_from(response->body, asked.query.crossing);
  if (risk) board_.heard(*response);
  return risk;
}

void RiskDesk::load_list() {
  if (const auto loaded = list_.load(); !loaded) board_.failed(loaded.error());
  show_list();
}

void RiskDesk::show_list() {
  if (!list_.list()) return;
  board_.update([&](Status& s) {
    s.watch_list_as_of_wall_us = list_.list()->issued_wall_us;
    s.watch_list_valid_until_wall_us = list_.list()->valid_until_wall_us;
  });
}

tl::expected<void, Error> RiskDesk::fetch_list(const std::stop_token& stop) {
  const std::string path = list_.path();
  std::stop_source call;
  {
    const std::lock_guard lock(mutex_);
    call = list_call_;
  }
  const std::stop_callback ended(stop, [&call] { call.request_stop(); });
  const auto response =
      http_.call({"GET", path, {"Accept: application/json"}, {}, config_.call_deadline_ms}, call.get_token());
  if (!response) return tl::unexpected(response.error());
  if (auto error = error_of(*response, path)) return tl::unexpected(std::move(*error));
  const auto statement = statement_from(response->body, static_cast<std::size_t>(config_.max_answer_bytes));
  if (!statement) return tl::unexpected(statement.error());
  if (auto taken = list_.take(*statement); !taken) return taken;
  board_.heard(*response);
  show_list();
  return {};
}

}  // namespace torugart::central
