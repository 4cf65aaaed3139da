"""The one place that installs Twisted's reactor: the asyncio one, on a loop of our own. Import it before Twisted's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from twisted.internet import asyncioreactor

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
asyncioreactor.install(loop)

from twisted.internet import reactor as _reactor  # noqa: E402 - only now is there one to import

if TYPE_CHECKING:
    from twisted.internet.asyncioreactor import AsyncioSelectorReactor

reactor = cast("AsyncioSelectorReactor", _reactor)
