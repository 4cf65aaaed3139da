"""The states of a gun and the codes it uses.

Every charge takes the same way whoever started it, and ends in `idle` with a record, also one that never got as far as
charging (R-TX-5). The emergency stop and a pulled gun end it from any state; only the record survives.
"""

NEXT = {
    ("idle", "wait for plug"): "grace",
    ("idle", "ask"): "asking",
    ("idle", "begin"): "starting",
    ("grace", "wait for plug"): "grace",
    ("grace", "begin"): "starting",
    ("grace", "give up"): "idle",
    ("asking", "grant"): "confirming",
    ("asking", "give up"): "idle",
    ("confirming", "begin"): "starting",
    ("confirming", "give up"): "idle",
    ("starting", "ready"): "charging",
    ("starting", "end"): "idle",
    ("charging", "fall"): "stopping",
    ("charging", "end"): "idle",
    ("stopping", "end"): "idle",
}
WAITING = ("grace", "asking", "confirming")
POWERED = ("charging", "stopping")

OK, MISMATCH, BUSY, FAULTY, UNPLUGGED = 0, 1, 2, 3, 5  # reasons of 0x33
NOT_CHARGING = 2  # reason of 0x35
APP, CARD, VIN = 1, 2, 5  # trade flags
BY_CARD, BY_VIN = 1, 3  # start modes of 0x31

STOPPED_REMOTELY, SOC_FULL, STOPPED_BY_HAND = 0x40, 0x41, 0x45
START_ESTOP, START_PILOT_OPEN, START_CONTROL_FAULT = 0x50, 0x4B, 0x4A
ESTOP, PILOT_OPEN, INTERLOCK, NO_CURRENT = 0x72, 0x6B, 0x6A, 0x76
START_FAILED_INSTEAD = {ESTOP: START_ESTOP, PILOT_OPEN: START_PILOT_OPEN, INTERLOCK: START_CONTROL_FAULT}

IDLE_PERIOD, BMS_PERIOD, WATCH_PERIOD = 300.0, 15.0, 5.0  # R-RT-2, R-BMS-1
PLUG_GRACE = 60.0  # R-ST-6
ASK_PATIENCE = 20.0
