"""Municipal reorganisations: bring a table of one year onto the gemeenten of a later year.

The register names one successor per abolished gemeente. Where a gemeente was divided, or a village
moved without its gemeente ending, shares say which part went where; `load_verdeling` holds every
such move of 2013-2024 that shows in CBS's population series, to the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from huisartsdata.bronnen.catalogus import PEILJAAR, open_tabel
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout, OnbekendPeiljaarFout, SplitsingFout
from huisartsdata.gebieden.herindelingkeur import (
    als_jaar,
    getallen,
    keur_aandelen,
    keur_lijst,
    keur_tabel,
    keur_vorm,
)

if TYPE_CHECKING:
    import pandas as pd

EERSTE_JAAR, LAATSTE_JAAR = 2012, 2025  # the codes of 2024 hold in 2025; 2026 is not confirmed
# A living gemeente that lost less than this share of its people in one year is not called divided:
# nobody would look for 11 people of Nijkerk. With `verdeling` given even those are moved.
MIN_AANDEEL_VERDEELD = 0.005
MATE = 1e-9  # relative: sums before and after must agree to the bits of a float


def load_herindelingen() -> pd.DataFrame:
    """Reorganisations 2010-2026, one row per abolished gemeente.

    Index `jaar`, `gm_oud`; `naam_oud`, `gm_nieuw`, `naam_nieuw`, `bron`, `status`. `jaar` is
    the first 1 January on which the new code holds.
    """
    return open_tabel("herindelingen")


def load_verdeling() -> pd.DataFrame:
    """Known divisions: which share of a gemeente's people went where.

    Returns
    -------
    DataFrame
        Index `jaar`, `gm_oud`, `gm_nieuw`; `aandeel` (sums to 1 per `jaar` and `gm_oud`),
        `inwoners`, `soort` (opgeheven en verdeeld, or grenscorrectie), `methode`.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> haaren = hd.load_verdeling().loc[(2021, "GM0788"), "aandeel"]
    >>> sorted(haaren.index), round(float(haaren.sum()), 9)
    (['GM0757', 'GM0824', 'GM0855', 'GM0865'], 1.0)
    """
    return open_tabel("verdeling")


def gemeentecodes(jaar: int) -> pd.Index[str]:
    """Codes of all gemeenten on 1 January of a year.

    Raises
    ------
    OnbekendPeiljaarFout
        Outside 2012-2025.
    ParameterFout
        When the year is no whole number.
    """
    import pandas as pd

    jaar = als_jaar(jaar, "jaar")
    if not EERSTE_JAAR <= jaar <= LAATSTE_JAAR:
        raise OnbekendPeiljaarFout(
            f"de gemeenten van {jaar} zijn niet bekend; kies een jaar van {EERSTE_JAAR} tot {LAATSTE_JAAR}",
            [str(jaar)],
        )
    bevolking = open_tabel("bevolking")
    if jaar in bevolking.index.get_level_values("jaar"):
        codes = list(bevolking.loc[jaar].index)
    else:
        codes = list(open_tabel("gemeenten", peiljaar=PEILJAAR).index)
    index: pd.Index[str] = pd.Index(codes, name="gm_code")
    return index


def _alle_codes() -> set[str]:
    """Every gemeente code of 2012-2025."""
    bevolking = open_tabel("bevolking").index.get_level_values("gm_code")
    return {*bevolking, *open_tabel("gemeenten", peiljaar=PEILJAAR).index}


def overgang(van: int, naar: int, *, verdeling: pd.DataFrame | None = None) -> pd.DataFrame:
    """Shares by which the gemeenten of one year pass into those of a later year.

    Parameters
    ----------
    van, naar
        Years, `van` not after `naar`.
    verdeling
        Shares (`gm_oud`, `gm_nieuw`, `aandeel`, optionally `jaar`) as columns or index levels.
        Without `jaar` they hold in the year in which `gm_oud` ends. Shares of a year that is not
        after `van` and up to `naar` have no part in it and are passed over.

    Returns
    -------
    DataFrame
        Columns `gm_oud`, `gm_nieuw`, `aandeel`; the shares of each `gm_oud` sum to 1.

    Raises
    ------
    SplitsingFout
        Naming each gemeente of `van` that was divided and has no shares.
    OnbekendGebiedFout
        When shares name a gemeente that never was, or not any more in their year.
    """
    van, naar = als_jaar(van, "van"), als_jaar(naar, "naar")
    stap, geweigerd = _loop_jaren(van, naar, verdeling)
    _weiger(geweigerd)
    return stap


def _weiger(geweigerd: dict[str, str]) -> None:
    if geweigerd:
        raise SplitsingFout(
            "verdeeld over meer gemeenten, dus niet met één code over te zetten: "
            + ", ".join(geweigerd.values())
            + ". Geef verdeling=hd.load_verdeling() of eigen aandelen (gm_oud, gm_nieuw, aandeel).",
            geweigerd,
        )


def _loop_jaren(van: int, naar: int, verdeling: pd.DataFrame | None) -> tuple[pd.DataFrame, dict[str, str]]:
    """The passage of every gemeente, year by year; and those divided without shares, in words.

    For the latter the known shares are used, so that a table without them still learns which
    gemeenten it lacks.
    """
    import pandas as pd

    begin, einde = gemeentecodes(van), gemeentecodes(naar)
    if van > naar:
        raise OnbekendPeiljaarFout(
            f"terug in de tijd ({van} naar {naar}) kan niet: een samenvoeging is niet terug te rekenen; "
            "breng beide tabellen naar het latere jaar",
            [str(van), str(naar)],
        )
    register = load_herindelingen()
    jaren = set(register.index.get_level_values("jaar"))
    eind_van = register.reset_index().set_index("gm_oud")["jaar"]
    delen = keur_aandelen(verdeling, eind_van, {*_alle_codes(), *eind_van.index})
    bekend = load_verdeling().reset_index()
    stap = pd.DataFrame({"gm_oud": begin, "nu": begin, "aandeel": 1.0})
    geweigerd: dict[str, str] = {}
    for jaar in range(van + 1, naar + 1):
        naar_een = register.loc[jaar, "gm_nieuw"] if jaar in jaren else pd.Series(dtype="str")
        regels = pd.DataFrame({"nu": stap["nu"].unique()})
        regels["nieuw"] = regels["nu"].map(lambda c, m=naar_een: m.get(c, c))
        regels["deel"] = 1.0
        hier = delen[delen["jaar"] == jaar]
        if onbruikbaar := sorted(set(hier["gm_oud"]) - set(regels["nu"])):
            raise OnbekendGebiedFout(
                f"de verdeling van {jaar} noemt gemeenten die op 1 januari {jaar - 1} niet bestonden: "
                f"{', '.join(onbruikbaar)}; verbeter gm_oud of jaar",
                onbruikbaar,
            )
        extra = [hier]
        verdeeld = bekend[(bekend["jaar"] == jaar) & ~bekend["gm_oud"].isin(set(hier["gm_oud"]))]
        for oud, groep in verdeeld.groupby("gm_oud"):
            grootste = groep["aandeel"].max()
            if groep["soort"].iat[0] != "grenscorrectie" or 1 - grootste >= MIN_AANDEEL_VERDEELD:
                extra.append(groep)
                for bron in map(str, stap.loc[stap["nu"] == oud, "gm_oud"]):
                    geweigerd[bron] = (
                        f"{bron} in {jaar}" if bron == oud else f"{bron} (via {oud!s} in {jaar})"
                    )
        gedeeld = pd.concat([d for d in extra if len(d)] or [hier])[["gm_oud", "gm_nieuw", "aandeel"]]
        gedeeld = gedeeld.set_axis(["nu", "nieuw", "deel"], axis=1)
        regels = regels[~regels["nu"].isin(gedeeld["nu"])]
        stap = stap.merge(pd.concat([regels, gedeeld]) if len(gedeeld) else regels, on="nu")
        stap["aandeel"] *= stap["deel"]
        stap = (
            stap.groupby(["gm_oud", "nieuw"])["aandeel"].sum().reset_index().rename(columns={"nieuw": "nu"})
        )
    vreemd = sorted(set(stap["nu"]) - set(einde), key=str)
    if vreemd:
        raise OnbekendGebiedFout(
            f"de aandelen wijzen naar codes die in {naar} niet bestaan: {', '.join(map(str, vreemd))}", vreemd
        )
    return stap.rename(columns={"nu": "gm_nieuw"}), geweigerd


def herindeel(
    tabel: pd.DataFrame,
    *,
    van: int,
    naar: int,
    som: Sequence[str] = (),
    gemiddelde: Sequence[str] = (),
    gewicht: str | None = None,
    verdeling: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Bring a table per gemeente of year `van` onto the gemeenten of year `naar`.

    Sums are moved by shares and keep their national total; means are weighted by `gewicht`, which
    is moved by the same shares. A missing value makes the result it enters missing.

    Parameters
    ----------
    tabel
        Index `gm_code`, or a MultiIndex with a level `gm_code`; every column is named in `som` or
        `gemiddelde`.
    van, naar
        Years (1 January) of the table and of the result, 2012-2025.
    som
        Columns to add up (people, fte).
    gemiddelde
        Columns to average (distance, share).
    gewicht
        Column of `som` that weighs the means; required with `gemiddelde`.
    verdeling
        Shares of divided gemeenten: `load_verdeling()` or your own; see `overgang`.

    Returns
    -------
    DataFrame
        The same columns and index levels, on the gemeenten of `naar`.

    Raises
    ------
    SplitsingFout
        Naming every divided gemeente without shares.
    OnbekendGebiedFout
        Codes that did not exist in `van`, or gemeenten of which only a part is in the table, also
        where that is so for one class of the other index levels.
    ContractFout
        Columns without a rule, names that clash, a missing index value, or a weight that is
        missing or negative.
    ParameterFout
        No DataFrame, or a year that is no number.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> oud = hd.load_bevolking().loc[2012, ["inwoners_1_januari"]]
    >>> delen = hd.load_verdeling()
    >>> nieuw = hd.herindeel(oud, van=2012, naar=2024, som=["inwoners_1_januari"], verdeling=delen)
    >>> len(nieuw), float(nieuw["inwoners_1_januari"].sum().round())
    (342, 16730348.0)
    """
    import pandas as pd

    keur_vorm(tabel, "de tabel")
    som, gemiddelde = keur_lijst(som, "som"), keur_lijst(gemiddelde, "gemiddelde")
    keur_tabel(tabel, som, gemiddelde, gewicht)
    matrix = overgang_voor(tabel, als_jaar(van, "van"), als_jaar(naar, "naar"), verdeling)
    cijfers = pd.DataFrame({k: getallen(tabel[k]) for k in [*som, *gemiddelde]}, index=tabel.index)
    lang = cijfers.reset_index().merge(matrix, left_on="gm_code", right_on="gm_oud")
    sleutels = list(tabel.index.names)
    lang = lang.drop(columns="gm_code").rename(columns={"gm_nieuw": "gm_code"})
    uit = lang[sleutels].copy()
    for k in som:
        uit[k] = lang[k] * lang["aandeel"]
    for k in gemiddelde:
        uit[k] = lang[k] * lang[gewicht] * lang["aandeel"]
        # a part without weight (no people) has no say, also when its mean is missing
        uit.loc[lang[gewicht] * lang["aandeel"] == 0, k] = 0.0
    resultaat = uit.groupby(sleutels, sort=True)[[*som, *gemiddelde]].sum(min_count=1, skipna=False)
    heel = [k for k in som if not cijfers[k].isna().any()]
    # a table may hold both signs, so the size of the sum alone says nothing about its rounding
    scheelt = (resultaat[heel].sum() - cijfers[heel].sum()).abs() > MATE * cijfers[heel].abs().sum().clip(
        lower=1
    )
    if scheelt.any():
        raise HuisartsdataFout(
            f"het totaal van {', '.join(scheelt.index[scheelt])} verandert door de herindeling; "
            "controleer de verdeling en meld dit als fout"
        )
    for k in gemiddelde:
        resultaat[k] = resultaat[k] / resultaat[gewicht].where(resultaat[gewicht] > 0)
    return pd.DataFrame(resultaat[list(tabel.columns)])


