// A copy of a journal, made while it is being written.
#pragma once

#include <string>

#include "kiosk/journal/error.h"

namespace torugart::journal {

// Copies what is durable at the start of the call to `to`, whole or not at all, durable when it returns; a file that was
// there is replaced. The copy is a journal like any other and can be verified. The signing key does not go with it: it
// stays where it is, and a journal that is put back beside another key records that its key changed.
// Reentrant; the writer goes on meanwhile.
Result<void> backup(const std::string& journal_path, const std::string& to);

}  // namespace torugart::journal
