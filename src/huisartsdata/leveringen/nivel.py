"""Supply of GPs per gemeente, region or province, as Nivel or another publisher hands it over."""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.catalogus import Herkomst
from huisartsdata.gebieden.herindelingkeur import als_jaar
from huisartsdata.leveringen.bestand import RuweTabel, lees_tabel
from huisartsdata.leveringen.codes import breng_naar_nu
from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
from huisartsdata.leveringen.getaltekst import toon_getal
from huisartsdata.leveringen.kaartjaar import kies_kaartjaar
from huisartsdata.leveringen.kleineaantallen import verberg
from huisartsdata.leveringen.levering import Foutenlijst, Levering, noem
from huisartsdata.leveringen.nivelrijen import (
    FUNCTIES,
    HERKEN,
    OMVAT,
    SLEUTELS,
    keur_kolommen,
    lees_functie,
    lees_peildatum,
    lees_rijen,
)
from huisartsdata.leveringen.totalen import (
    TOTAAL,
    keur_dubbel,
    keur_leeftijden,
    keur_niveau,
    splits_totalen,
)
from huisartsdata.leveringen.waarden import (
    AFGELEID,
    ALLE,
    ONDERDRUKT,
    ONTBREEKT,
    WAARGENOMEN,
)

if TYPE_CHECKING:
    import pandas as pd

# The country has some 6 fte per 10,000 people. Five times that in a whole area is no supply but a decimal
# comma that was lost on the way (12,5 became 125, or 1.234 was read as a thousand).
MAX_FTE_PER_10000 = 30.0
# An island of 950 people may have 3 fte: below this a high rate says nothing.
MIN_FTE_VERDACHT = 5.0
# Of people the same, and some more of them: on an island several work a few weeks a year.
MIN_PERSONEN_VERDACHT = 10.0
MAX_FTE_PER_PERSOON = 2.0  # nobody works more than two full weeks: persons and fte were swapped


