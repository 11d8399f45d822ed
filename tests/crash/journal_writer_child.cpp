// usage: journal_writer_child JOURNAL SEED
// Appends events until it is killed, and writes the number of each event that was acknowledged, 8 bytes each, to its
// standard output. kill_test.cpp kills it.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "kiosk/journal/appender.h"
#include "tests/kiosk/inspection/samples.h"

using namespace torugart;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  journal::Options options;
  options.lane = "kordai-2";
  auto opened = journal::Journal::open(argv[1], options);
  if (!opened) {
    std::cerr << opened.error().text() << "\n";
    return 3;
  }
  std::mt19937 random(static_cast<std::uint32_t>(std::atoi(argv[2])));
  journal::Appender appender(std::move(*opened));
  for (;;) {
    std::vector<inspection::Event> events(1 + random() % 5);
    std::int64_t next = appender.last_seq() + 1;
    for (auto& event : events) {
      // What the parent can check: the note follows from the number.
      event = inspection::samples::event("c" + std::to_string(next / 20),
                                         inspection::ReviewRequested{"event " + std::to_string(next)});
      ++next;
    }
    const auto taken = appender.append(std::move(events), [](journal::Result<std::int64_t> seq) {
      if (!seq) std::_Exit(4);
      const std::int64_t durable = *seq;
      if (::write(STDOUT_FILENO, &durable, sizeof durable) != sizeof durable) std::_Exit(5);
    });
    if (!taken) return 6;
    while (appender.backlog() > 50)
      ::usleep(100);
  }
}
