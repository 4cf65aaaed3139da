"""YKC (云快充) V1.6 over TCP, with the QR dialects that V1.x piles speak."""

from harness.protocols.ykc.catalogue import YkcCatalogue
from harness.protocols.ykc.frames import ALL_FRAMES

CATALOGUE = YkcCatalogue(ALL_FRAMES)

__all__ = ["CATALOGUE"]