def read_nivel(
    pad: str | os.PathLike[str],
    *,
    peiljaar: int | None = None,
    fte_per_persoon: float | Mapping[str, float] | None = None,
    functie: str | None = None,
    verdeling: pd.DataFrame | None = None,
    blad: str | None = None,
    gebiedenboek: Gebiedenboek | None = None,
) -> Levering:
    r"""Read a delivery of GP supply per area: persons, fte, by function, sex and age class.

    Parameters
    ----------
    pad
        csv or xlsx with a column of area codes and a column `fte` or `personen`; one level of area in a file.
    peiljaar
        Year of the municipal map that the gemeente codes are of, else the year of the file's own reference date;
        sums are moved to the map of 2024. A file that says another year is refused where the maps differ.
    fte_per_persoon
        Working hours factor (fte per person), one number or one per functie; without it a delivery of persons
        only is refused as supply. fte made with it has status `afgeleid`.
    functie
        Which GPs the file counts, if it has no such column: `alle`, `zonder_wisselend`, or a function.
    verdeling
        Shares for gemeenten divided since `peiljaar` (gm_oud, gm_nieuw, aandeel).
    blad
        Sheet of an xlsx with more than one.
    gebiedenboek
        Areas and codes; the snapshot's when not given.

    Returns
    -------
    Levering
        `tabel` is long: index `gebied` (code), columns gebiedsoort, personen, personen_status, fte,
        fte_status, functie, geslacht, leeftijdsklasse; a status is waargenomen, afgeleid, onderdrukt or
        ontbreekt. A key that the file does not have is `alle`, for functie `onbekend`. Persons under ten,
        what would give them back, and fte that follow from them are NaN with status onderdrukt
        (`kleineaantallen`); sums and the supply model are made from the exact rows.

    Raises
    ------
    BronFout
        If the file cannot be opened.
    LeveringFout
        With every fault: line, column, value and what to do.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import huisartsdata as hd
    >>> pad = pathlib.Path(tempfile.mkdtemp()) / "verzonnen.csv"
    >>> _ = pad.write_text("gebied;naam;personen;fte\nGM0106;Assen;40;29,5\nGM0114;Emmen;60;45,1\n")
    >>> levering = hd.read_nivel(pad, functie="alle")
    >>> float(levering.tabel["fte"].sum()), levering.gebieden
    (74.6, ('GM0106', 'GM0114'))
    """
    boek = gebiedenboek or Gebiedenboek.uit_snapshot()
    gevraagd = None if peiljaar is None else als_jaar(peiljaar)
    if gevraagd is not None:
        boek.kaart(gevraagd)  # a year without a map is refused before the file is opened
    ruw = lees_tabel(pad, herken=HERKEN, verwacht="gebied (code), fte of personen", blad=blad)
    fouten = Foutenlijst(ruw.bestand)
    opmerkingen = list(ruw.opmerkingen)
    vast = lees_functie(functie) if functie is not None else None
    if functie is not None and vast is None:
        fouten.meld(
            1, "functie", functie, "onbekende functie in de aanroep", f"kies uit: alle, {noem(FUNCTIES)}"
        )
    keur_kolommen(ruw, fouten, opmerkingen)
    fouten.stop()
    jaar = kies_kaartjaar(ruw, gevraagd, boek=boek, fouten=fouten, meld=opmerkingen)
    kaart = boek.kaart(jaar)

    lang, decimalen = lees_rijen(
        ruw, boek=boek, kaart=kaart, peiljaar=jaar, functie=vast, fouten=fouten, meld=opmerkingen
    )
    peildatum = lees_peildatum(ruw, gevraagd, fouten, opmerkingen)
    bekend = lang.loc[lang["gebied"] != ""]
    soort = keur_niveau(
        bekend.loc[bekend["gebied"] != TOTAAL],
        soorten=boek.soorten | dict.fromkeys(kaart, "gemeente"),
        fouten=fouten,
    )
    keur_dubbel(bekend, sleutels=SLEUTELS, fouten=fouten)
    waarden: dict[str, int] = {naam: decimalen[naam] for naam in ("personen", "fte") if naam in ruw.plaats}
    if not len(fouten):
        koppen: dict[str, str] = {naam: ruw.kop(naam) for naam in waarden}
        bekend, totalen = splits_totalen(
            bekend, sleutels=SLEUTELS, waarden=waarden, koppen=koppen, fouten=fouten
        )
        opmerkingen += totalen
        if bekend.empty:
            fouten.meld(
                ruw.kop_regel, "gebied", "", "er staan alleen totaalrijen in", "lever ook de gebieden zelf"
            )
    # also with other faults: the totals rows then carry no area of their own and do not disturb these
    echt = bekend.loc[bekend["gebied"] != TOTAAL]
    _keur_overlap(echt, fouten)
    keur_leeftijden(
        echt.loc[~echt["leeftijdsklasse"].str.startswith("?") & (echt["leeftijdsklasse"] != ALLE)],
        rest=["gebied", "functie", "geslacht"],
        fouten=fouten,
    )
    _keur_verhouding(echt, ruw, fouten)
    _keur_hoogte(echt, ruw, boek, fouten)
    fouten.stop()

    tabel = echt.drop(columns="regel")
    if soort == "gemeente":
        namen = list(waarden)
        verplaatst, verhaal = breng_naar_nu(
            _met_vlag(echt, namen),
            boek=boek,
            peiljaar=jaar,
            sleutels=SLEUTELS[1:],
            som=[*namen, *(f"{naam}_vlag" for naam in namen)],
            verdeling=verdeling,
            volledig=True,
            fouten=fouten,
        )
        opmerkingen += verhaal
        tabel = _uit_vlag(verplaatst, namen) if verhaal else tabel
    tabel = _leid_fte_af(tabel, fte_per_persoon, ruw, fouten, opmerkingen)
    # again: of fte that were made just now, and of codes of another year, whose people are known only after the move
    _keur_hoogte(tabel.assign(regel=ruw.kop_regel), ruw, boek, fouten)
    fouten.stop()
    uit = tabel.assign(gebiedsoort=soort).sort_values(SLEUTELS, kind="stable").set_index("gebied")
    uit = uit[
        [
            "gebiedsoort",
            "personen",
            "personen_status",
            "fte",
            "fte_status",
            "functie",
            "geslacht",
            "leeftijdsklasse",
        ]
    ]
    dicht, zin = verberg(uit)
    opmerkingen += [zin] if zin else []
    herkomst = Herkomst(
        bron="levering van de gebruiker",
        status=AFGELEID if (uit["fte_status"] == AFGELEID).any() else WAARGENOMEN,
        peildatum=peildatum,
        bestand=ruw.bestand,
        sha256=ruw.sha256,
        toelichting=f"aanbod per {soort}; functie: {noem(sorted(set(uit['functie'])))}",
    )
    gebieden = tuple(sorted(set(uit.index)))
    return Levering(dicht, "nivel", gebieden, peildatum, herkomst, tuple(opmerkingen), _exact=(dicht, uit))


def _keur_overlap(lang: pd.DataFrame, fouten: Foutenlijst) -> None:
    per_gebied = lang.groupby("gebied", sort=False)["functie"].agg(set)
    for geheel, delen in OMVAT.items():
        for code, functies in per_gebied.items():
            if geheel in functies and (dubbel := functies & delen):
                regel = lang.loc[(lang["gebied"] == code) & (lang["functie"] == geheel), "regel"].iloc[0]
                telt = f"'{geheel}' omvat {noem(sorted(dubbel))}: dan telt iedereen dubbel"
                fouten.meld(int(regel), "functie", geheel, telt, "laat het geheel of de delen weg")


