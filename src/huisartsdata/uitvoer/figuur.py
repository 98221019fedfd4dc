"""A figure that remembers where it came from: picture, data behind it, source line, alternative text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.huisstijl import get_formaat, to_png, to_svg
from huisartsdata.uitvoer.ouderdom import lees_gegevens, waarschuw_bij_bewaren
from huisartsdata.uitvoer.tabel import keur_naam, write_tabel

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

STATUSSEN = ("waargenomen", "afgeleid", "modelschatting", "aanname")


def get_versie() -> str:
    """Version of the installed package, as it stands in source lines."""
    try:
        return version("huisartsdata")
    except PackageNotFoundError:
        return "ontwikkelversie"


@dataclass(frozen=True)
class Bronregel:
    """What must stand below every figure.

    Parameters
    ----------
    bron
        Sources as they want to be cited, most important first.
    peiljaren
        Input -> year or date, for every input of the figure.
    status
        One or more of ``STATUSSEN``.
    norm, functie
        The norm and the GPs that count, where the figure depends on them.
    licentie
        Licence of the numbers.
    toelichting
        One short sentence that a reader needs.
    techniek
        Method and settings by their technical names: not printed, it stands in the provenance beside the figure.
    versie
        Version of the package.

    Examples
    --------
    >>> Bronregel(("CBS, 85984NED",), {"afstand": "2024"}, versie="1.0").tekst
    'Bron: CBS, 85984NED. Peiljaar: afstand 2024. Status: waargenomen. huisartsdata 1.0.'
    """

    bron: tuple[str, ...]
    peiljaren: Mapping[str, str]
    status: tuple[str, ...] = ("waargenomen",)
    norm: str = ""
    functie: str = ""
    licentie: str = ""
    toelichting: str = ""
    techniek: str = ""
    versie: str = field(default_factory=get_versie)

    def __post_init__(self) -> None:
        losse_teksten: tuple[object, object] = (self.bron, self.status)
        if any(isinstance(deel, str) for deel in losse_teksten):  # a bare text would count per letter
            raise HuisartsdataFout("Geef bron en status als tuple van teksten: ('CBS, 85984NED',).")
        leeg = [
            n
            for n, w in (("bron", self.bron), ("peiljaren", self.peiljaren), ("status", self.status))
            if not w
        ]
        if leeg:
            raise HuisartsdataFout(
                f"Een figuur kan niet zonder {', '.join(leeg)}. Vul dat in de bronregel in."
            )
        vreemd = [s for s in self.status if s not in STATUSSEN]
        if vreemd:
            raise HuisartsdataFout(f"Onbekende status: {', '.join(vreemd)}. Kies uit {', '.join(STATUSSEN)}.")

    @property
    def tekst(self) -> str:
        """The line as it is printed."""
        jaren = ", ".join(f"{wat} {wanneer}" for wat, wanneer in self.peiljaren.items())
        delen = [
            f"Bron: {'; '.join(self.bron)}" + (f" ({self.licentie})" if self.licentie else ""),
            f"{'Peiljaar' if len(self.peiljaren) == 1 else 'Peiljaren'}: {jaren}",
            f"Norm: {self.norm}" if self.norm else "",
            f"Functie: {self.functie}" if self.functie else "",
            f"Status: {', '.join(self.status)}",
            self.toelichting,
            f"huisartsdata {self.versie}",
        ]
        return " ".join(deel.rstrip(". ") + "." for deel in delen if deel)

    def als_dict(self) -> dict[str, Any]:
        """The parts, for the provenance beside a figure."""
        return {**asdict(self), "peiljaren": dict(self.peiljaren)}


@dataclass(frozen=True, eq=False, repr=False)
class Figuur:
    """A drawn figure with the table behind it and its provenance; nothing in it changes.

    In a notebook it shows itself as the png that ``bewaar`` writes. `gegevens` names the snapshot whose tables
    the process had read when it was drawn (`lees_gegevens`): a figure that is drawn or saved after a refresh
    says so.
    """

    fig: Figure
    tabel: pd.DataFrame
    titel: str
    alt_tekst: str
    bronregel: str
    herkomst: Mapping[str, Any]
    formaat: str = "a4"
    gegevens: Mapping[str, Any] = field(default_factory=lees_gegevens)

    def __repr__(self) -> str:
        return f"Figuur({self.titel!r}, {len(self.tabel)} rijen)"

    def bewaar(self, map_: Path | str, naam: str) -> dict[str, Path]:
        """Write png, svg, csv and json; the same bytes when written again.

        Warns (`VerouderdWaarschuwing`) when the data are no longer those that the figure was drawn from; the
        json keeps the hash of the data in the figure.

        Parameters
        ----------
        map_
            Folder; made when it is not there.
        naam
            File name without extension: lower case letters, digits, ``-`` and ``_``.

        Returns
        -------
        dict
            Extension -> path.

        Raises
        ------
        HuisartsdataFout
            If the name could be a path or give trouble on another system.
        """
        keur_naam(naam)
        waarschuw_bij_bewaren(
            self.gegevens,
            f"figuur '{naam}'",
            hoe="getekend",
            doe="teken de figuur opnieuw voor u haar gebruikt",
        )
        basis = Path(map_) / naam
        basis.parent.mkdir(parents=True, exist_ok=True)
        png, svg = (basis.with_name(basis.name + uitgang) for uitgang in (".png", ".svg"))
        png.write_bytes(self._png)
        svg.write_bytes(to_svg(self.fig, titel=self.titel, alt_tekst=self.alt_tekst, formaat=self.formaat))
        herkomst = {
            **self.gegevens,
            **self.herkomst,
            "titel": self.titel,
            "alt_tekst": self.alt_tekst,
            "bronregel": self.bronregel,
            "formaat": self.formaat,
        }
        csv, sidecar = write_tabel(self.tabel, basis, herkomst=herkomst)
        return {"png": png, "svg": svg, "csv": csv, "json": sidecar}

    @cached_property
    def _png(self) -> bytes:
        # drawn once for the file and the screen: it is the slowest step of most cells
        return to_png(self.fig, titel=self.titel, alt_tekst=self.alt_tekst, formaat=self.formaat)

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        # on screen a figure is as wide as on paper, however many pixels it has
        return self._png, {
            "width": round(get_formaat(self.formaat).breedte_mm / 25.4 * 96),
            "alt": self.alt_tekst,
        }
