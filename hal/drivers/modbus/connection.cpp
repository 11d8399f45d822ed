#include "hal/drivers/modbus/connection.h"

#include <fmt/format.h>
#include <modbus/modbus.h>

#include <cerrno>
#include <utility>

namespace torugart::hal::drivers::modbus {

const char* to_string(Table table) {
  switch (table) {
    case Table::coil:
      return "coil";
    case Table::discrete:
      return "discrete";
    case Table::input:
      return "input";
    case Table::holding:
      return "holding";
  }
  return "unknown";
}

struct Connection::Impl {
  explicit Impl(Target t) : target(std::move(t)) {}
  ~Impl() { drop(); }

  void drop() {
    if (context == nullptr) return;
    modbus_close(context);
    modbus_free(context);
    context = nullptr;
  }
  std::string where() const { return fmt::format("{}:{}", target.host, target.port); }

  // errno of libmodbus into what the person at the lane can act on; closes unless the server itself said no.
  Error failed(const std::string& what) {
    const int code = errno;
    if (code >= EMBXILFUN && code <= EMBXGTAR) {
      return {ErrorCode::refused, fmt::format("the controller refuses {}: {}", what, modbus_strerror(code)), where(),
              "compare the register map with the controller's own"};
    }
    drop();
    if (code == ETIMEDOUT) {
      return {ErrorCode::timeout, fmt::format("the controller did not answer in time ({})", what), where(),
              "check the network between this machine and the controller, then press Test"};
    }
    if (code == EMBBADCRC || code == EMBBADDATA || code == EMBBADEXC || code == EMBUNKEXC || code == EMBMDATA ||
        code == EMBBADSLAVE) {
      return {ErrorCode::bad_data, fmt::format("the controller's answer makes no sense ({})", what), where(),
              "check that the address and the unit number are those of the lane's controller"};
    }
    return {ErrorCode::unreachable, fmt::format("the line to the controller was lost ({})", what), where(),
            "check the controller's power and network cable, then press Test"};
  }

  Result<modbus_t*> ready() const {
    if (context != nullptr) return context;
    return tl::unexpected(Error{ErrorCode::not_open, "there is no connection to the controller", where(), ""});
  }

  Target target;
  modbus_t* context = nullptr;
};

Connection::Connection(Target target) : impl_(std::make_unique<Impl>(std::move(target))) {}
Connection::~Connection() = default;

Result<void> Connection::open() {
  impl_->drop();
  const auto& t = impl_->target;
  auto* context = modbus_new_tcp_pi(t.host.c_str(), std::to_string(t.port).c_str());
  if (context == nullptr) {
    return tl::unexpected(Error{ErrorCode::bad_setting, fmt::format("\"{}\" is no address", impl_->where()),
                                impl_->where(), "write host and port of the controller"});
  }
  const auto us = static_cast<std::uint32_t>(t.timeout_ms) * 1000U;
  modbus_set_response_timeout(context, us / 1'000'000U, us % 1'000'000U);
  modbus_set_byte_timeout(context, 0, 0);  // the response timeout holds for the whole answer
  if (modbus_set_slave(context, t.unit) != 0 || modbus_connect(context) != 0) {
    const int code = errno;
    modbus_free(context);
    return tl::unexpected(Error{ErrorCode::unreachable,
                                fmt::format("the controller cannot be reached: {}", modbus_strerror(code)),
                                impl_->where(), "check the controller's power and network cable, then press Test"});
  }
  impl_->context = context;
  return {};
}

void Connection::close() {
  impl_->drop();
}

bool Connection::is_open() const {
  return impl_->context != nullptr;
}

Result<void> Connection::read_bits(Table table, std::uint16_t first, std::span<std::uint8_t> out) {
  const auto context = impl_->ready();
  if (!context) return tl::unexpected(context.error());
  const auto count = static_cast<int>(out.size());
  const int got = table == Table::coil ? modbus_read_bits(*context, first, count, out.data())
                                       : modbus_read_input_bits(*context, first, count, out.data());
  if (got == count) return {};
  if (got >= 0) errno = EMBBADDATA;
  return tl::unexpected(impl_->failed(fmt::format("{}:{} to {}", to_string(table), first, first + count - 1)));
}

Result<void> Connection::read_words(Table table, std::uint16_t first, std::span<std::uint16_t> out) {
  const auto context = impl_->ready();
  if (!context) return tl::unexpected(context.error());
  const auto count = static_cast<int>(out.size());
  const int got = table == Table::holding ? modbus_read_registers(*context, first, count, out.data())
                                          : modbus_read_input_registers(*context, first, count, out.data());
  if (got == count) return {};
  if (got >= 0) errno = EMBBADDATA;
  return tl::unexpected(impl_->failed(fmt::format("{}:{} to {}", to_string(table), first, first + count - 1)));
}

Result<void> Connection::write_coil(std::uint16_t address, bool on) {
  const auto context = impl_->ready();
  if (!context) return tl::unexpected(context.error());
  if (modbus_write_bit(*context, address, on ? 1 : 0) == 1) return {};
  return tl::unexpected(impl_->failed(fmt::format("coil:{} := {}", address, on ? 1 : 0)));
}

Result<void> Connection::write_holding(std::uint16_t address, std::uint16_t value) {
  const auto context = impl_->ready();
  if (!context) return tl::unexpected(context.error());
  if (modbus_write_register(*context, address, value) == 1) return {};
  return tl::unexpected(impl_->failed(fmt::format("holding:{} := {}", address, value)));
}

}  // namespace torugart::hal::drivers::modbus
