#!/usr/bin/python3
"""An Aspect portal monitor's 21 input registers on Modbus TCP for the tests; pymodbus (Debian's python3-pymodbus) speaks
the protocol. Time runs by itself, five times a second.

usage: aspect_monitor.py       prints "PORT n"
stdin: set REGISTER VALUE …    registers from REGISTER on        float REGISTER VALUE    two registers, high word first
       stop | run              the monitor's clock
"""
import asyncio
import logging
import struct
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusTcpServer

READY = 0x80


async def main():
    logging.disable(logging.CRITICAL)
    words = ModbusSequentialDataBlock(0, [0] * 21)
    state = {"time": 1000, "running": True}

    def put_float(register, value):
        words.setValues(register, list(struct.unpack(">HH", struct.pack(">f", value))))

    words.setValues(3, [READY])
    words.setValues(10, [READY])
    put_float(6, 1528.0)
    put_float(13, 6.2)
    slave = ModbusSlaveContext(ir=words, zero_mode=True)
    server = ModbusTcpServer(ModbusServerContext(slaves=slave, single=True), address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    await server.serving
    print("PORT", server.server.sockets[0].getsockname()[1], flush=True)

    def read():
        line = sys.stdin.readline()
        command = line.split()
        if not command:
            serving.cancel()
            return
        if command[0] == "set":
            words.setValues(int(command[1]), [int(v, 0) for v in command[2:]])
        elif command[0] == "float":
            put_float(int(command[1]), float(command[2]))
        else:
            state["running"] = command[0] == "run"
        print("did", line.strip(), flush=True)

    asyncio.get_running_loop().add_reader(sys.stdin, read)
    while not serving.done():
        if state["running"]:
            state["time"] += 1
            words.setValues(0, [state["time"] >> 16, state["time"] & 0xFFFF])
        await asyncio.sleep(0.2)


try:
    asyncio.run(main())
except asyncio.CancelledError:
    pass
