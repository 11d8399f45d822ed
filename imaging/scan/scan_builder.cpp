#include "imaging/scan/scan_builder.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <span>
#include <utility>

#include <fmt/core.h>

#include "imaging/scan/air_estimate.h"
#include "imaging/scan/calibration_maker.h"
#include "imaging/scan/column_store.h"
#include "imaging/scan/drift.h"
#include "imaging/scan/line_corrector.h"
#include "imaging/scan/picture_statistics.h"
#include "imaging/scan/resampler.h"

namespace torugart::imaging {
namespace {

using Counts = std::span<const std::uint16_t>;

constexpr int kWidestGap = 4096;     // a line number that jumps further is not believed
constexpr int kMostColumns = 65535;  // what a DICOS file can hold
constexpr double kFastest_mm_s = 20000;

// All of a line but its counts, so that a scan can be corrected again when its calibration is known better.
struct LineRecord {
  std::int64_t time_us = 0;
  std::optional<double> reference_high, reference_low, speed_mm_s;
  int raw_column = 0;
  int gap = 0;  // missing lines before it
  bool has_high = false, has_low = false;
  std::optional<Energy> later;  // of an interlaced pair
};

constexpr double kMostDriftPercent = 3;  // of all gains: more is not the weather

// The later line of an interlaced pair, moved to where the earlier one was taken.
void align(std::vector<std::uint16_t>& codes, std::vector<std::uint16_t>& before, bool usable) {
  if (!usable || before.size() != codes.size()) {
    before = codes;
    return;
  }
  for (std::size_t d = 0; d < codes.size(); ++d) {
    const std::uint16_t now = codes[d];
    if (state_of(now) == PixelState::measured && state_of(before[d]) == PixelState::measured)
      codes[d] = static_cast<std::uint16_t>((static_cast<unsigned>(now) + before[d] + 1U) / 2U);
    before[d] = now;
  }
}

struct HeldLine {
  std::vector<std::uint16_t> high, low;
  std::int64_t time_us = 0;
  bool has_high = false, has_low = false;
};

}  // namespace

struct ScanBuilder::State {
  State(ScanConfig c, std::optional<Calibration> given_calibration) : config(c), given(std::move(given_calibration)) {
    if (config.detectors == 0 && given) config.detectors = given->detectors();
    if (given && given->detectors() != config.detectors) given.reset();
    if (given && config.dual_energy && given->low.air.size() != given->high.air.size()) given.reset();
  }

  ScanConfig config;
  std::optional<Calibration> given;
  detail::CalibrationMaker maker;

  std::optional<Calibration> calibration;  // in use
  bool measured_calibration = false;
  std::string estimate_how;
  std::unique_ptr<detail::LineCorrector> corrector;
  std::optional<detail::DriftTracker> drift[2];
  std::vector<std::uint16_t> later_before;  // codes of the interlaced line before
  int next_estimate = 1;                    // provisional air is estimated again at 1, 2, 4, … lines

  std::unique_ptr<detail::ColumnStore> raw;
  std::unique_ptr<detail::ColumnStore> picture;
  std::unique_ptr<detail::Resampler> resampler;
  std::vector<LineRecord> records;
  std::optional<RawLine> waiting;  // one energy of an interlaced pair
  std::optional<std::int64_t> last_index;
  std::optional<HeldLine> held;  // waits for the next line's time, when no line rate is configured
  double speed_mm_s = 0;
  double last_length = 1;
  int lines_without_speed = 0;
  bool too_long = false;

  double factor_sum = 0, factor_squares = 0;
  std::int64_t factor_count = 0;
  std::vector<std::uint16_t> codes_high, codes_low;

  mutable std::mutex mutex;  // guards the two below and the creation of `picture`
  ScanStatistics statistics;

  [[nodiscard]] std::size_t detectors() const { return static_cast<std::size_t>(config.detectors); }

