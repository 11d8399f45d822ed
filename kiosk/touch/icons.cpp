// Paths on a 24 × 24 grid. M x y: start a line; L x y: to there; Z: close it; O x y r: a circle; D x y r: a filled
// dot; A x y r from to: an arc in degrees, clockwise from 3 o'clock.
#include "kiosk/touch/icons.h"

namespace torugart::touch {

const char* path_of(Icon icon) {
  switch (icon) {
    case Icon::none:
      return "";
    case Icon::lane:
      return "M 7 3 L 3 21 M 17 3 L 21 21 M 12 3 L 12 7 M 12 10 L 12 14 M 12 17 L 12 21";
    case Icon::review:
      return "M 2 12 L 6 7.5 L 12 5.5 L 18 7.5 L 22 12 L 18 16.5 L 12 18.5 L 6 16.5 Z O 12 12 3.2";
    case Icon::queue:
      return "M 4 5 L 20 5 L 20 10 L 4 10 Z M 4 14 L 20 14 L 20 19 L 4 19 Z";
    case Icon::records:
      return "M 5 3 L 15 3 L 19 7 L 19 21 L 5 21 Z M 8.5 11 L 15.5 11 M 8.5 15 L 15.5 15";
    case Icon::health:
      return "M 2 12 L 7 12 L 10 5 L 14 19 L 17 12 L 22 12";
    case Icon::settings:
      return "M 3 7 L 13 7 M 19 7 L 21 7 O 16 7 2.6 M 3 17 L 5 17 M 11 17 L 21 17 O 8 17 2.6";
    case Icon::user:
      return "O 12 8 4 A 12 21 8 180 360";
    case Icon::users:
      return "O 9 8.5 3.5 A 9 20.5 7 180 360 A 16 8.5 3.5 270 450 A 16 20.5 6.2 285 360";
    case Icon::lock:
      return "M 5 11 L 19 11 L 19 21 L 5 21 Z M 8 11 L 8 8 A 12 8 4 180 360 M 16 8 L 16 11 M 12 15 L 12 17.5";
    case Icon::check:
      return "M 4 12.5 L 9.5 18 L 20 6.5";
    case Icon::cross:
      return "M 5.5 5.5 L 18.5 18.5 M 18.5 5.5 L 5.5 18.5";
    case Icon::warning:
      return "M 12 3 L 22 20.5 L 2 20.5 Z M 12 9.5 L 12 14.5 D 12 17.4 1.2";
    case Icon::clock:
      return "O 12 12 9 M 12 6.5 L 12 12 L 16 14.5";
    case Icon::wait:
      return "D 5 12 1.8 D 12 12 1.8 D 19 12 1.8";
    case Icon::search:
      return "O 10.5 10.5 6.5 M 15.4 15.4 L 21 21";
    case Icon::camera:
      return "M 3 7 L 8 7 L 9.5 4.5 L 14.5 4.5 L 16 7 L 21 7 L 21 19 L 3 19 Z O 12 12.7 3.7";
    case Icon::scan:
      return "M 3 8 L 3 3 L 8 3 M 16 3 L 21 3 L 21 8 M 21 16 L 21 21 L 16 21 M 8 21 L 3 21 L 3 16 M 3 12 L 21 12";
    case Icon::stop:
      return "M 8 2.5 L 16 2.5 L 21.5 8 L 21.5 16 L 16 21.5 L 8 21.5 L 2.5 16 L 2.5 8 Z M 8 8 L 16 8 L 16 16 L 8 16 "
             "Z";
    case Icon::move:
      return "M 12 2.5 L 12 21.5 M 2.5 12 L 21.5 12 M 9.5 5 L 12 2.5 L 14.5 5 M 9.5 19 L 12 21.5 L 14.5 19 M 5 9.5 L "
             "2.5 12 L 5 14.5 M 19 9.5 L 21.5 12 L 19 14.5";
    case Icon::zoom:
      return "O 10.5 10.5 6.5 M 15.4 15.4 L 21 21 M 7.5 10.5 L 13.5 10.5 M 10.5 7.5 L 10.5 13.5";
    case Icon::measure:
      return "M 2.5 16.5 L 16.5 2.5 L 21.5 7.5 L 7.5 21.5 Z M 6.5 12.5 L 8.5 14.5 M 9.5 9.5 L 12.5 12.5 M 12.5 6.5 L "
             "14.5 8.5";
    case Icon::mark:
      return "M 3 8 L 3 3 L 8 3 M 16 3 L 21 3 L 21 8 M 21 16 L 21 21 L 16 21 M 8 21 L 3 21 L 3 16 D 12 12 2";
    case Icon::material:
      return "M 12 3 L 21.5 8 L 12 13 L 2.5 8 Z M 2.5 12.2 L 12 17.2 L 21.5 12.2 M 2.5 16.4 L 12 21.4 L 21.5 16.4";
    case Icon::compare:
      return "M 3 5 L 10 5 L 10 19 L 3 19 Z M 14 5 L 21 5 L 21 19 L 14 19 Z";
    case Icon::invert:
      return "O 12 12 9 M 12 3 L 12 21 M 14.7 5 L 14.7 19 M 17.4 6.7 L 17.4 17.3";
    case Icon::tone:
      return "M 3 20 L 3 15 M 7.5 20 L 7.5 8 M 12 20 L 12 4 M 16.5 20 L 16.5 10 M 21 20 L 21 17";
    case Icon::enhance:
      return "M 12 2.5 L 14 10 L 21.5 12 L 14 14 L 12 21.5 L 10 14 L 2.5 12 L 10 10 Z";
    case Icon::fit:
      return "M 9 3.5 L 3.5 3.5 L 3.5 9 M 15 3.5 L 20.5 3.5 L 20.5 9 M 20.5 15 L 20.5 20.5 L 15 20.5 M 9 20.5 L 3.5 "
             "20.5 L 3.5 15";
    case Icon::globe:
      return "O 12 12 9 M 3 12 L 21 12 M 12 3 L 8.6 7 L 8 12 L 8.6 17 L 12 21 M 12 3 L 15.4 7 L 16 12 L 15.4 17 L 12 "
             "21";
    case Icon::keyboard:
      return "M 2 6 L 22 6 L 22 18 L 2 18 Z D 6 10 1 D 10 10 1 D 14 10 1 D 18 10 1 M 7 14.3 L 17 14.3";
    case Icon::backspace:
      return "M 8 5 L 21.5 5 L 21.5 19 L 8 19 L 2 12 Z M 11.5 9 L 17.5 15 M 17.5 9 L 11.5 15";
    case Icon::shift:
      return "M 12 4 L 20 12 L 16 12 L 16 20 L 8 20 L 8 12 L 4 12 Z";
    case Icon::enter:
      return "M 20 5 L 20 13 L 5 13 M 9.5 8.5 L 5 13 L 9.5 17.5";
    case Icon::back:
      return "M 15 4 L 7 12 L 15 20";
    case Icon::forward:
      return "M 9 4 L 17 12 L 9 20";
    case Icon::up:
      return "M 4 15.5 L 12 7.5 L 20 15.5";
    case Icon::down:
      return "M 4 8.5 L 12 16.5 L 20 8.5";
    case Icon::plus:
      return "M 12 4 L 12 20 M 4 12 L 20 12";
    case Icon::minus:
      return "M 4 12 L 20 12";
    case Icon::truck:
      return "M 2 6 L 14 6 L 14 17 L 2 17 Z M 14 10 L 19 10 L 22 13.5 L 22 17 L 14 17 O 6.5 18.5 2 O 17.5 18.5 2";
    case Icon::container:
      return "M 2 6 L 22 6 L 22 18 L 2 18 Z M 6.5 9 L 6.5 15 M 10.2 9 L 10.2 15 M 13.9 9 L 13.9 15 M 17.5 9 L 17.5 "
             "15";
    case Icon::document:
      return "M 5 3 L 15 3 L 19 7 L 19 21 L 5 21 Z M 8.5 12 L 15.5 12 M 8.5 16 L 15.5 16 M 8.5 8 L 11.5 8";
    case Icon::scale:
      return "M 12 4 L 12 20 M 7 20 L 17 20 M 5 7 L 19 7 M 5 7 L 2.5 13 L 7.5 13 Z M 19 7 L 16.5 13 L 21.5 13 Z";
    case Icon::radiation:
      return "D 12 12 2.2 A 12 12 8.5 -30 30 A 12 12 8.5 90 150 A 12 12 8.5 210 270 A 12 12 5.5 -30 30 A 12 12 5.5 "
             "90 150 A 12 12 5.5 210 270";
    case Icon::upload:
      return "M 12 16 L 12 4 M 7 9 L 12 4 L 17 9 M 3.5 15 L 3.5 20.5 L 20.5 20.5 L 20.5 15";
    case Icon::offline:
      return "A 12 20 13 225 315 A 12 20 8 225 315 D 12 19 1.6 M 4 3 L 20 21";
    case Icon::flag:
      return "M 5 21.5 L 5 3 L 19 3 L 16 7.8 L 19 12.5 L 5 12.5";
    case Icon::edit:
      return "M 4 20 L 5 15 L 16 4 L 20 8 L 9 19 Z M 13.3 6.7 L 17.3 10.7";
    case Icon::export_file:
      return "M 14 3 L 21 3 L 21 10 M 21 3 L 11 13 M 18 14 L 18 21 L 3 21 L 3 6 L 10 6";
    case Icon::sun:
      return "O 12 12 4 M 12 2 L 12 4.5 M 12 19.5 L 12 22 M 2 12 L 4.5 12 M 19.5 12 L 22 12 M 5 5 L 6.7 6.7 M 17.3 "
             "17.3 L 19 19 M 19 5 L 17.3 6.7 M 6.7 17.3 L 5 19";
    case Icon::moon:
      return "A 11 12 8.5 50 310 A 18 12 6.6 98 262";
    case Icon::list:
      return "D 4 6 1.3 D 4 12 1.3 D 4 18 1.3 M 8 6 L 21 6 M 8 12 L 21 12 M 8 18 L 21 18";
    case Icon::sign_out:
      return "M 13 3.5 L 4 3.5 L 4 20.5 L 13 20.5 M 9.5 12 L 21 12 M 17 8 L 21 12 L 17 16";
    case Icon::play:
      return "M 7 4 L 20 12 L 7 20 Z";
    case Icon::pause:
      return "M 8 5 L 8 19 M 16 5 L 16 19";
    case Icon::info:
      return "O 12 12 9 M 12 11 L 12 17 D 12 7.7 1.2";
  }
  return "";
}

}  // namespace torugart::touch
