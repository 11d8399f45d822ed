#!/usr/bin/python3
"""A lane controller on Modbus TCP for the tests: pymodbus (Debian's python3-pymodbus) speaks the protocol, the logic is
the controller's own and knows nothing of the program that asks. Addresses are those of
hal/drivers/modbus_lane_io/example-map.toml.

It gives beam only while every contact is closed, the request is on and the heartbeat has changed within 500 ms; once it
has dropped beam, only a request that goes off and on again arms it.

usage: lane_controller.py [--port N] [--truck]      prints "PORT n", then one line an event: "monotonic_us word …"
stdin:  di ADDRESS 0|1     an input changes          stop | run     the controller's program
        coil ADDRESS 0|1   an output is overwritten  beam 0|1|auto  what is reported
        state              prints every output
"""
import argparse
import asyncio
import logging
import sys
import time

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusTcpServer

DOOR, LIGHT_BARRIER, ESTOP, KEY, PERSON = range(5)
CLOSED = {DOOR: 1, LIGHT_BARRIER: 0, ESTOP: 1, KEY: 1, PERSON: 1}
ARRIVAL, SCAN_ENTRY, SCAN_EXIT, DEPARTURE, LOOP_HEALTHY = 16, 17, 18, 19, 20
BARRIERS = [dict(loop=ARRIVAL, up=24, down=25, raise_=8, lower=9), dict(loop=DEPARTURE, up=26, down=27, raise_=10, lower=11)]
BEAM_ON = 32
REQUEST, LAMP, HEARTBEAT = 0, 1, 0
PATIENCE_US = 500_000


def now_us():
    return time.monotonic_ns() // 1000


class Controller:
    def __init__(self, truck):
        self.di = ModbusSequentialDataBlock(0, [0] * 64)
        self.co = ModbusSequentialDataBlock(0, [0] * 64)
        self.hr = ModbusSequentialDataBlock(0, [0] * 16)
        self.ir = ModbusSequentialDataBlock(0, [0] * 16)
        self.running, self.forced = True, None
        self.armed = self.beam = False
        self.beat, self.beat_us = 0, 0
        self.seen = {}
        self.began_us, self.truck = now_us(), truck
        self.moving = [0, 0]
        self.beam_us = 0
        for address, value in CLOSED.items():
            self.set(address, value)
        self.set(LOOP_HEALTHY, 1)
        for barrier in BARRIERS:
            self.set(barrier["down"], 1)

    def set(self, address, value):
        self.di.setValues(address, [int(value)])

    def get(self, address):
        return int(self.di.getValues(address, 1)[0])

    def coil(self, address):
        return int(self.co.getValues(address, 1)[0])

    def say(self, *words):
        print(now_us(), *words, flush=True)

    def step(self):
        now = now_us()
        for name, address in (("request", REQUEST), ("lamp", LAMP)):
            if self.seen.get(name) != self.coil(address):
                self.seen[name] = self.coil(address)
                self.say(name, self.coil(address))
        beat = self.hr.getValues(HEARTBEAT, 1)[0]
        if beat != self.beat:
            self.beat, self.beat_us = beat, now
        if not self.running:
            return
        self.ir.setValues(0, [(self.ir.getValues(0, 1)[0] + 1) & 0xFFFF])
        if self.truck and now - self.began_us > 1_500_000 and not self.get(ARRIVAL):
            self.set(ARRIVAL, 1)
        self.look_at_beam(now)
        for i, barrier in enumerate(BARRIERS):
            self.move(i, barrier, now)
        dose = 80 + (220 if self.beam else 0)
        self.ir.setValues(1, [0, dose])

    def look_at_beam(self, now):
        if not self.coil(REQUEST):
            self.armed = True
        closed = all(self.get(a) == v for a, v in CLOSED.items())
        why = "contact" if not closed else "heartbeat" if now - self.beat_us > PATIENCE_US else "request" if not self.coil(REQUEST) else ""
        beam = self.armed and not why
        if self.beam and not beam:
            self.armed = False
        if beam != self.beam:
            self.beam = beam
            self.say("beam", int(beam), why)
            if beam:
                self.beam_us = now
            else:
                self.ir.setValues(3, [min(65535, (now - self.beam_us) // 20_000)])
        self.set(BEAM_ON, self.beam if self.forced is None else self.forced)

    def move(self, i, barrier, now):
        up, down = self.coil(barrier["raise_"]), self.coil(barrier["lower"])
        if down and (self.get(barrier["loop"]) or not self.get(LOOP_HEALTHY) and i == 0):
            if self.seen.get(("violation", i)) != 1:
                self.say("lowered on a vehicle", i)
            self.seen[("violation", i)] = 1
        want = 1 if up else -1 if down else 0
        if want and want != self.moving[i] and not self.get(barrier["up"] if want > 0 else barrier["down"]):
            self.moving[i] = want
            self.seen[("began", i)] = now
            self.set(barrier["up"], 0)
            self.set(barrier["down"], 0)
            self.say("barrier", i, "rises" if want > 0 else "sinks")
        if self.moving[i] and now - self.seen[("began", i)] > 400_000:
            self.set(barrier["up" if self.moving[i] > 0 else "down"], 1)
            self.say("barrier", i, "up" if self.moving[i] > 0 else "down")
            self.moving[i] = 0

    def command(self, line):
        words = line.split()
        if not words:
            return
        if words[0] == "di":
            self.set(int(words[1]), int(words[2]))
        elif words[0] == "coil":
            self.co.setValues(int(words[1]), [int(words[2])])
        elif words[0] in ("stop", "run"):
            self.running = words[0] == "run"
        elif words[0] == "beam":
            self.forced = None if words[1] == "auto" else int(words[1])
        elif words[0] == "state":
            self.say("coils", *[self.coil(a) for a in range(32)])
            return
        self.say("did", line.strip())


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--truck", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    controller = Controller(options.truck)
    slave = ModbusSlaveContext(di=controller.di, co=controller.co, hr=controller.hr, ir=controller.ir, zero_mode=True)
    server = ModbusTcpServer(ModbusServerContext(slaves=slave, single=True), address=("127.0.0.1", options.port), allow_reuse_address=True)
    serving = asyncio.ensure_future(server.serve_forever())
    await server.serving
    print("PORT", server.server.sockets[0].getsockname()[1], flush=True)
    asyncio.get_running_loop().add_reader(sys.stdin, lambda: read(controller, serving))
    while not serving.done():
        controller.step()
        await asyncio.sleep(0.005)


def read(controller, serving):
    line = sys.stdin.readline()
    if not line:
        serving.cancel()
    else:
        controller.command(line)


try:
    asyncio.run(main())
except asyncio.CancelledError:
    pass