  void begin(std::int64_t now_us);
  void add_calibration_line(const RawLine& line);
  void add_object_line(const RawLine& line);
  void accept(const RawLine& line, Counts high, Counts low, std::optional<Energy> later = std::nullopt);
  void estimate();
  void process(const LineRecord& record, Counts high, Counts low);
  void follow_drift(Energy energy, const std::vector<std::uint16_t>& codes);
  void place(const LineRecord& record, Counts high, Counts low);
  void place_scaled(Counts high, Counts low, std::int64_t dt_us);
  void flush_geometry();
  void append(Counts high, Counts low);
  void restart_picture();
  void describe(ScanStatistics& out) const;
};

void ScanBuilder::State::restart_picture() {
  {
    const std::scoped_lock lock(mutex);
    if (picture) {
      (void)picture->take();
    } else {
      picture = std::make_unique<detail::ColumnStore>(config.detectors, config.dual_energy, true);
    }
  }
  held.reset();
  speed_mm_s = 0;
  last_length = 1;
  lines_without_speed = 0;
  factor_sum = factor_squares = 0;
  factor_count = 0;
  later_before.clear();
  if (resampler) {
    resampler = std::make_unique<detail::Resampler>(config.detectors, config.dual_energy,
                                                    [this](Counts high, Counts low) { append(high, low); });
  }
}

void ScanBuilder::State::begin(std::int64_t now_us) {
  const auto fresh = maker.make(config.dual_energy);
  if (fresh && (!given || check(*fresh, now_us, config.limits).verdict == CalibrationVerdict::good)) {
    calibration = fresh;
  } else if (given) {
    calibration = given;
  }
  measured_calibration = calibration.has_value();
  restart_picture();
  if (config.keep_raw || !measured_calibration) {
    raw = std::make_unique<detail::ColumnStore>(config.detectors, config.dual_energy, false);
  }
  codes_high.resize(detectors());
  codes_low.resize(config.dual_energy ? detectors() : 0);
  const std::scoped_lock lock(mutex);
  statistics.calibrated = measured_calibration;
  if (measured_calibration) {
    const CalibrationCheck verdict = check(*calibration, now_us, config.limits);
    statistics.calibration = verdict.verdict;
    statistics.calibration_reason = verdict.reason;
    statistics.calibration_age_s = static_cast<double>(now_us - calibration->made_at_us) / 1e6;
    statistics.dead_detectors = calibration->dead_detectors;
    statistics.noisy_detectors = calibration->noisy_detectors;
    corrector = std::make_unique<detail::LineCorrector>(*calibration, config);
    if (config.follow_drift) {
      std::vector<int> bad = calibration->dead_detectors;
      bad.insert(bad.end(), calibration->noisy_detectors.begin(), calibration->noisy_detectors.end());
      for (std::size_t e = 0; e < (config.dual_energy ? 2U : 1U); ++e)
        drift[e].emplace(config.detectors, bad);
    }
  } else {
    statistics.calibration_reason = "no dark and air lines came: air is estimated from the picture";
  }
}

void ScanBuilder::State::estimate() {
  std::vector<std::uint16_t> column(detectors());
  const auto source = [&](Energy energy, int x) -> Counts {
    const auto at = std::lower_bound(records.begin(), records.end(), x,
                                     [](const LineRecord& r, int wanted) { return r.raw_column < wanted; });
    if (at == records.end() || at->raw_column != x) return {};
    if (energy == Energy::high ? !at->has_high : !at->has_low) return {};
    raw->read_column(energy, x, column);
    return column;
  };
  auto guess = detail::estimate_air(config.detectors, raw->columns(), config.dual_energy, config.full_scale, source);
  calibration = std::move(guess.calibration);
  estimate_how = std::move(guess.how);
  corrector = std::make_unique<detail::LineCorrector>(*calibration, config);
}

void ScanBuilder::State::add_calibration_line(const RawLine& line) {
  if (!records.empty() || waiting) return;
  for (const Energy energy : {Energy::high, Energy::low}) {
    if (energy == Energy::low && !config.dual_energy) continue;
    if (line.energy != LineEnergy::both && (line.energy == LineEnergy::high) != (energy == Energy::high)) continue;
    const auto& counts = energy == Energy::high ? line.high : line.low;
    if (counts.size() != detectors()) continue;  // a torn calibration line says nothing
    if (line.kind == LineKind::dark) {
      maker.add_dark(energy, counts);
    } else {
      maker.add_air(energy, counts, energy == Energy::high ? line.reference_high : line.reference_low, line.time_us);
    }
  }
}

void ScanBuilder::State::add_object_line(const RawLine& line) {
  if (line.energy == LineEnergy::both || !config.dual_energy) {
    if (waiting) {
      const RawLine alone = *std::exchange(waiting, std::nullopt);
      accept(alone, alone.high, alone.low);
    }
    accept(line, line.high, config.dual_energy ? Counts(line.low) : Counts());
    return;
  }
  if (waiting && waiting->index == line.index && waiting->energy != line.energy) {
    RawLine pair = *std::exchange(waiting, std::nullopt);
    if (line.energy == LineEnergy::high) {
      pair.high = line.high;
      pair.reference_high = line.reference_high;
    } else {
      pair.low = line.low;
      pair.reference_low = line.reference_low;
    }
    if (!pair.speed_mm_s) pair.speed_mm_s = line.speed_mm_s;
    pair.energy = LineEnergy::both;
    accept(pair, pair.high, pair.low, line.energy == LineEnergy::high ? Energy::high : Energy::low);
    return;
  }
  if (waiting) {
    const RawLine alone = *std::exchange(waiting, std::nullopt);
    accept(alone, alone.high, alone.low);
  }
  waiting = line;
}

void ScanBuilder::State::accept(const RawLine& line, Counts high, Counts low, std::optional<Energy> later) {
  LineRecord record{line.time_us, line.reference_high, line.reference_low, line.speed_mm_s, 0, 0, false, false,
                    later};
  if (!picture) begin(line.time_us);
  {
    const std::scoped_lock lock(mutex);
    if (last_index && line.index <= *last_index) {
      ++statistics.duplicate_lines;
      return;
    }
    const std::int64_t gap = last_index ? line.index - *last_index - 1 : 0;
    record.gap = static_cast<int>(std::min<std::int64_t>(gap, kWidestGap));
    if (static_cast<std::int64_t>(records.size()) >= config.max_lines ||
        (raw && raw->columns() + record.gap >= kMostColumns)) {
      ++statistics.dropped_lines;
      return;
    }
    statistics.missing_lines += gap;
    last_index = line.index;
    record.has_high = high.size() == detectors();
    record.has_low = config.dual_energy && low.size() == detectors();
    const bool torn = (!high.empty() && !record.has_high) || (config.dual_energy && !low.empty() && !record.has_low);
    const bool absent = high.empty() || (config.dual_energy && low.empty());
    if (torn)
      ++statistics.torn_lines;
    else if (absent)
      ++statistics.missing_lines;
    else
      ++statistics.lines;
  }
  if (!record.has_high) high = {};
  if (!record.has_low) low = {};
  if (raw) {
    for (int i = 0; i < record.gap; ++i)
      raw->append({}, {});
    record.raw_column = raw->columns();
    raw->append(high, low);
  }
  records.push_back(record);
  if (!measured_calibration && static_cast<int>(records.size()) >= next_estimate) {
    estimate();
    next_estimate *= 2;
  }
  process(records.back(), high, low);
}

void ScanBuilder::State::process(const LineRecord& record, Counts high, Counts low) {
  if (!high.empty()) {
    const float factor = corrector->correct(Energy::high, high, record.reference_high, codes_high);
    factor_sum += factor;
    factor_squares += static_cast<double>(factor) * factor;
    ++factor_count;
  }
  if (!low.empty()) (void)corrector->correct(Energy::low, low, record.reference_low, codes_low);
  if (!high.empty()) follow_drift(Energy::high, codes_high);
  if (!low.empty()) follow_drift(Energy::low, codes_low);
  if (record.later && config.align_interlaced) {
    const bool is_high = *record.later == Energy::high;
    if (is_high ? high.empty() : low.empty()) {
      later_before.clear();
    } else {
      align(is_high ? codes_high : codes_low, later_before, record.gap == 0);
    }
  }
  place(record, high.empty() ? Counts() : Counts(codes_high), low.empty() ? Counts() : Counts(codes_low));
}

void ScanBuilder::State::follow_drift(Energy energy, const std::vector<std::uint16_t>& codes) {
  auto& tracker = drift[static_cast<std::size_t>(energy)];
  if (!tracker || !tracker->add(codes)) return;
  corrector->set_drift(energy, tracker->drift());
  corrector->fill_also(tracker->failed());
}

// Puts a corrected line where it belongs along the truck.
void ScanBuilder::State::place(const LineRecord& record, Counts high, Counts low) {
  const bool has_speed = record.speed_mm_s && *record.speed_mm_s >= 0 && *record.speed_mm_s < kFastest_mm_s;
  if (&record == &records.front() && has_speed && config.detector_pitch_mm > 0) {
    resampler = std::make_unique<detail::Resampler>(config.detectors, config.dual_energy,
                                                    [this](Counts h, Counts l) { append(h, l); });
  }
  if (!resampler) {
    for (int i = 0; i < record.gap; ++i)
      append({}, {});
    append(high, low);
    return;
  }
  if (!has_speed) ++lines_without_speed;
  if (config.line_rate_hz > 0) {
    const auto dt_us = static_cast<std::int64_t>(1e6 / config.line_rate_hz);
    for (int i = 0; i < record.gap; ++i)
      place_scaled({}, {}, dt_us);
    if (has_speed) speed_mm_s = *record.speed_mm_s;
    place_scaled(high, low, dt_us);
    return;
  }
  // Without a line rate the time to the next line says how far this one reaches.
  if (held) {
    const HeldLine before = std::move(*std::exchange(held, std::nullopt));
    const std::int64_t dt_us = std::max<std::int64_t>(0, record.time_us - before.time_us) / (record.gap + 1);
    place_scaled(before.has_high ? Counts(before.high) : Counts(), before.has_low ? Counts(before.low) : Counts(),
                 dt_us);
    for (int i = 0; i < record.gap; ++i)
      place_scaled({}, {}, dt_us);
  }
  if (has_speed) speed_mm_s = *record.speed_mm_s;
  held = HeldLine{{high.begin(), high.end()}, {low.begin(), low.end()}, record.time_us, !high.empty(), !low.empty()};
}

void ScanBuilder::State::place_scaled(Counts high, Counts low, std::int64_t dt_us) {
  last_length = speed_mm_s * static_cast<double>(dt_us) / 1e6 / config.detector_pitch_mm;
  // A step of more than 64 columns between two lines is a clock that jumped, not a truck.
  resampler->add(high, low, std::min(last_length, 64.0));
}

void ScanBuilder::State::flush_geometry() {
  if (!resampler) return;
  if (held) {
    const HeldLine before = std::move(*std::exchange(held, std::nullopt));
    resampler->add(before.has_high ? Counts(before.high) : Counts(), before.has_low ? Counts(before.low) : Counts(),
                   std::min(last_length, 64.0));
  }
  resampler->finish();
}

void ScanBuilder::State::append(Counts high, Counts low) {
  if (picture->columns() >= kMostColumns) {
    too_long = true;
    return;
  }
  picture->append(high, low);
}

void ScanBuilder::State::describe(ScanStatistics& out) const {
  if (resampler && lines_without_speed == 0 && !too_long) {
    out.geometry_calibrated = true;
    out.geometry_reason.clear();
    out.pixel_mm = config.detector_pitch_mm;
  } else {
    out.geometry_calibrated = false;
    out.pixel_mm = 0;
    if (config.detector_pitch_mm <= 0) {
      out.geometry_reason = "the detectors' pitch is not configured";
    } else if (!resampler) {
      out.geometry_reason = "the truck's speed was not known: one column a line";
    } else if (too_long) {
      out.geometry_reason = fmt::format("the picture would be longer than {} columns", kMostColumns);
    } else {
      out.geometry_reason =
          fmt::format("{} lines came without a speed; the last one known was used", lines_without_speed);
    }
  }
  if (drift[0]) {
    std::vector<int>& dead = out.dead_detectors;
    for (const auto& tracker : drift) {
      if (!tracker) continue;
      out.open_beam_lines = std::max(out.open_beam_lines, tracker->open_lines());
      out.gain_drift_percent = std::max(out.gain_drift_percent, 100.0 * static_cast<double>(tracker->usual()));
      dead.insert(dead.end(), tracker->failed().begin(), tracker->failed().end());
    }
    std::sort(dead.begin(), dead.end());
    dead.erase(std::unique(dead.begin(), dead.end()), dead.end());
    if (out.gain_drift_percent > kMostDriftPercent && out.calibration != CalibrationVerdict::none) {
      out.calibration = CalibrationVerdict::poor;
      out.calibration_reason =
          fmt::format("the open beam stands {:.1f} % off since the calibration", out.gain_drift_percent);
    }
  }
  if (corrector) {
    const auto& dropouts = corrector->dropouts();
    // One line in two hundred is more than bad luck.
    const std::int64_t often = std::max<std::int64_t>(4, static_cast<std::int64_t>(records.size()) / 200);
    std::vector<int>& noisy = out.noisy_detectors;
    for (std::size_t d = 0; d < dropouts.size(); ++d) {
      out.dropouts += dropouts[d];
      if (dropouts[d] >= often) noisy.push_back(static_cast<int>(d));
    }
    std::sort(noisy.begin(), noisy.end());
    noisy.erase(std::unique(noisy.begin(), noisy.end()), noisy.end());
  }
  if (factor_count > 1) {
    const auto n = static_cast<double>(factor_count);
    const double mean = factor_sum / n;
    out.pulse_variation_percent = 100.0 * std::sqrt(std::max(0.0, factor_squares / n - mean * mean)) / mean;
  }
}

ScanBuilder::ScanBuilder(ScanConfig config, std::optional<Calibration> calibration)
    : state_(std::make_unique<State>(config, std::move(calibration))) {}
ScanBuilder::~ScanBuilder() = default;
ScanBuilder::ScanBuilder(ScanBuilder&&) noexcept = default;
ScanBuilder& ScanBuilder::operator=(ScanBuilder&&) noexcept = default;

void ScanBuilder::add(const RawLine& line) {
  State& s = *state_;
  if (s.config.detectors == 0) {
    s.config.detectors = static_cast<int>(line.energy == LineEnergy::low ? line.low.size() : line.high.size());
    if (s.config.detectors == 0) return;
  }
  if (line.kind == LineKind::object) {
    s.add_object_line(line);
  } else {
    s.add_calibration_line(line);
  }
}

std::shared_ptr<const ScanView> ScanBuilder::snapshot() const {
  detail::ColumnStore* store = nullptr;
  {
    const std::scoped_lock lock(state_->mutex);
    store = state_->picture.get();
  }
  return store ? store->snapshot() : std::make_shared<const ScanView>();
}

ScanStatistics ScanBuilder::statistics() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->statistics;
}

