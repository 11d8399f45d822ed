// What went wrong between this lane and the central system, in words for the person who must act.
#pragma once

#include <string>

namespace torugart::central {

enum class Failure {
  configuration,  // a key, certificate or setting of this lane is missing or wrong
  no_line,        // nothing answered: name, route, port, time-out, a connection that broke
  not_trusted,    // the other side could not prove that it is the centre (certificate, signature)
  refused,        // the centre does not take us: client certificate, 401, 403
  busy,           // 429, 5xx: it asked for patience
  bad_answer,     // it answered something that the contract does not allow
  conflict,       // it holds another history of this lane
  too_old,        // a watch list past its date, or older than the one we hold
  local,          // journal, archive or disk of this lane
};

struct Error {
  Failure failure = Failure::no_line;
  std::string what;    // one sentence
  std::string where;   // URL path, file name or JSON path; never a secret
  std::string remedy;  // what a person can do; empty when waiting is all
};

}  // namespace torugart::central