def overgang_voor(tabel: pd.DataFrame, van: int, naar: int, verdeling: pd.DataFrame | None) -> pd.DataFrame:
    """The rows of `overgang` that a table needs; refuses unknown codes and half gemeenten."""
    codes = set(tabel.index.get_level_values("gm_code"))
    vreemd = sorted(codes - set(gemeentecodes(van)), key=str)
    if vreemd:
        raise OnbekendGebiedFout(
            f"deze codes bestonden op 1 januari {van} niet: {', '.join(map(str, vreemd[:20]))}; "
            "controleer het peiljaar van de tabel",
            map(str, vreemd),
        )
    matrix, geweigerd = _loop_jaren(van, naar, verdeling)
    _weiger({c: zin for c, zin in geweigerd.items() if c in codes})
    _keur_volledig(tabel, matrix, naar)
    return matrix[matrix["gm_oud"].isin(codes)]


def _keur_volledig(tabel: pd.DataFrame, matrix: pd.DataFrame, naar: int) -> None:
    """Every gemeente that the table touches has all its parts, in each class of the other levels."""
    import pandas as pd

    namen = list(tabel.index.names)
    klassen = [n for n in namen if n != "gm_code"]
    er = tabel.index.to_frame(index=False).rename(columns={"gm_code": "gm_oud"})
    raakt = er.merge(matrix[["gm_oud", "gm_nieuw"]], on="gm_oud")[[*klassen, "gm_nieuw"]].drop_duplicates()
    # a village of a few people moved from a neighbour does not make a gemeente incomplete
    delen = matrix.loc[matrix["aandeel"] > MIN_AANDEEL_VERDEELD, ["gm_oud", "gm_nieuw"]]
    nodig = raakt.merge(delen, on="gm_nieuw").rename(columns={"gm_oud": "gm_code"})[namen].drop_duplicates()
    gezocht = pd.MultiIndex.from_frame(nodig) if klassen else pd.Index(nodig["gm_code"])
    mist = nodig[~gezocht.isin(tabel.index)].sort_values("gm_code", kind="stable")
    if mist.empty:
        return
    zinnen = [
        f"{r['gm_code']} ({', '.join(f'{k} {r[k]}' for k in klassen)})" if klassen else str(r["gm_code"])
        for r in mist.head(20).to_dict("records")
    ]
    rest = f" en nog {len(mist) - len(zinnen)}" if len(mist) > len(zinnen) else ""
    raise OnbekendGebiedFout(
        f"de tabel mist gemeenten die in {naar} deel zijn van een gemeente in de tabel: "
        f"{', '.join(zinnen)}{rest}; vul ze aan (NaN mag)",
        dict.fromkeys(mist["gm_code"]),
    )
