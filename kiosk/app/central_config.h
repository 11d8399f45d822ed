// The centre's part of the configuration, as the client wants it. Private to kiosk/app.
#pragma once

#include "kiosk/app/config.h"
#include "kiosk/central/config.h"

namespace torugart::app {

inline central::Config central_config(const Config& config) {
  central::Config out;
  out.url = config.central.url;
  out.lane = config.lane.id;
  out.ca_file = config.central.ca;
  out.certificate_file = config.central.certificate;
  out.key_file = config.central.key;
  out.signing_keys_file = config.central.signing_keys;
  out.upload_bytes_per_s = config.central.upload_kbit_s * 125;
  return out;
}

}  // namespace torugart::app
