// Internal to imaging/files: a file appears under its name only when it is whole and on the disk.
#pragma once

#include <filesystem>
#include <functional>

#include "imaging/core/error.h"

namespace torugart::imaging::detail {

// Calls `write` with a temporary name in the same folder, syncs what it wrote, renames it to `file` and syncs the
// folder. Whatever fails, nothing of the temporary file stays behind, and an older `file` is untouched. Returns the
// file's size.
[[nodiscard]] Result<std::uint64_t> write_atomically(
    const std::filesystem::path& file, const std::function<Result<void>(const std::filesystem::path&)>& write);

}  // namespace torugart::imaging::detail
