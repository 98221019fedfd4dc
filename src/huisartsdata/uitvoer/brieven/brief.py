"""Make a brief about an area, and write it: html, pdf, docx and a zip with everything behind it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from huisartsdata.fouten import BronFout, ParameterFout
from huisartsdata.leveringen.persoonlijk import toonbare_naam
from huisartsdata.uitvoer.brieven.briefbeelden import afstandbeeld, oordeelbeeld
from huisartsdata.uitvoer.brieven.briefbronnen import bronnentabel, colofon
from huisartsdata.uitvoer.brieven.briefdocx import to_docx
from huisartsdata.uitvoer.brieven.briefhtml import to_html
from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Brief, Kop, Lijst, schoon
from huisartsdata.uitvoer.brieven.briefland import landrooster, regiotabel, splitstabel
from huisartsdata.uitvoer.brieven.brieflevering import leveringtitel
from huisartsdata.uitvoer.brieven.briefpdf import to_pdf
from huisartsdata.uitvoer.brieven.briefscenariodeel import scenariodelen, scenariopunt
from huisartsdata.uitvoer.brieven.briefsignalen import (
    kies_signalen,
    modelzin,
    signaaltabel,
    zondertabel,
)
from huisartsdata.uitvoer.brieven.brieftabellen import kerntabel, keuzetabel, omgevingstabel, roostertabel
from huisartsdata.uitvoer.brieven.brieftekst import (
    aanduiding,
    antwoordzin,
    kernpunten,
    onbekendpunten,
    verantwoordelijkpunten,
    vraagzin,
    zekerheidszinnen,
)
from huisartsdata.uitvoer.brieven.briefzip import to_zip
from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld, maak_gebiedsbeeld
from huisartsdata.uitvoer.brieven.landbeeld import FUNCTIE, TREKKINGEN
from huisartsdata.uitvoer.figuur import get_versie
from huisartsdata.uitvoer.huisstijl import dagtekst
from huisartsdata.uitvoer.ouderdom import waarschuw_bij_bewaren

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.uitvoer.brieven.briefinhoud import Blok, Briefgebied, Invoer
    from huisartsdata.uitvoer.brieven.briefscenario import Scenario
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

SCHRIJVERS: dict[str, Callable[[Brief], bytes]] = {
    "html": to_html,
    "pdf": to_pdf,
    "docx": to_docx,
    "zip": to_zip,
}
SOORTEN = tuple(SCHRIJVERS)
STANDAARDNORM = 2095.0


def maak_brief(
    landbeeld: Landbeeld,
    gebied: Briefgebied,
    *,
    scenario: Scenario | None = None,
    bestanden: Sequence[str] = (),
    gebiedenbestand: str = "",
    peiljaar: int | None = None,
) -> Brief:
    """Everything that a brief about an area says, computed from the national picture.

    Parameters
    ----------
    landbeeld
        From `maak_landbeeld`; it carries norm, functie, draws and deliveries.
    gebied
        The area: a `Werkgebied`, a `Keuze`, or anything with their `naam`, `soort`, `gemeenten`, `wijken`,
        `gebied` and `slug`.
    scenario
        A what-if to set beside it, from `lees_scenario` or `maak_scenario`.
    bestanden
        Names of the delivered files, as they were given; they go into the command.
    gebiedenbestand
        Name of the file with the user's own regions, for the same.
    peiljaar
        Year of the municipal map that the files were read with, for the same.

    Raises
    ------
    OnbekendGebiedFout
        For gemeenten that the picture does not know.
    BronFout
        When the data changed since the picture was made.
    """
    landbeeld.keur_gegevens()
    b = maak_gebiedsbeeld(landbeeld, gebied)
    signalen = kies_signalen(b)
    opdracht = opdrachtregel(b, scenario, bestanden, gebiedenbestand, peiljaar)
    delen = () if scenario is None else scenariodelen(b, scenario)
    punt = () if scenario is None else (scenariopunt(b, scenario, delen),)
    datum = dagtekst(landbeeld.snapshot.gemaakt)
    brief = schoon(
        Brief(
            titel=f"Huisartsenzorg in {aanduiding(b)}" + ("" if scenario is None else f": {scenario.kort}"),
            vraag=vraagzin(b),
            antwoord=antwoordzin(b),
            kernpunten=(*punt, *kernpunten(b, signalen)),
            secties=_secties(b, signalen, delen, () if scenario is None else scenario.bronnen),
            colofon=colofon(b, opdracht),
            opdracht=opdracht,
            datum=datum,
            slug=briefslug(gebied.slug, "" if scenario is None else scenario.map),
            soort=b.soort if b.soort != "eigen" else gebied.soort,
            trefwoorden=tuple(sorted({b.code, *_namen(b)} - {"eigen"})),
            versie=get_versie(),
            levering=leveringtitel(landbeeld),
            snapshot=landbeeld.snapshot,
        )
    )
    landbeeld.keur_gegevens()  # a refresh while it was made: some tables were read after it
    return brief


def briefslug(slug: str, scenario: str) -> str:
    """Name of a brief's files and folder: a scenario never replaces the brief without it.

    >>> briefslug("dordrecht", ""), briefslug("dordrecht", "jaar-2035")
    ('dordrecht', 'dordrecht-jaar-2035')
    """
    return f"{slug}-{scenario}" if scenario else slug


def _namen(b: Gebiedsbeeld) -> set[str]:
    """Names under which a reader may look for the brief."""
    if b.is_land:
        return set()
    codes = list(b.gebied.gemeenten)
    return set(b.land.beelden["gemeente"].loc[codes, "naam"]) | set(codes)


def _secties(
    b: Gebiedsbeeld, signalen: pd.DataFrame, scenario: Sequence[Blok], invoer: Sequence[Invoer]
) -> tuple[Blok, ...]:
    land, kern = b.is_land, kerntabel(b)
    # a scenario takes the room of some tables
    meer = " In de brief zonder scenario staan meer tabellen." if scenario else ""
    van = "een eigen levering, openbare cijfers" if b.land.leveringen else "openbare cijfers"
    return (
        Kop("Hoe ver is de huisarts?"),
        afstandbeeld(b),
        kern,
        Kop("Is er genoeg, en hoe zeker is dat?"),
        oordeelbeeld(b),
        omgevingstabel(b),
        *(
            (landrooster(b.land), regiotabel(b.land), *(() if scenario else (splitstabel(b.land),)))
            if land
            else (
                roostertabel(b),
                *(() if scenario else (keuzetabel(b),)),
            )  # there is room for one of the two
        ),
        Lijst(zekerheidszinnen(b)),
        *scenario,
        Kop("Wat zeggen signalen?"),
        signaaltabel(b, signalen),
        Alinea(modelzin(b)),
        *(() if land and scenario else (zondertabel(b),)),
        Kop("Wat we niet weten"),
        Lijst(onbekendpunten(b)),
        Kop("Wie is verantwoordelijk?"),
        Lijst(verantwoordelijkpunten(b)),
        Kop("Bronnen"),
        bronnentabel(b, reeks=any(k.startswith("afstand_2") for k in map(str, kern.data)), scenario=invoer),
        Alinea(
            f"Deze brief is gemaakt met {van} en een model. Hij is geen standpunt van een organisatie.{meer}",
            "noot",
        ),
    )


def opdrachtregel(
    b: Gebiedsbeeld,
    scenario: Scenario | None = None,
    bestanden: Sequence[str] = (),
    gebiedenbestand: str = "",
    peiljaar: int | None = None,
) -> str:
    """The command that makes this brief again: every choice that is not the default.

    Codes need no quotes on any system. A file whose name holds somebody's particulars is called after its hash.
    """
    code = b.gebied.gebied if b.code == "eigen" else b.code
    delen = ["huisartsdata", "brief", _veilig(code)]
    if b.land.is_landelijke_norm:
        delen += ["--norm", "landelijk"]
    elif b.land.norm != STANDAARDNORM:
        delen += ["--norm", _getal(b.land.norm)]
    # a file may need it even where it is the default: it does not always say which GPs it counts
    if b.land.functie != FUNCTIE or b.land.leveringen:
        delen += ["--functie", b.land.functie]
    if b.land.aantal != TREKKINGEN:
        delen += ["--trekkingen", str(b.land.aantal)]
    if b.land.seed:
        delen += ["--seed", str(b.land.seed)]
    if gebiedenbestand:
        delen += ["--gebieden", _veilig(toonbare_naam(gebiedenbestand))]
    toonbaar = bestanden and all(toonbare_naam(naam) == naam for naam in bestanden)
    for naam in bestanden if toonbaar else [lev.herkomst.bestand for lev in b.land.leveringen]:
        delen += ["--bestand", _veilig(naam)]
    if peiljaar is not None:
        delen += ["--peiljaar", str(peiljaar)]
    if b.land.landelijk is not None:
        delen += ["--landelijk", _getal(b.land.landelijk)]
    if scenario is not None and scenario.vraag:
        delen += ["--scenario", scenario.vraag]
    return " ".join(delen)


def _getal(x: float) -> str:
    """A number as it is typed, without losing a digit."""
    return str(int(x)) if x == round(x) else repr(float(x))


def _veilig(deel: str) -> str:
    import shlex

    return shlex.quote(deel)


def schrijf_brief(brief: Brief, map_: Path | str, *, soorten: Sequence[str] = SOORTEN) -> dict[str, Path]:
    """Write a brief; the same bytes when written again.

    Warns (`VerouderdWaarschuwing`) when the data changed since it was made; its files name the data in it.

    Parameters
    ----------
    brief
        From `maak_brief`.
    map_
        Folder; made when it is not there.
    soorten
        Of ``html``, ``pdf``, ``docx`` and ``zip``.

    Returns
    -------
    dict
        Kind -> path. A file is complete or not there.

    Raises
    ------
    ParameterFout
        For an unknown kind.
    BronFout
        When the folder cannot be used.
    """
    if vreemd := [s for s in soorten if s not in SCHRIJVERS] or ([] if soorten else ["niets"]):
        raise ParameterFout(f"soort {', '.join(vreemd)} kan niet; kies uit {', '.join(SCHRIJVERS)}")
    map_ = maak_map(map_)
    waarschuw_bij_bewaren(
        {"snapshot": brief.snapshot.versie, "hash": brief.snapshot.hash},
        f"brief '{brief.slug}'",
        hoe="gemaakt",
        doe="maak de brief opnieuw voor u hem gebruikt",
    )
    uit = {}
    for soort in soorten:
        uit[soort] = map_ / f"{brief.slug}.{soort}"
        schrijf_heel(uit[soort], SCHRIJVERS[soort](brief))
    return uit


def maak_map(map_: Path | str) -> Path:
    """A folder, made when it is not there.

    Raises
    ------
    BronFout
        When it cannot be one.
    """
    pad = Path(map_)
    try:
        pad.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise BronFout(f"de map {pad} is niet te gebruiken; kies een andere map") from e
    return pad


def schrijf_heel(pad: Path, inhoud: bytes) -> None:
    """Write a file in one go: a run that is stopped leaves the old file or the new one, never half of it."""
    with tempfile.NamedTemporaryFile(dir=pad.parent, prefix=".", suffix=".deel", delete=False) as f:
        f.write(inhoud)
    try:
        os.chmod(f.name, 0o644)  # noqa: PTH101 - a temporary file is for its owner only, a brief is not
        os.replace(f.name, pad)  # noqa: PTH105
    except OSError:
        Path(f.name).unlink(missing_ok=True)
        raise
