// Small files that survive kill -9 and a power cut, without a database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace torugart::central_dev {

// Appends and syncs. False when the disk did not take it whole.
bool append_durably(const std::string& path, std::string_view bytes);
// Temporary name, sync, rename, sync of the folder.
bool replace_durably(const std::string& path, std::string_view bytes);
bool sync_folder(const std::string& folder);
std::string read_whole(const std::string& path);  // empty when it is not there
// The whole lines of a file; a torn last line (the process died while writing it) is cut off the file.
std::vector<std::string> read_lines_and_heal(const std::string& path);

}  // namespace torugart::central_dev