def _keur_verhouding(lang: pd.DataFrame, ruw: RuweTabel, fouten: Foutenlijst) -> None:
    if "fte" not in ruw.plaats or "personen" not in ruw.plaats:
        return
    te_veel = lang.loc[lang["fte"] > MAX_FTE_PER_PERSOON * lang["personen"]]
    for regel, fte, personen in zip(te_veel["regel"], te_veel["fte"], te_veel["personen"], strict=True):
        waarde = f"{toon_getal(fte)} fte, {toon_getal(personen)} personen"
        fouten.meld(
            int(regel),
            ruw.kop("fte"),
            waarde,
            "meer dan 2 fte per persoon",
            "zijn fte en personen verwisseld?",
        )


def _keur_hoogte(lang: pd.DataFrame, ruw: RuweTabel, boek: Gebiedenboek, fouten: Foutenlijst) -> None:
    """Neither fte nor people of an area above what its inhabitants can have."""
    for naam, vanaf, advies in (
        ("fte", MIN_FTE_VERDACHT, "is een decimale komma weggevallen?"),
        (
            "personen",
            MIN_PERSONEN_VERDACHT,
            "staat hier een decimaal getal of een datum in plaats van een aantal?",
        ),
    ):
        gemaakt = naam not in ruw.plaats
        kop = "fte_per_persoon" if gemaakt else ruw.kop(naam)
        for code, groep in lang.dropna(subset=naam).groupby("gebied", sort=False):
            som, inwoners = float(groep[naam].sum()), boek.inwoners_van(str(code))
            if som > vanaf and som > MAX_FTE_PER_10000 * inwoners / 10_000:
                hoogste = groep[naam].to_numpy()
                regel = int(groep["regel"].to_numpy()[hoogste.argmax()])
                hoog = (
                    f"onwaarschijnlijk hoog: {toon_getal(som)} {naam} in {boek.voluit(str(code))}, "
                    f"{inwoners:.0f} inwoners"
                )
                fouten.meld(
                    regel,
                    kop,
                    toon_getal(hoogste.max()),
                    hoog,
                    "geef een kleinere factor" if gemaakt else advies,
                )


def _met_vlag(lang: pd.DataFrame, waarden: list[str]) -> pd.DataFrame:
    """A 0/1 column for what was suppressed: it moves along, so that the sum keeps its status."""
    return lang.assign(
        **{f"{naam}_vlag": (lang[f"{naam}_status"] == ONDERDRUKT).astype(float) for naam in waarden}
    )


def _uit_vlag(tabel: pd.DataFrame, waarden: list[str]) -> pd.DataFrame:
    uit = tabel.copy()
    for naam in ("personen", "fte"):
        if naam not in waarden:
            uit[naam], uit[f"{naam}_status"] = math.nan, ONTBREEKT
            continue
        uit[f"{naam}_status"] = uit[naam].isna().map({True: ONTBREEKT, False: WAARGENOMEN})
        uit.loc[uit[naam].isna() & (uit[f"{naam}_vlag"] > 0), f"{naam}_status"] = ONDERDRUKT
    return uit


def _is_factor(getal: Any) -> bool:
    is_getal = isinstance(getal, numbers.Real) and not isinstance(getal, bool)
    return is_getal and 0 < float(getal) <= MAX_FTE_PER_PERSOON


def _leid_fte_af(
    tabel: pd.DataFrame,
    factor: float | Mapping[str, float] | None,
    ruw: RuweTabel,
    fouten: Foutenlijst,
    opmerkingen: list[str],
) -> pd.DataFrame:
    """Fte from persons where the file has none and the caller gives the factor."""
    if factor is None:
        if tabel["fte"].isna().all():
            alleen = "er staan alleen personen in, geen fte: dat is nog geen aanbod"
            fouten.meld(
                ruw.kop_regel,
                "fte",
                "",
                alleen,
                "lever ook fte, of geef fte_per_persoon= op (dan is fte afgeleid)",
            )
        return tabel
    leeg = tabel["fte"].isna() & tabel["personen"].notna()
    if isinstance(factor, Mapping):  # asked for the functions that need it only
        per_functie = {functie: factor.get(functie) for functie in tabel.loc[leeg, "functie"]}
    else:
        per_functie = dict.fromkeys(tabel["functie"], factor)
    for functie, getal in sorted(per_functie.items()):
        if not _is_factor(getal):
            grens = f"geef voor functie '{functie}' een getal boven 0 en hoogstens 2, zoals 0.75"
            fouten.meld(ruw.kop_regel, "fte_per_persoon", getal, "geen bruikbare factor", grens)
    fouten.stop()
    if not leeg.any():
        opmerkingen.append("fte_per_persoon is niet gebruikt: nergens ontbreekt fte waar personen staan.")
        return tabel
    uit = tabel.copy()
    factoren = uit.loc[leeg, "functie"].map(per_functie).astype(float)
    uit.loc[leeg, "fte"] = uit.loc[leeg, "personen"] * factoren
    uit.loc[leeg, "fte_status"] = AFGELEID
    uit.loc[uit["fte"].isna(), "fte_status"] = uit.loc[uit["fte"].isna(), "personen_status"]
    opmerkingen.append(f"fte afgeleid uit personen voor {int(leeg.sum())} rijen.")
    return uit
