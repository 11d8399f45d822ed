// A lane without devices, for tests of screens: commands go through the real rules and the real fold of
// kiosk/inspection at once; what devices would say, a test says. Time stands still but for advance().
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "imaging/core/scan_image.h"
#include "kiosk/lane/lane_engine.h"

namespace torugart::tests {

class FakeLane : public lane::Lane {
 public:
  FakeLane();

  // -- lane::Lane
  std::shared_ptr<const lane::LaneView> view() const override;
  void on_change(std::function<void()> listener) override { listener_ = std::move(listener); }
  void sign_in(const std::string& account, const std::string& pin) override;
  void sign_out() override;
  std::uint64_t post(const std::string& crossing, inspection::Command command,
                     std::optional<lane::SecondPerson> second) override;
  void search(const std::string& query) override;
  void open_record(const std::string& crossing) override;
  void close_record() override;
  void want_images(const std::string& crossing) override;
  void want_reference(const std::string& crossing, const std::string& name) override;
  void test_device(const std::string& device) override { tested.push_back(device); }
  void verify_journal() override;

  static std::vector<lane::AccountName> accounts();  // ivanova, omarov (inspectors), seitova (supervisor); PIN 2468

  // -- what the world does
  std::string arrive();             // a truck; becomes the focus, its id is returned
  void read_all(bool sure = true);  // plates and container of the focus
  void run_scan(int columns);       // after AskScan: lines come, so many columns so far
  void end_scan();                  // the truck has left the beam: the picture is there
  void find_earlier();              // an earlier scan of the focus: the same truck without its densest boxes
  void apply(const std::string& crossing, inspection::Payload payload);  // any event
  inspection::Crossing* crossing(const std::string& id);

  lane::LaneView state;                   // change it, then look at view()
  inspection::RiskAssessed risk;          // the answer after the numbers are confirmed
  bool answer_risk = true;                // false: the centre is still asked
  std::vector<std::string> posted;        // names of commands in order, with "+second" where one agreed
  std::vector<std::string> tested;        // devices
  std::vector<inspection::Event> events;  // of all crossings

 private:
  bool act(const std::string& id, const inspection::Command& command, const inspection::LaneFacts& facts,
           const std::string& second);
  void follow_up(const std::string& id, const inspection::Command& command);
  void refresh_lists();

  std::vector<inspection::Crossing> open_;
  std::string focus_;
  std::function<void()> listener_;
  std::uint64_t ticket_ = 0;
};

// A truck as the scanner sees it: cab, wheels, container with boxes; one of them steel. Corrected, two energies.
std::shared_ptr<const imaging::ScanImage> truck_picture(int columns = 2600, int rows = 720, bool calibrated = true,
                                                        bool with_box = true);

// A camera's frame of a truck's end, BGR.
hal::Frame camera_frame(const std::string& id, const std::string& position, std::uint64_t sequence);
lane::Picture plate_crop(int tint = 0);

}  // namespace torugart::tests
