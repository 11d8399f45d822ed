// What one camera sees: the road, and the truck where it is, in perspective, with the light of the hour and the noise
// of the sensor. Thread-bound (a camera's own thread). Deterministic: seed, truck, place and frame number decide
// every pixel.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

#include "hal/sim/scenario.h"

namespace torugart::hal::sim {

struct SeenTruck {
  int index = -1;  // −1: nobody there
  std::shared_ptr<const Truck> truck;
  double front_mm = 0;  // lane coordinates (lane_model.h)
};

// May the camera see a truck whose front bumper is there? (Otherwise the frame is the empty road.)
bool in_view(const std::string& position, const Truck& truck, double front_mm);

class LaneView {
 public:
  // `position`: front, rear or side.
  LaneView(std::string position, int width, int height, std::uint64_t seed);
  // BGR, width × height. The returned picture is the view's own until the next call.
  const cv::Mat& render(const SeenTruck& truck, std::uint64_t frame);

 private:
  void base(const SeenTruck& truck);

  const std::string position_;
  const cv::Size size_;
  const std::uint64_t seed_;
  cv::Mat road_, texture_, base_, noise_[3], out_;
  Weather weather_ = Weather::day;  // of base_
  int texture_of_ = -2, base_of_ = -2;
  double base_at_ = 1e9;
};

}  // namespace torugart::hal::sim
