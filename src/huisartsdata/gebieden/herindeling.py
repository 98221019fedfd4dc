"""Municipal reorganisations: bring a table of one year onto the gemeenten of a later year.

The register names one successor per abolished gemeente. Where a gemeente was divided, or a village
moved without its gemeente ending, shares say which part went where; `load_verdeling` holds every
such move of 2013-2024 that shows in CBS's population series, to the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from huisartsdata.bronnen.catalogus import PEILJAAR, open_tabel
from huisartsdata.fouten import ContractFout, OnbekendGebiedFout, OnbekendPeiljaarFout, SplitsingFout

if TYPE_CHECKING:
    import pandas as pd

EERSTE_JAAR, LAATSTE_JAAR = 2012, 2025  # the codes of 2024 hold in 2025; 2026 is not confirmed
# A living gemeente that lost less than this share of its people in one year is not called divided:
# nobody would look for 11 people of Nijkerk. With `verdeling` given even those are moved.
MIN_AANDEEL_VERDEELD = 0.005


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
    """
    import pandas as pd

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


def overgang(van: int, naar: int, *, verdeling: pd.DataFrame | None = None) -> pd.DataFrame:
    """Shares by which the gemeenten of one year pass into those of a later year.

    Parameters
    ----------
    van, naar
        Years, `van` not after `naar`.
    verdeling
        Shares (`gm_oud`, `gm_nieuw`, `aandeel`, optionally `jaar`) as columns or index levels.
        Without `jaar` they hold in the year in which `gm_oud` ends.

    Returns
    -------
    DataFrame
        Columns `gm_oud`, `gm_nieuw`, `aandeel`; the shares of each `gm_oud` sum to 1.

    Raises
    ------
    SplitsingFout
        Naming each gemeente of `van` that was divided and has no shares.
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
    delen = _aandelen(verdeling, eind_van)
    bekend = load_verdeling().reset_index()
    stap = pd.DataFrame({"gm_oud": begin, "nu": begin, "aandeel": 1.0})
    geweigerd: dict[str, str] = {}
    for jaar in range(van + 1, naar + 1):
        naar_een = register.loc[jaar, "gm_nieuw"] if jaar in jaren else pd.Series(dtype="str")
        regels = pd.DataFrame({"nu": stap["nu"].unique()})
        regels["nieuw"] = regels["nu"].map(lambda c, m=naar_een: m.get(c, c))
        regels["deel"] = 1.0
        hier = delen[(delen["jaar"] == jaar) & delen["gm_oud"].isin(regels["nu"])]
        gedekt = set(hier["gm_oud"])
        verdeeld = bekend[(bekend["jaar"] == jaar) & ~bekend["gm_oud"].isin(gedekt)]
        for oud, groep in verdeeld.groupby("gm_oud"):
            grootste = groep["aandeel"].max()
            if groep["soort"].iat[0] != "grenscorrectie" or 1 - grootste >= MIN_AANDEEL_VERDEELD:
                for bron in map(str, stap.loc[stap["nu"] == oud, "gm_oud"]):
                    geweigerd[bron] = (
                        f"{bron} in {jaar}" if bron == oud else f"{bron} (via {oud!s} in {jaar})"
                    )
        extra = hier.rename(columns={"gm_oud": "nu", "gm_nieuw": "nieuw", "aandeel": "deel"})
        regels = pd.concat([regels[~regels["nu"].isin(gedekt)], extra[["nu", "nieuw", "deel"]]])
        stap = stap.merge(regels, on="nu")
        stap["aandeel"] *= stap["deel"]
        stap = (
            stap.groupby(["gm_oud", "nieuw"])["aandeel"].sum().reset_index().rename(columns={"nieuw": "nu"})
        )
    if geweigerd:
        raise SplitsingFout(
            "verdeeld over meer gemeenten, dus niet met één code over te zetten: "
            + ", ".join(geweigerd.values())
            + ". Geef verdeling=hd.load_verdeling() of eigen aandelen (gm_oud, gm_nieuw, aandeel).",
            geweigerd,
        )
    vreemd = sorted(set(stap["nu"]) - set(einde))
    if vreemd:
        raise OnbekendGebiedFout(
            f"de aandelen wijzen naar codes die in {naar} niet bestaan: {', '.join(vreemd)}", vreemd
        )
    return stap.rename(columns={"nu": "gm_nieuw"})


def _aandelen(verdeling: pd.DataFrame | None, eind_van: pd.Series) -> pd.DataFrame:
    import pandas as pd

    kolommen = ["jaar", "gm_oud", "gm_nieuw", "aandeel"]
    if verdeling is None:
        return pd.DataFrame({k: pd.Series(dtype="float64" if k == "aandeel" else "object") for k in kolommen})
    d = verdeling.reset_index() if any(verdeling.index.names) else verdeling.copy()
    if ontbreekt := [k for k in kolommen[1:] if k not in d]:
        raise _contractfout(
            [(0, k, "-", "kolom ontbreekt in de verdeling", "voeg de kolom toe") for k in ontbreekt]
        )
    if "jaar" not in d:
        d["jaar"] = d["gm_oud"].map(eind_van)
        if d["jaar"].isna().any():
            codes = sorted(set(d.loc[d["jaar"].isna(), "gm_oud"]))
            raise SplitsingFout(
                f"{', '.join(codes)} is niet opgeheven; geef in de verdeling een kolom 'jaar' op", codes
            )
    som = d.groupby(["jaar", "gm_oud"])["aandeel"].agg(["sum", "min"])
    fout = som[((som["sum"] - 1).abs() > 1e-9) | (som["min"] < 0) | som["sum"].isna()]
    if len(fout):
        raise _contractfout(
            [
                (
                    0,
                    "aandeel",
                    f"{r.gm_oud} ({r.jaar}): {r.sum}",
                    "aandelen tellen niet op tot 1",
                    "vul alle delen in",
                )
                for r in fout.reset_index().itertuples()
            ]
        )
    return d[kolommen]


def _contractfout(rijen: list[tuple[object, ...]]) -> ContractFout:
    import pandas as pd

    return ContractFout(
        "de tabel is niet om te zetten",
        pd.DataFrame(rijen, columns=["regel", "kolom", "waarde", "probleem", "advies"]),
    )


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
        Codes that did not exist in `van`, or gemeenten of which only a part is in the table.
    ContractFout
        Columns without a rule, or a weight that is missing or negative.

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

    som, gemiddelde = list(som), list(gemiddelde)
    _controleer_kolommen(tabel, som, gemiddelde, gewicht)
    matrix = overgang_voor(tabel, van, naar, verdeling)
    lang = tabel[[*som, *gemiddelde]].reset_index().merge(matrix, left_on="gm_code", right_on="gm_oud")
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
    try:
        matrix = overgang(van, naar, verdeling=verdeling)
    except SplitsingFout as e:
        nodig = [c for c in e.codes if c in codes]
        if nodig:
            raise SplitsingFout(
                f"verdeeld over meer gemeenten: {', '.join(nodig)}. "
                "Geef verdeling=hd.load_verdeling() of eigen aandelen (gm_oud, gm_nieuw, aandeel).",
                nodig,
            ) from None
        matrix = overgang(van, naar, verdeling=load_verdeling())
    raakt = set(matrix.loc[matrix["gm_oud"].isin(codes), "gm_nieuw"])
    # a village of a few people moved from a neighbour does not make a gemeente incomplete
    delen = matrix[matrix["gm_nieuw"].isin(raakt) & (matrix["aandeel"] > MIN_AANDEEL_VERDEELD)]
    ontbreekt = sorted(set(delen["gm_oud"]) - codes)
    if ontbreekt:
        raise OnbekendGebiedFout(
            f"de tabel mist gemeenten die in {naar} deel zijn van een gemeente in de tabel: "
            f"{', '.join(ontbreekt)}; vul ze aan (NaN mag)",
            ontbreekt,
        )
    return matrix[matrix["gm_oud"].isin(codes)]


def _controleer_kolommen(
    tabel: pd.DataFrame, som: list[str], gemiddelde: list[str], gewicht: str | None
) -> None:
    fouten: list[tuple[object, ...]] = []
    if "gm_code" not in tabel.index.names:
        fouten.append(
            (0, "index", str(tabel.index.names), "geen gm_code in de index", "gebruik set_index('gm_code')")
        )
        raise _contractfout(fouten)
    if tabel.index.has_duplicates:
        dubbel = tabel.index[tabel.index.duplicated()][0]
        fouten.append((0, "index", dubbel, "staat er meer dan één keer", "houd één rij per gemeente"))
    for k in tabel.columns:
        if k not in som and k not in gemiddelde:
            fouten.append((0, k, "-", "geen regel voor deze kolom", "noem hem in som= of gemiddelde="))
        elif not all(t in "iuf" for t in tabel[k].dtype.kind):
            fouten.append((0, k, tabel[k].dtype, "geen getallen", "zet de kolom om naar getallen"))
    fouten += [
        (0, k, "-", "kolom ontbreekt", "controleer de naam") for k in [*som, *gemiddelde] if k not in tabel
    ]
    fouten += [(0, k, "-", "staat in som en in gemiddelde", "kies één") for k in som if k in gemiddelde]
    if gemiddelde and gewicht not in som:
        fouten.append((0, str(gewicht), "-", "gewicht ontbreekt in som", "geef gewicht= een kolom uit som"))
    elif gemiddelde and gewicht in tabel and not fouten:
        slecht = tabel.index[~(tabel[gewicht] >= 0)]
        fouten += [(0, str(gewicht), c, "gewicht ontbreekt of is negatief", "vul het in") for c in slecht]
    if fouten:
        raise _contractfout(fouten)
