// Who is at the screen: sign-in, sign-out, the shift handed over while a truck stands in the lane.
#include <utility>

#include "kiosk/lane/core.h"

namespace torugart::lane {

void Core::sign_in(const std::string& account, const Secret& pin) {
  session_.checking = true;
  session_.problem.clear();
  const auto attempt = ++sign_in_try_;
  changed(true);
  account_worker_.post([this, account, pin = pin, attempt]() mutable {
    auto check = parts_.accounts->check(account, pin);
    pin = Secret();
    inbox_.post([this, check = std::move(check), attempt] {
      if (attempt == sign_in_try_) on_signed_in(check);  // else somebody has tried again meanwhile
    });
  });
}

void Core::on_signed_in(const SignInCheck& check) {
  session_.checking = false;
  session_.locked_until_mono_us = check.locked_until_mono_us;
  session_.problem = check.problem;
  changed(true);
  if (!check.actor) return;
  const auto& actor = *check.actor;
  if (session_.actor && session_.actor->account == actor.account) return;
  if (session_.actor) sign_out("handed over");
  session_.actor = actor;
  session_.language = check.language;
  touched_mono_us_ = clock_.now().mono_us;
  record("", inspection::SignedIn{actor.account}, by_person(actor));
  hand_over_shift(actor);
  last_account_ = actor.account;
  changed(true);
}

void Core::hand_over_shift(const inspection::Actor& to) {
  if (last_account_.empty() || last_account_ == to.account) return;
  for (auto& v : visits_)
    record(v.id, inspection::HandedOver{last_account_, to.account}, by_person(to));
}

void Core::sign_out(const std::string& why) {
  ++sign_in_try_;
  session_.checking = false;
  if (!session_.actor) return;
  const auto actor = *session_.actor;
  record("", inspection::SignedOut{actor.account, why}, by_person(actor));
  last_account_ = actor.account;
  session_ = {};
  session_.last_account_name = actor.name;
  record_ = {};
  search_ = {};
  drop_images();
  changed(true);
}

void Core::still_here() {
  touched_mono_us_ = clock_.now().mono_us;
}

// Nobody is signed out while a scan runs: somebody must be able to stop it.
void Core::idle() {
  const auto limit = config_.limits.idle_sign_out_us;
  const auto now = clock_.now().mono_us;
  if (session_.actor && now - touched_mono_us_ >= limit && !scan_.active) sign_out("idle");
  const bool waits = session_.actor && now - touched_mono_us_ < limit;
  timers_.set("idle", waits ? touched_mono_us_ + limit : now + limit, [this] { idle(); });
}

}  // namespace torugart::lane
