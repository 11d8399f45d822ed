// What an inspector and a supervisor do with three vehicles, as touches. It looks at the screen (registry) and at the
// vehicles (Truth); it never posts a command.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/demo/stage.h"
#include "tests/e2e/demo/truth.h"

namespace torugart::demo {

struct Walk {
  std::string kind;      // "green", "red", "offline"
  std::string crossing;  // id
  int touches = 0;       // from the arrival to the end, signing in not counted
  double seconds = 0;
  nlohmann::json numbers = nlohmann::json::array();  // per place: shown, read, sure, corrected
  nlohmann::json more = nlohmann::json::object();
};

class Story {
 public:
  explicit Story(Stage& stage) : stage_(stage) {}

  void sign_in(const char* account, const char* pin, bool take_picture);
  void sign_out();

  Walk green(int vehicle);
  Walk red(int vehicle);
  Walk offline(int vehicle);

  // Records and health, looked at once.
  void look_around(const std::string& plate);

 private:
  void arrive(int vehicle, Walk& walk);
  void settle_numbers(const Truth& truth, Walk& walk);
  void settle_one(const std::string& slot, const std::string& shown, Walk& walk);
  void confirm_and_assess(int vehicle, Walk& walk);
  void scan(int vehicle, Walk& walk, bool pictures);
  void mark_finding(const Truth& truth, const lane::LaneView& view);
  void type_document(Walk& walk);
  void second_person();
  void to_the_end(int vehicle, Walk& walk, bool pictures);
  void leave(Walk& walk);
  void finish(Walk& walk);

  Stage& stage_;
  std::set<std::string> settled_;  // numbers of this vehicle that were looked at
  int touches_before_ = 0;
  double began_s_ = 0;
};

}  // namespace torugart::demo
