// Icons, drawn as lines on a 24 × 24 grid (icons.cpp holds the paths): sharp at every scale, no icon font needed.
// An icon always stands with a word.
#pragma once

namespace torugart::touch {

enum class Icon {
  none,
  lane,
  review,
  queue,
  records,
  health,
  settings,
  user,
  users,
  lock,
  check,
  cross,
  warning,
  clock,
  wait,
  search,
  camera,
  scan,
  stop,
  move,
  zoom,
  measure,
  mark,
  material,
  compare,
  invert,
  tone,
  enhance,
  fit,
  globe,
  keyboard,
  backspace,
  shift,
  enter,
  back,
  forward,
  up,
  down,
  plus,
  minus,
  truck,
  container,
  document,
  scale,
  radiation,
  upload,
  offline,
  flag,
  edit,
  export_file,
  sun,
  moon,
  list,
  sign_out,
  play,
  pause,
  info
};

/// The icon's path (see icons.cpp for the four letters it is written in).
const char* path_of(Icon icon);

}  // namespace torugart::touch
