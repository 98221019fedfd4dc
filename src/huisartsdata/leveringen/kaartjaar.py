"""Which year's map of gemeenten a delivery's codes are of: what the caller says, else what the file says of itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huisartsdata.leveringen.bestand import titeldatum
from huisartsdata.leveringen.gebiedenboek import EERSTE_KAART, LAATSTE_KAART, PEILJAAR

if TYPE_CHECKING:
    from huisartsdata.leveringen.bestand import RuweTabel
    from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
    from huisartsdata.leveringen.levering import Foutenlijst

_JAAR = re.compile(r"\b(?:19|20)\d\d\b")


def jaar_van_bestand(ruw: RuweTabel) -> tuple[int | None, int]:
    """The one year of the file's reference date, from its column or else its title, and the line it stands on.

    None if it says none, or more than one: `lees_peildatum` refuses that.
    """
    jaren: dict[int, int] = {}
    if "peildatum" in ruw.plaats:
        for regel, cel in zip(ruw.regels, ruw.kolom("peildatum"), strict=True):
            for jaar in _JAAR.findall(str(cel)):
                jaren.setdefault(int(jaar), regel)
    if not jaren:
        jaren = {int(jaar): 1 for jaar in _JAAR.findall(titeldatum(ruw.titels)[0] or "")}
    return next(iter(jaren.items())) if len(jaren) == 1 else (None, ruw.kop_regel)


def kies_kaartjaar(
    ruw: RuweTabel, gevraagd: int | None, *, boek: Gebiedenboek, fouten: Foutenlijst, meld: list[str]
) -> int:
    """The year of the map on which the gemeente codes of a file are read.

    Parameters
    ----------
    ruw
        The file, its columns checked.
    gevraagd
        The year that the caller gives. A file that is of another year by its own account is refused when the two
        maps differ, unless its codes show that they are not of its own year.
    boek
        Areas and their history.
    fouten, meld
        Where the fault and the remark go.

    Returns
    -------
    int
        `gevraagd`; else the file's own year, unless there is no map of it or its codes are rather those of 2024;
        else 2024.
    """
    eigen, regel = jaar_van_bestand(ruw)
    basis = PEILJAAR if gevraagd is None else gevraagd
    codes = _gemeentecodes(ruw)
    if eigen is None or eigen == basis or not codes:
        return basis
    if not EERSTE_KAART <= eigen <= LAATSTE_KAART:
        if gevraagd is None:
            geen = f"De peildatum is van {eigen}; een gemeentelijke indeling van dat jaar is er hier niet"
            meld.append(f"{geen}: gelezen op die van {basis}.")
        return basis
    kaart, toen = set(boek.kaart(basis)), set(boek.kaart(eigen))
    if kaart == toen:
        return basis
    if codes - toen and len(codes - kaart) < len(
        codes - toen
    ):  # made later: the codes are no longer of that year
        meld.append(
            f"De peildatum is van {eigen}, de gemeentecodes zijn van {basis}: gelezen op die indeling."
        )
        return basis
    if gevraagd is None:
        meld.append(f"De peildatum is van {eigen}: gelezen op de gemeentelijke indeling van {eigen}.")
        return eigen
    if not codes - toen:
        anders = (
            f"het bestand zegt peildatum {eigen}, de aanroep peiljaar={gevraagd}; die indelingen verschillen"
        )
        fouten.meld(regel, "peildatum", eigen, anders, f"geef peiljaar={eigen} op, of verbeter de peildatum")
    return gevraagd


def _gemeentecodes(ruw: RuweTabel) -> set[str]:
    kolom = "gebied" if "gebied" in ruw.plaats else "naam"
    teksten = {str(cel).strip().removesuffix(".0") for cel in ruw.kolom(kolom)}
    los = {f"GM{int(tekst):04d}" for tekst in teksten if re.fullmatch(r"[0-9]{1,4}", tekst)}
    return los | {tekst for tekst in teksten if re.fullmatch(r"GM[0-9]{4}", tekst)}
