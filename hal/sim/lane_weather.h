// What night, rain and muddy roads do to a simulated camera's picture. Deterministic by the given random stream.
// Pictures are CV_8UC3 (BGR) or CV_8UC4 (BGRA) as said. Pure but for the picture that is given.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "hal/sim/random.h"

namespace torugart::hal::sim {

// Mud on a vehicle's end or side (BGRA), thickest near the ground. `amount` 0 … 1: at 1 a third is hidden.
void soil(cv::Mat& bgra, double amount, Random random);

// The lane's own lamp over a dark road (BGR): bright in the middle, and the vehicle's headlamps dazzle where they are.
void make_night(cv::Mat& bgr, const std::vector<cv::Point>& headlamps);

// A wet, flat light and drops on the camera's window (BGR): the same for every frame of one vehicle.
void make_wet(cv::Mat& bgr, Random random);

// Falling streaks (BGR), other ones in every frame.
void rain_on(cv::Mat& bgr, Random random);

}  // namespace torugart::hal::sim