Result<ScanResult> ScanBuilder::finish() {
  State& s = *state_;
  if (s.waiting) {
    const RawLine alone = *std::exchange(s.waiting, std::nullopt);
    s.accept(alone, alone.high, alone.low);
  }
  if (s.records.empty()) {
    return fail(ErrorCode::bad_argument, "scan", "no line of the truck came",
                "check the scanner's trigger and scan again");
  }
  ScanResult result;
  if (s.measured_calibration) {
    result.calibration = s.calibration;
  } else {
    s.estimate();
    s.restart_picture();
    std::vector<std::uint16_t> high(s.detectors());
    std::vector<std::uint16_t> low(s.codes_low.size());
    for (const LineRecord& record : s.records) {
      if (record.has_high) s.raw->read_column(Energy::high, record.raw_column, high);
      if (record.has_low) s.raw->read_column(Energy::low, record.raw_column, low);
      s.process(record, record.has_high ? Counts(high) : Counts(), record.has_low ? Counts(low) : Counts());
    }
  }
  s.flush_geometry();
  ScanStatistics statistics = this->statistics();
  s.describe(statistics);
  if (!s.measured_calibration) {
    statistics.calibration_reason = "no dark and air lines came: " + s.estimate_how;
    statistics.dead_detectors = s.calibration->dead_detectors;
  }
  auto corrected = std::make_shared<ScanImage>();
  corrected->view = s.picture->take();
  detail::measure(corrected->view, statistics);
  corrected->statistics = statistics;
  if (s.config.keep_raw && s.raw) {
    auto counts = std::make_shared<ScanImage>();
    counts->quantity = Quantity::counts;
    counts->view = s.raw->take();
    counts->statistics = statistics;
    counts->statistics.geometry_calibrated = false;
    counts->statistics.geometry_reason = "one column a line";
    counts->statistics.pixel_mm = 0;
    result.raw = std::move(counts);
  }
  result.corrected = std::move(corrected);
  const ScanConfig config = s.config;
  auto given = std::move(s.given);
  state_ = std::make_unique<State>(config, std::move(given));
  return result;
}

}  // namespace torugart::imaging
