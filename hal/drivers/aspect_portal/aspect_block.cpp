#include "hal/drivers/aspect_portal/aspect_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace torugart::hal::drivers::aspect {
namespace {

constexpr std::int64_t kBackgroundEveryUs = 5'000'000;

std::string line(const char* code, double count) {
  const auto whole = static_cast<std::int64_t>(std::clamp(std::round(count), 0.0, 999'999.0));
  return fmt::format("{},{:06},000000,000000,000000", code, whole);
}

}  // namespace

std::optional<Block> block_of(std::span<const std::uint16_t, kRegisters> words, bool high_word_first) {
  bool good = true;
  const auto wide = [&](std::size_t i) {
    const std::uint32_t a = words[i], b = words[i + 1];
    return high_word_first ? (a << 16U | b) : (b << 16U | a);
  };
  const auto real = [&](std::size_t i) {
    const double value = std::bit_cast<float>(wide(i));
    if (!std::isfinite(value) || value < 0 || value > 1e7) good = false;
    return value;
  };
  Block out;
  out.time = wide(0);
  out.inputs = words[2];
  out.gamma = {words[3], wide(4), real(6), real(8)};
  out.neutron = {words[10], wide(11), real(13), real(15)};
  out.object = words[17];
  out.mark = words[18];
  out.speed = words[19];
  out.outputs = words[20];
  if (!good) return std::nullopt;
  return out;
}

std::vector<std::string> Translator::lines(const Block& block, std::int64_t now_us) {
  std::vector<std::string> out;
  const bool occupied = (block.inputs & occupied_bit_) != 0;
  const bool fresh = time_ != block.time;
  time_ = block.time;
  faults(block, out);
  if (occupied && !occupied_) steps_ = 0;
  if (occupied && fresh) {
    out.push_back(line((block.gamma.status & (alarm | alarm_2)) != 0 ? "GA" : "GS", block.gamma.count));
    if (steps_++ % 5 == 0 || (block.neutron.status & (alarm | alarm_2)) != 0)
      out.push_back(line((block.neutron.status & (alarm | alarm_2)) != 0 ? "NA" : "NS", block.neutron.count));
  }
  if (!occupied && occupied_) {
    if (block.speed > 0)
      out.push_back(fmt::format("SP,0.0000,{:06.3f},{:06.3f},000000", block.speed * 0.621371, 1.0 * block.speed));
    out.push_back(fmt::format("GX,{:06},{:06.0f},000000,000000", block.object, block.neutron.background * 1000));
  }
  if (!occupied && (!background_us_ || now_us - *background_us_ >= kBackgroundEveryUs) && gamma_fault_ == 0) {
    background_us_ = now_us;
    out.push_back(line("GB", block.gamma.background));
    if (neutron_fault_ == 0) out.push_back(line("NB", block.neutron.background));
  }
  occupied_ = occupied;
  return out;
}

void Translator::faults(const Block& block, std::vector<std::string>& out) {
  constexpr std::uint16_t kFaults = low_count | high_count | overload;
  const auto gamma = static_cast<std::uint16_t>(block.gamma.status & kFaults);
  const auto neutron = static_cast<std::uint16_t>(block.neutron.status & kFaults);
  if (gamma != gamma_fault_) {
    gamma_fault_ = gamma;
    background_us_.reset();  // the next background says that it is over
    if (gamma != 0) out.push_back(line((gamma & low_count) != 0 ? "GL" : "GH", block.gamma.count));
  }
  if (neutron != neutron_fault_) {
    neutron_fault_ = neutron;
    background_us_.reset();
    if ((neutron & (high_count | overload)) != 0) out.push_back(line("NH", block.neutron.count));
  }
}

}  // namespace torugart::hal::drivers::aspect
