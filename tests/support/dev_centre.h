// torugart-central-dev as a process of its own: started, killed without warning, started again on the same port.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace torugart::central::testing {

// A folder under the build's temporary directory that is gone afterwards.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Runs the program to its end; what it printed (both streams) goes to `output`. Its exit code, or -1.
int run_program(const std::vector<std::string>& arguments, std::string& output);

class DevCentre {
 public:
  // Makes the test keys in folder/tls for `lanes`. `more`: options for every start ("--rules", FILE …).
  DevCentre(std::string folder, const std::vector<std::string>& lanes, std::vector<std::string> more = {});
  ~DevCentre();
  DevCentre(const DevCentre&) = delete;
  DevCentre& operator=(const DevCentre&) = delete;

  // Takes a free port the first time, the same one again later. Exchanges are recorded in `record`, or in the file
  // that TORUGART_RECORD_EXCHANGES names.
  bool start(const std::string& record = {});
  void kill();  // SIGKILL
  int port() const { return port_; }
  std::string url() const;
  std::string tls(const std::string& file) const { return folder_ + "/tls/" + file; }
  std::string log() const;

  static std::string program();

 private:
  std::string folder_;
  std::vector<std::string> more_;
  pid_t pid_ = -1;
  int port_ = 0;
};

}  // namespace torugart::central::testing
