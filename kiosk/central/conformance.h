// Whether a central system keeps the contract (assets/contract): `torugart central-check URL`. Everything that the
// contract lets a lane rely on is tried from outside, as a lane would, good and bad; each check has a name and says which
// sentence of the contract was broken.
//
// It writes to the centre: events, one small file and a receipt of a lane that exists for testing. That lane's history is
// kept in `state_folder`, so that a later run goes on with it; without one, the centre must not have heard of the lane.
// Never run it with the certificate of a lane that works: its record would be a fork.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <stop_token>
#include <string>

#include "kiosk/central/config.h"

namespace torugart::central {

struct ConformanceConfig {
  Config centre;             // url, lane and the four PEM files; as for a client
  std::string state_folder;  // made when it is not there; empty: one that is gone afterwards
};

// One line a check on `out`: "ok   NAME", "FAIL NAME: what happened; the contract: …", "skip NAME: why". The process's exit
// code: 0 the contract is kept, 1 it is not, 2 settings cannot be used or nothing answers. Blocks for seconds. Reentrant.
int run_conformance(const ConformanceConfig& config, std::ostream& out, std::stop_token stop = {});

}  // namespace torugart::central
