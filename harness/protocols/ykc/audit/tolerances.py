"""Tolerances that several rules share. What one rule alone allows stands beside that rule."""

from datetime import timedelta
from decimal import Decimal

CLOCK_SLACK = timedelta(seconds=60)  # by which a pile's clock may be off (E-TZ)
USUAL_REPLY = 10.0  # s for a reply without a written limit
CROSSING = 2.0  # s in which a frame of the pile may have left before ours arrived
REPORT_PERIOD = 15.0  # s; what the last report says may be as old as this (R-RT-1)
AFTERWARDS = 20.0  # s after the last report in which energy may still have flowed
STOP_CURRENT = 1  # A; below this nothing charges
PERCENT = Decimal("0.01")

__all__ = ["AFTERWARDS", "CLOCK_SLACK", "CROSSING", "PERCENT", "REPORT_PERIOD", "STOP_CURRENT", "USUAL_REPLY"]
