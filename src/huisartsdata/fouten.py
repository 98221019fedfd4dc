"""Every exception of the package: one base class, each also a builtin's subclass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MAX_REGELS_IN_MELDING = 20  # a message must fit a screen; .fouten holds every row


class HuisartsdataFout(Exception):
    """Base of every error this package raises on purpose; the message is Dutch and complete."""

    def __str__(self) -> str:
        # KeyError.__str__ shows repr(message): quotes and escapes in front of a reader
        return str(self.args[0]) if self.args else ""


class BronFout(HuisartsdataFout, OSError):
    """A source cannot be found, read or trusted (missing file, wrong hash, no answer)."""


class _FoutMetTabel(HuisartsdataFout, ValueError):
    """An error with a table of faults: `regel`, `kolom`, `waarde`, `probleem`, `advies`."""

    def __init__(self, melding: str, fouten: pd.DataFrame) -> None:
        self.melding = melding
        self.fouten = fouten
        regels = [
            (f"  regel {r['regel']}, " if r["regel"] else "  ")
            + f"kolom {r['kolom']}: {r['waarde']!s:.60} - {r['probleem']}; {r['advies']}"
            for r in fouten.head(MAX_REGELS_IN_MELDING).to_dict("records")
        ]
        rest = len(fouten) - len(regels)
        if rest > 0:
            regels.append(f"  ... en nog {rest} fouten; de hele lijst staat in .fouten")
        aantal = "1 fout" if len(fouten) == 1 else f"{len(fouten)} fouten"
        super().__init__("\n".join([f"{melding} ({aantal})", *regels]))

    def __reduce__(self) -> tuple[type, tuple[str, pd.DataFrame]]:
        return type(self), (self.melding, self.fouten)


class ContractFout(_FoutMetTabel):
    """A table breaks its contract."""


class LeveringFout(_FoutMetTabel):
    """A delivery is refused; every fault is listed."""


class ReistijdFout(_FoutMetTabel):
    """A table of travel times is refused; every fault is listed."""


class _FoutMetCodes(HuisartsdataFout):
    def __init__(self, melding: str, codes: Iterable[str] = ()) -> None:
        self.codes = list(codes)
        super().__init__(melding)

    def __reduce__(self) -> tuple[type, tuple[str, list[str]]]:
        return type(self), (str(self), self.codes)


class OnbekendGebiedFout(_FoutMetCodes, KeyError):
    """An area code or name that the snapshot does not know."""


class OnbekendePraktijkFout(_FoutMetCodes, KeyError):
    """A practice id that the picture does not hold."""


class OnbekendPeiljaarFout(_FoutMetCodes, KeyError):
    """A reference year for which there is no snapshot or map."""


class SplitsingFout(_FoutMetCodes, ValueError):
    """A gemeente was divided over several and no shares were given."""


class ParameterFout(HuisartsdataFout, ValueError):
    """An argument has a value that makes no sense; the message says which values do."""


class NotebookFout(HuisartsdataFout, RuntimeError):
    """A notebook stopped or cannot be read; the message names notebook, cell and cause."""
