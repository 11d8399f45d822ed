#include "kiosk/screens/screens.h"

#include "kiosk/screens/desk.h"
#include "kiosk/screens/frame_view.h"
#include "kiosk/screens/health_screen.h"
#include "kiosk/screens/lane_screen.h"
#include "kiosk/screens/queue_screen.h"
#include "kiosk/screens/records_screen.h"
#include "kiosk/screens/review_screen.h"
#include "kiosk/screens/second_sheet.h"
#include "kiosk/screens/sign_in_view.h"
#include "kiosk/touch/i18n.h"

namespace torugart::screens {

struct Screens::State {
  State(lane::Lane& of_lane, std::vector<lane::AccountName> accounts, Textures& textures, Options options)
      : desk(of_lane, std::move(accounts), textures, std::move(options)),
        review(textures),
        queue(textures),
        records(textures) {
    touch::set_language(desk.options.language);
  }

  void follow_session();
  void draw_screen(touch::Rect r);

  Desk desk;
  FrameView frame;
  SignInScreen sign_in;
  LaneScreen lane;
  ReviewScreen review;
  QueueScreen queue;
  RecordsScreen records;
  HealthScreen health;
  std::string account;  // whose screen this is
  ScreenName before = ScreenName::lane;
};

// Another person has come: the screen starts at the lane, in the language of that person.
void Screens::State::follow_session() {
  const auto* actor = desk.actor();
  const std::string now = actor ? actor->account : std::string();
  if (now == account) return;
  account = now;
  desk.second.reset();
  desk.screen = ScreenName::lane;
  desk.statement = {};  // a statement that nobody is in the area is personal
  if (actor)
    touch::set_language(desk.view->session.language.empty() ? desk.options.language : desk.view->session.language);
}

void Screens::State::draw_screen(touch::Rect r) {
  if (before == ScreenName::records && desk.screen != ScreenName::records) records.leave(desk);
  before = desk.screen;
  lane.follow(desk);
  switch (desk.screen) {
    case ScreenName::lane:
      lane.draw(desk, r);
      break;
    case ScreenName::review:
      review.draw(desk, r, lane);
      break;
    case ScreenName::queue:
      queue.draw(desk, r);
      break;
    case ScreenName::records:
      records.draw(desk, r);
      break;
    case ScreenName::health:
      health.draw(desk, r);
      break;
  }
}

Screens::Screens(lane::Lane& lane, std::vector<lane::AccountName> accounts, Textures& textures, Options options)
    : state_(std::make_unique<State>(lane, std::move(accounts), textures, std::move(options))) {}
Screens::~Screens() = default;

touch::FrameOutput Screens::draw(const touch::FrameInput& input) {
  auto& s = *state_;
  auto& ui = s.desk.ui;
  ui.begin_frame(input);
  s.desk.refresh();
  s.follow_session();
  if (!s.desk.actor()) {
    s.sign_in.draw(s.desk);
  } else {
    const touch::Rect r = s.frame.draw(s.desk);
    if (s.frame.take_over_wanted) {
      s.frame.take_over_wanted = false;
      s.lane.follow(s.desk);
      s.lane.open_act({.kind = ActKind::resolve_radiation});
    }
    s.draw_screen(r);
    s.frame.draw_menu(s.desk);
    draw_second(s.desk);
  }
  s.desk.pictures.sweep();
  // Clocks, countdowns and "waits 4 min" go on without a touch.
  // Nobody is there at sign-in: its clock shows minutes, and only a lock-out counts seconds.
  const bool seconds = s.desk.actor() || s.desk.view->session.locked_until_mono_us > s.desk.view->now.mono_us;
  ui.wake_at(input.now_s + (seconds ? 1.0 : 10.0));
  return ui.end_frame();
}

std::string_view Screens::active() const {
  const auto& s = *state_;
  if (s.account.empty()) return "signin";
  switch (s.desk.screen) {
    case ScreenName::lane:
      return "lane";
    case ScreenName::review:
      return s.review.name(*s.desk.view);
    case ScreenName::queue:
      return "queue";
    case ScreenName::records:
      return "records";
    case ScreenName::health:
      break;
  }
  return "health";
}

touch::Ui& Screens::ui() {
  return state_->desk.ui;
}

}  // namespace torugart::screens
