// The centre: what it has taken, its receipts, the state of the line.
#include <algorithm>
#include <utility>

#include "kiosk/lane/core.h"

namespace torugart::lane {

void Core::start_centre() {
  if (parts_.centre == nullptr) return;
  central::Callbacks callbacks;
  callbacks.on_uploaded = [this](std::int64_t up_to) {
    inbox_.post([this, up_to] { record("", inspection::Uploaded{up_to}); });
  };
  callbacks.on_receipt = [this](const inspection::Acknowledged& receipt) {
    inbox_.post([this, receipt] { on_receipt(receipt); });
  };
  callbacks.on_status = [this](const central::Status& status) { inbox_.post([this, status] { on_status(status); }); };
  parts_.centre->start(std::move(callbacks));
  on_status(parts_.centre->status());
}

void Core::on_receipt(const inspection::Acknowledged& receipt) {
  record(receipt.crossing, receipt);
  changed(true);
}

void Core::on_status(const central::Status& status) {
  line_.online = status.online;
  line_.since_wall_us = status.since_wall_us;
  line_.trouble = !status.online && status.last_error ? status.last_error->what : std::string();
  line_.remedy = !status.online && status.last_error ? status.last_error->remedy : std::string();
  line_.events_waiting = status.events_waiting;
  line_.files_waiting = status.files_waiting;
  line_.bytes_waiting = status.bytes_waiting;
  line_.oldest_waiting_wall_us = status.oldest_waiting_wall_us;
  line_.certificate_days_left =
      status.certificate_days ? static_cast<int>(std::max<std::int64_t>(0, *status.certificate_days)) : -1;
  line_.watch_list_as_of_wall_us = status.watch_list_as_of_wall_us;
  changed();
}

}  // namespace torugart::lane
