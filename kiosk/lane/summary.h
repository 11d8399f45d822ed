// A crossing as a row of a list. Pure, reentrant.
#pragma once

#include "kiosk/inspection/crossing.h"
#include "kiosk/lane/lane_view.h"

namespace torugart::lane {

CrossingSummary summary_of(const inspection::Crossing& crossing);

}  // namespace torugart::lane
