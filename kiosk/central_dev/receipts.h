// Receipts: what the centre signs once it holds everything of a crossing. Kept in DIR/receipts.jsonl; the same
// request gets the same receipt again.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "kiosk/central_dev/event_store.h"
#include "kiosk/central_dev/file_store.h"
#include "kiosk/central_dev/reply.h"
#include "kiosk/central_dev/test_ca.h"

namespace torugart::central_dev {

// Thread-safe.
class Receipts {
 public:
  Receipts(std::string folder, const TestKeys& keys, EventStore& events, FileStore& files);

  Reply give(const std::string& lane, const std::string& body);
  std::string latest(const std::string& lane, const std::string& crossing) const;  // its id; empty: none
  Reply find(const std::string& lane, const std::string& receipt) const;

 private:
  void remember(const nlohmann::json& record);

  std::string folder_;
  const TestKeys& keys_;
  EventStore& events_;
  FileStore& files_;
  mutable std::mutex mutex_;
  std::map<std::string, nlohmann::json> by_request_, by_id_;
  std::map<std::string, std::string> latest_;
};

}  // namespace torugart::central_dev
