"""The area that a run or a notebook looks at: one area, several gemeenten or wijken, or the user's own region."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huisartsdata.fouten import OnbekendGebiedFout
from huisartsdata.gebieden.register import load_gebieden, load_gemeenten, load_wijken, zoek_gebied
from huisartsdata.leveringen.levering import noem
from huisartsdata.leveringen.waarden import vouw

if TYPE_CHECKING:
    import pandas as pd

EIGEN = "eigen"
MAX_NAMEN = 3  # more names than this make no title
MAX_CODES = 4  # more codes than this make no name of a folder
MAX_SLUG = 60  # characters: figures have names of their own, and paths on Windows end at 260
_WIJKNUMMER = re.compile(r"^Wijk \d+ (?=\S)")  # CBS's number before a name is no part of it
_WIJK = re.compile(r"WK\d{6}", re.IGNORECASE)


@dataclass(frozen=True)
class Werkgebied:
    """An area by its gemeenten.

    Attributes
    ----------
    gebied
        How to ask for it again: ``soort:naam``, or codes joined by commas.
    naam
        As it stands in titles.
    soort
        ``gemeente``, a region type, ``land``, ``gemeenten``, ``wijken`` or ``eigen``.
    gemeenten
        Codes, sorted: the area itself, or what its wijken lie in.
    slug
        Name for a folder: lower case ascii letters, digits, ``-`` and ``_``; different for every area.
    wijken
        Codes, sorted; only when the area is less than its gemeenten.
    """

    gebied: str
    naam: str
    soort: str
    gemeenten: tuple[str, ...]
    slug: str
    wijken: tuple[str, ...] = ()


def zoek_werkgebied(tekst: str, *, eigen: pd.DataFrame | None = None) -> Werkgebied:
    """Find the area that a text means.

    Parameters
    ----------
    tekst
        Code, gemeente name, ``soort:naam``, several gemeenten or several wijken (``WK...``) joined by
        commas, or ``eigen:NAAM`` for a region of `eigen`.
    eigen
        The user's own regions, as `read_gebieden` gives them (index gm_code; code, naam).

    Raises
    ------
    OnbekendGebiedFout
        When nothing or more than one area fits; the message lists the choices.

    Examples
    --------
    >>> zoek_werkgebied("PV24").gebied, len(zoek_werkgebied("provincie:Flevoland").gemeenten)
    ('provincie:Flevoland', 6)
    >>> zoek_werkgebied("GM0642,Dordrecht").naam
    'Dordrecht en Zwijndrecht'
    """
    if isinstance(tekst, str):
        soort, dubbelepunt, naam = tekst.partition(":")
        if dubbelepunt and soort.strip().casefold() == EIGEN:
            return _eigen_gebied(naam.strip(), eigen)
        delen = [deel.strip() for deel in tekst.split(",") if deel.strip()]
        if delen and all(_WIJK.fullmatch(deel) for deel in delen):
            return _wijken(sorted({deel.upper() for deel in delen}))
        if len(delen) > 1 and not _is_bekend(tekst):  # two names have a comma in them
            return _gemeenten(delen)
    soort, code, naam = zoek_gebied(tekst)
    leden: tuple[str, ...] = load_gebieden(soort)["gemeenten"].to_dict()[code]
    slug = to_slug(naam if soort in ("gemeente", "land") else f"{soort}-{naam}")
    return Werkgebied(f"{soort}:{naam}", naam, soort, tuple(sorted(leden)), slug)


def gebied_van_gemeenten(codes: Sequence[str]) -> str:
    """How to ask for these gemeenten: as the region that they are together, else by their codes.

    >>> gebied_van_gemeenten(["GM0505"]), gebied_van_gemeenten(["GM0505", "GM0642"])
    ('gemeente:Dordrecht', 'GM0505,GM0642')
    """
    gezocht = tuple(sorted(codes))
    for soort in ("gemeente", "provincie", "regioplus"):
        tabel = load_gebieden(soort)
        for naam, leden in zip(tabel["naam"], tabel["gemeenten"], strict=True):
            if tuple(sorted(leden)) == gezocht:
                return f"{soort}:{naam}"
    return ",".join(gezocht)


def to_slug(tekst: str) -> str:
    """A name as a safe piece of a path: ascii, lower case, never a path itself.

    >>> to_slug("Súdwest-Fryslân"), to_slug("../'s-Gravenhage (gemeente)")
    ('sudwest-fryslan', 's-gravenhage-gemeente')
    """
    plat = unicodedata.normalize("NFKD", tekst).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9_]+", "-", plat).strip("-")[:MAX_SLUG].rstrip("-") or "gebied"


def _is_bekend(tekst: str) -> bool:
    try:
        zoek_gebied(tekst)
    except OnbekendGebiedFout:
        return False
    return True


def _slug_van(codes: Sequence[str], soort: str) -> str:
    if len(codes) <= MAX_CODES:
        return to_slug("-".join(codes))
    vinger = hashlib.sha256(",".join(codes).encode()).hexdigest()[:8]
    return f"{len(codes)}-{soort}-{vinger}"


def _opsomming(namen: Sequence[str]) -> str:
    *eerste, laatste = namen
    return f"{', '.join(eerste)} en {laatste}" if eerste else laatste


def _gemeenten(delen: Sequence[str]) -> Werkgebied:
    """Several gemeenten, each by code or name."""
    if wijken := [deel for deel in delen if _WIJK.fullmatch(deel)]:
        raise OnbekendGebiedFout(
            f"wijken en gemeenten gaan niet samen ({noem(wijken, 3)}); geef alleen gemeenten of alleen "
            "wijken op",
            wijken,
        )
    codes = set()
    for deel in delen:
        soort, code, naam = zoek_gebied(deel)
        if soort != "gemeente":
            raise OnbekendGebiedFout(
                f"'{deel:.60}' is geen gemeente maar {soort}:{naam}; meer dan één gebied tegelijk kan alleen "
                "met gemeenten of wijken",
                [code],
            )
        codes.add(code)
    if len(codes) == 1:
        return zoek_werkgebied(codes.pop())
    gm = load_gemeenten()
    groot = gm.loc[sorted(codes)].sort_values("inwoners", ascending=False, kind="stable")["naam"]
    naam = (
        _opsomming(sorted(groot))
        if len(groot) <= MAX_NAMEN
        else f"{groot.iloc[0]} en {len(groot) - 1} andere gemeenten"
    )
    gesorteerd = tuple(sorted(codes))
    return Werkgebied(",".join(gesorteerd), naam, "gemeenten", gesorteerd, _slug_van(gesorteerd, "gemeenten"))


def _wijken(codes: list[str]) -> Werkgebied:
    wijken = load_wijken()
    if vreemd := [code for code in codes if code not in wijken.index]:
        raise OnbekendGebiedFout(
            f"geen wijkcodes van 2024: {noem(vreemd)}; zoek ze op met hd.load_wijken()", vreemd
        )
    gekozen = wijken.loc[codes]
    gemeenten = tuple(sorted(set(gekozen["gm_code"])))
    waar = load_gemeenten().loc[list(gemeenten), "naam"].tolist()
    namen = [_WIJKNUMMER.sub("", naam) for naam in gekozen["naam"]]
    wat = _opsomming(namen) if len(namen) <= MAX_NAMEN else f"{len(namen)} wijken"
    plaats = _opsomming(waar) if len(waar) <= MAX_NAMEN else f"{len(waar)} gemeenten"
    slug = _slug_van(codes, "wijken")
    return Werkgebied(",".join(codes), f"{wat} ({plaats})", "wijken", gemeenten, slug, tuple(codes))


def _eigen_gebied(naam: str, eigen: pd.DataFrame | None) -> Werkgebied:
    if eigen is None:
        raise OnbekendGebiedFout(
            f"'{EIGEN}:{naam:.60}' vraagt om een bestand met eigen gebieden (gm_code, code, naam); geef het op "
            "met --gebieden, of gebieden= in een notebook",
            [naam],
        )
    vraag = vouw(naam)
    raak = eigen[
        [naam in paar or vraag in map(vouw, paar) for paar in zip(eigen["code"], eigen["naam"], strict=True)]
    ]
    codes = sorted(set(raak["code"]))
    if len(codes) > 1 and naam in codes:  # a code as it is written comes before a name that looks like it
        codes = [naam]
    if len(codes) != 1:
        namen = dict(zip(eigen["code"], eigen["naam"], strict=True))
        keuze = noem((f"{EIGEN}:{c} ({namen[c]})" for c in (codes or sorted(namen))), 20)
        wat = "is niet eenduidig" if codes else "staat niet in het bestand met eigen gebieden"
        raise OnbekendGebiedFout(f"'{EIGEN}:{naam:.60}' {wat}. Kies: {keuze}", codes or [naam])
    leden = eigen[eigen["code"] == codes[0]]
    return Werkgebied(
        gebied=f"{EIGEN}:{codes[0]}",
        naam=str(leden["naam"].iloc[0]),
        soort=EIGEN,
        gemeenten=tuple(sorted(leden.index)),
        slug=to_slug(f"{EIGEN}-{codes[0]}"),
    )
