// Measures a reader on a folder of pictures with labels.csv (file,text,country,lines,x,y,w,h,orientation).
//
//   bench_reading FOLDER [--models DIR] [--crop] [--countries EU,MN] [--containers] [--failures]
//                 [--most N] [--every N] [--budget MS] [--dump CSV]
//
// located: a read's box covers the middle of the labelled box; best, top five: exact text; accepted: verdict accept;
// wrong: accepted with another text. Milliseconds are the thread's time on its core.
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>

#include "ocr/read/engine.h"

namespace {

using namespace torugart::ocr;

struct Label {
  std::string text;
  std::string lines;
  std::string orientation;
  cv::Rect box;
};

std::vector<std::string> split(const std::string& line, char by) {
  std::vector<std::string> out;
  std::stringstream in(line);
  for (std::string field; std::getline(in, field, by);)
    out.push_back(field);
  return out;
}

struct Tally {
  int n = 0, located = 0, best = 0, five = 0, accepted = 0, wrong = 0;
};

void print(const std::string& name, const Tally& t) {
  const auto percent = [&t](int k) { return t.n ? 100.0 * k / t.n : 0.0; };
  std::printf("%-22s n %4d  located %5.1f %%  best %5.1f %%  top five %5.1f %%  accepted %5.1f %%  wrong %d of %d\n",
              name.c_str(), t.n, percent(t.located), percent(t.best), percent(t.five), percent(t.accepted), t.wrong,
              t.accepted);
}

// Time of this thread on a core: other work on the machine does not count.
double thread_ms() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder;
  ReadOptions options;
  options.budget = std::chrono::milliseconds(5000);
  bool containers = false;
  bool failures = false;
  std::size_t most = 100000;
  std::size_t every = 1;
  std::ofstream dump;
  std::string models = std::string(TORUGART_SOURCE_DIR) + "/assets/models";
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg == "--crop") {
      options.cropped_plate = true;
    } else if (arg == "--containers") {
      containers = true;
    } else if (arg == "--failures") {
      failures = true;
    } else if (arg == "--countries" && i + 1 < argc) {
      options.countries = split(argv[++i], ',');
    } else if (arg == "--budget" && i + 1 < argc) {
      options.budget = std::chrono::milliseconds(std::stoi(argv[++i]));
    } else if (arg == "--every" && i + 1 < argc) {
      every = std::stoul(argv[++i]);
    } else if (arg == "--dump" && i + 1 < argc) {
      dump.open(argv[++i]);
      dump << "file,text,best,right,sureness,confidence,least,product,repair,country,lines,height\n";
    } else if (arg == "--models" && i + 1 < argc) {
      models = argv[++i];
    } else if (arg == "--most" && i + 1 < argc) {
      most = std::stoul(argv[++i]);
    } else {
      folder = arg;
    }
  }
  options.plates = !containers;
  options.containers = containers || !options.cropped_plate;
  std::ifstream csv(folder + "/labels.csv");
  if (!csv) {
    std::fprintf(stderr, "%s/labels.csv cannot be opened\n", folder.c_str());
    return 1;
  }
  cv::setNumThreads(1);
  const std::string owners = std::string(TORUGART_SOURCE_DIR) + "/assets/reference/owner_codes.csv";
  auto engine = make_engine({models, owners});
  if (!engine) {
    std::fprintf(stderr, "%s (%s): %s\n", engine.error().what.c_str(), engine.error().where.c_str(),
                 engine.error().what_to_do.c_str());
    return 1;
  }

  std::map<std::string, std::vector<Label>> files;
  std::string line;
  std::getline(csv, line);
  while (std::getline(csv, line)) {
    auto f = split(line, ',');
    f.resize(9);
    Label label{f[1], f[3], f[8], {}};
    if (!f[4].empty()) label.box = {std::stoi(f[4]), std::stoi(f[5]), std::stoi(f[6]), std::stoi(f[7])};
    files[f[0]].push_back(label);
  }
  Tally all;
  std::map<std::string, Tally> groups;
  std::vector<double> times;
  std::size_t index = 0;
  for (const auto& [file, labels] : files) {
    if (times.size() >= most) break;
    if (index++ % every != 0) continue;
    const cv::Mat picture = cv::imread(folder + "/" + file, cv::IMREAD_UNCHANGED);
    const double before = thread_ms();
    const FrameReads reads = (*engine)->read(picture, options);
    times.push_back(thread_ms() - before);
    const auto& got = containers ? reads.containers : reads.plates;
    for (const Label& label : labels) {
      const bool whole = label.box.empty();
      // With several labels in a frame, each is judged by the reads at its own place.
      std::vector<const Read*> here;
      for (const Read& read : got) {
        const cv::Point middle(label.box.x + label.box.width / 2, label.box.y + label.box.height / 2);
        if (whole || labels.size() == 1 || read.box.contains(middle)) here.push_back(&read);
      }
      const bool located = std::any_of(here.begin(), here.end(), [&](const Read* r) {
        return whole || ((r->box & label.box).area() > 0.4 * std::min(r->box.area(), label.box.area()));
      });
      const bool best = !here.empty() && here[0]->text == label.text;
      const bool five = std::any_of(here.begin(), here.end(), [&](const Read* r) { return r->text == label.text; });
      const bool accepted = !here.empty() && here[0]->verdict == Verdict::accept;
      for (Tally* t : {&all, &groups[label.lines + " line(s) " + label.orientation]}) {
        t->n += 1;
        t->located += located;
        t->best += best;
        t->five += five;
        t->accepted += accepted;
        t->wrong += accepted && !best;
      }
      if (dump.is_open() && !here.empty()) {
        const Read& r = *here[0];
        double product = 1;
        for (const double c : r.char_confidences)
          product *= c;
        dump << file << ',' << label.text << ',' << r.text << ',' << best << ',' << r.sureness << ',' << r.confidence
             << ',' << r.min_confidence() << ',' << product << ',' << r.repair_cost << ',' << r.country << ',' << r.lines << ','
             << r.box.height << '\n';
      }
      if (failures && (!best || (accepted && !best))) {
        std::printf("%-40s want %-12s located %d accepted %d got", file.c_str(), label.text.c_str(), located,
                    accepted);
        for (const Read* r : here)
          std::printf(" %s(%s,%.2f,raw %s)", r->text.c_str(), r->country.c_str(), r->confidence, r->raw_text.c_str());
        std::printf("\n");
      }
    }
  }
  for (const auto& [name, tally] : groups) {
    if (groups.size() > 1) print(name, tally);
  }
  print("all", all);
  std::sort(times.begin(), times.end());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  if (!times.empty()) {
    std::printf("ms a picture: median %.1f, p95 %.1f, worst %.1f; peak memory %ld MB\n", times[times.size() / 2],
                times[times.size() * 95 / 100], times.back(), usage.ru_maxrss / 1024);
  }
  return 0;
}
