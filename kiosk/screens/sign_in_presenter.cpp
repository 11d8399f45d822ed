#include "kiosk/screens/sign_in_presenter.h"

#include "kiosk/screens/words.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

using touch::tr;
using touch::trf;
using touch::trn;

SignInView sign_in(const lane::LaneView& view, const std::vector<lane::AccountName>& accounts,
                   const std::string& selected) {
  SignInView out;
  for (const auto& a : accounts)
    out.people.push_back({a.account, a.name, role_word(a.role), a.account == selected});
  const auto locked = view.session.locked_until_mono_us - view.now.mono_us;
  out.checking = view.session.checking;
  out.pin_enabled = !selected.empty() && !out.checking && locked <= 0;
  if (locked > 0) {
    out.message = trf(tr("Too many wrong PINs. Wait {}"), duration(locked + 999'999));
    out.message_bad = true;
  } else if (out.checking) {
    out.message = tr("Checking …");
  } else if (!view.session.problem.empty()) {
    out.message = tr(view.session.problem);
    out.message_bad = true;
  } else {
    out.message = selected.empty() ? tr("Choose your name") : tr("Type your PIN");
  }
  out.last = view.session.last_account_name.empty() ? std::string(tr("Nobody was here before"))
                                                    : trf(tr("{} was here last"), view.session.last_account_name);
  if (view.focus) out.unfinished.push_back(view.focus->title() + " · " + stage_word(view.focus->stage));
  for (const auto& c : view.others_open)
    out.unfinished.push_back(c.title() + " · " + stage_word(c.stage));
  if (const auto n = view.queue.size(); n > 0)
    out.unfinished.push_back(trf(trn("{} second look waits", "{} second looks wait", n), n));
  if (view.radiation.alarm) out.unfinished.push_back(tr("A radiation alarm is open"));
  if (view.scan.state != lane::ScanState::idle && view.scan.state != lane::ScanState::ended)
    out.unfinished.push_back(tr("A scan is running"));
  return out;
}

}  // namespace torugart::screens
