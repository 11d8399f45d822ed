// The centre as a witness of each lane's journal (c2sp.org/tlog-witness): it keeps the last checkpoint that it saw and
// cosigns the next one only when that continues it. So a lane that changed or cut off its history, or that went back to an
// older copy, cannot hide it from anybody who has the centre's cosignature.
//
// DIR/lanes/<lane>/witness_key         the lane's public key (vkey); the first that it shows, then only changes that its
//                                      own signed journal records. To admit another by hand: remove the file.
// DIR/lanes/<lane>/witness_checkpoint  the last checkpoint, with the cosignature
#pragma once

#include <mutex>
#include <string>

#include "kiosk/central_dev/event_store.h"
#include "kiosk/central_dev/reply.h"
#include "kiosk/central_dev/test_ca.h"

namespace torugart::central_dev {

// Thread-safe.
class Witness {
 public:
  Witness(std::string folder, const TestKeys& keys, EventStore& events)
      : folder_(std::move(folder)), keys_(keys), events_(events) {}

  // {"vkey": …}: 200 known, 201 taken, 403 another key than the journal's changes lead to.
  Reply admit_key(const std::string& lane, const std::string& body);

  struct Answer {
    int status = 200;
    std::string body;
    std::string media_type = "text/plain";
  };
  Answer add_checkpoint(const std::string& lane, const std::string& body);

 private:
  std::string path(const std::string& lane, const char* name) const {
    return folder_ + "/lanes/" + lane + "/" + name;
  }

  std::string folder_;
  const TestKeys& keys_;
  EventStore& events_;
  std::mutex mutex_;
};

}  // namespace torugart::central_dev
