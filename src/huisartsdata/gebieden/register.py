"""Gemeenten, wijken, buurten, region types, practices and signals: the loaders.

Every loader verifies the file's hash, and that the people in it tie to the national total, before
it gives a fresh copy. Codes are strings; geometry is EPSG:28992.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from huisartsdata.bronnen.catalogus import PEILJAAR, open_tabel, snapshot
from huisartsdata.bronnen.parameters import load_parameters
from huisartsdata.fouten import BronFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.schema import REGIOSOORTEN

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

Detail = Literal["land", "regio"]
SOORTEN = ("land", *REGIOSOORTEN, "gemeente", "wijk", "buurt")
# what people call an area -> its other names in the tables; regions say Friesland, the province Fryslân
ROEPNAMEN = {
    "den haag": ("'s-gravenhage",),
    "den bosch": ("'s-hertogenbosch",),
    "friesland": ("fryslân",),
    "fryslân": ("friesland",),
    "fryslan": ("fryslân", "friesland"),
}
AANHALING = str.maketrans(dict.fromkeys("’‘‛ʼ`´", "'"))
MAX_VRAAG = 60  # characters of a question that a message repeats
LANDCODE, LANDNAAM = "NL01", "Nederland"

# CBS rounds wijken and buurten to 5 people, so their sums may miss the national total by a little;
# measured on 2024: 227 and 27. Ten times that would be a fault in reading.
MAX_AFRONDING = {"wijken": 2_500, "buurten": 2_500}


def _geo(naam: str, peiljaar: int) -> gpd.GeoDataFrame:
    import geopandas as gpd

    tabel = open_tabel(naam, peiljaar=peiljaar)
    if not isinstance(tabel, gpd.GeoDataFrame):
        raise BronFout(f"de tabel '{naam}' heeft geen geometrie; haal de grenzen opnieuw op")
    return tabel


def landelijk_totaal(peiljaar: int = PEILJAAR) -> float:
    """People in the country: from the snapshot where it tells, else the constant of that year.

    Raises
    ------
    BronFout
        When neither is there.

    Examples
    --------
    >>> landelijk_totaal()
    17942942.0
    """
    eigen = snapshot(peiljaar).inwoners
    if eigen is not None:
        return eigen
    parameter = load_parameters().get(f"inwoners_{peiljaar}")
    if parameter is None:
        raise BronFout(
            f"het landelijke aantal inwoners van {peiljaar} is niet bekend; "
            "zet 'inwoners' in de snapshot.toml van dat jaar"
        )
    return parameter.waarde


def sluitverschil(naam: str, *, peiljaar: int = PEILJAAR) -> float:
    """People in a table minus the national total of its reference year.

    >>> sluitverschil("gemeenten"), sluitverschil("wijken"), sluitverschil("buurten")
    (0.0, -227.0, -27.0)
    """
    return float(open_tabel(naam, peiljaar=peiljaar)["inwoners"].sum()) - landelijk_totaal(peiljaar)


def _sluit_aan(naam: str, peiljaar: int) -> None:
    verschil = sluitverschil(naam, peiljaar=peiljaar)
    if abs(verschil) > MAX_AFRONDING.get(naam, 0):
        raise BronFout(
            f"de tabel '{naam}' telt {verschil:+.0f} inwoners ten opzichte van het landelijke totaal; "
            "draai 'huisartsdata check' en zet de snapshot terug"
        )


def load_gemeenten(*, peiljaar: int = PEILJAAR, detail: Detail = "land") -> gpd.GeoDataFrame:
    """Gemeenten with their regions, people and borders.

    Parameters
    ----------
    peiljaar
        Reference year (1 January).
    detail
        ``"land"`` for maps of the country (borders to 200 m), ``"regio"`` for maps of a region
        (to 25 m; these borders coincide with those of the wijken).

    Returns
    -------
    GeoDataFrame
        Index `gm_code`; `naam`, for each region type X the columns `X_code` and `X`,
        `stedelijkheid` (1 very urban to 5 rural), `inwoners`, `inwoners_0_15`, `inwoners_65_plus`,
        `afstand_huisarts_km` (road distance to the nearest practice, mean over inhabitants),
        `omgevingsadressendichtheid` (addresses per km2), `inkomen_per_inwoner` (1,000 euro),
        `goed_ervaren_gezondheid` (percent), `geometry`.

    Raises
    ------
    OnbekendPeiljaarFout
        When there is no snapshot of that year.
    ParameterFout
        For another `detail`.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> gm = hd.load_gemeenten()
    >>> len(gm), int(gm["inwoners"].sum())
    (342, 17942942)
    """
    if detail not in ("land", "regio"):
        raise ParameterFout(f"detail {detail!r:.40} kan niet; kies 'land' of 'regio'")
    _sluit_aan("gemeenten", peiljaar)
    gm = _geo("gemeenten", peiljaar)
    if detail == "regio":
        gm = gm.set_geometry(_geo("gemeentegrenzen_regio", peiljaar).geometry.reindex(gm.index))
    return gm


def load_wijken(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Wijken with people and borders (to 25 m); people are rounded to 5 by CBS.

    Returns
    -------
    GeoDataFrame
        Index `wk_code`; `naam`, `gm_code`, `inwoners`, `inwoners_0_15`, `inwoners_65_plus`,
        `afstand_huisarts_km`, `inkomen_per_inwoner` (1,000 euro), `stedelijkheid`, `geometry`.
        NaN where CBS publishes no figure.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> len(hd.load_wijken())
    3393
    """
    _sluit_aan("wijken", peiljaar)
    return _geo("wijken", peiljaar)


def load_water(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Large water: the 81 wijken without land (index `wk_code`; `gm_code`, `geometry`).

    CBS's map has one more area without land, "Buitenland", which is no water and is left out.
    """
    return _geo("water", peiljaar)


def load_buurten(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Buurten with people and a point (missing for 8); people are rounded to 5 by CBS.

    Returns
    -------
    GeoDataFrame
        Index `bu_code`; `naam`, `wk_code`, `gm_code`, `pc4` (most common), `inwoners`,
        `inwoners_0_15`, `inwoners_65_plus`, `afstand_huisarts_km`, `stedelijkheid`,
        `inkomen_per_inwoner` (1,000 euro), `omgevingsadressendichtheid` (addresses per km2),
        `oppervlakte_land_ha`, `huishoudens`, `goed_ervaren_gezondheid` (percent, model estimate),
        `geometry` (Point).

    Examples
    --------
    >>> import huisartsdata as hd
    >>> bu = hd.load_buurten()
    >>> len(bu), int(bu.geometry.isna().sum())
    (14574, 8)
    """
    _sluit_aan("buurten", peiljaar)
    return _geo("buurten", peiljaar)


def load_buurtvlakken(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Buurt polygons of Drenthe (placed to within 159 m) and the Drechtsteden, for sketch maps only."""
    return _geo("buurtvlakken", peiljaar)


def load_leeftijden(*, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """People per buurt and five-year age group: ages of 2021 in the totals of 2024 (status afgeleid).

    Returns
    -------
    DataFrame
        Index `bu_code`, `leeftijdsgroep`; `inwoners`, `status`.
    """
    return open_tabel("leeftijden", peiljaar=peiljaar)


def load_praktijken(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """GP practices: one row per practice under a made-up id, placed where the people of its PC4 live.

    Returns
    -------
    GeoDataFrame
        Index `praktijk_id`; `pc4`, `gm_code`, `fte` and `ingeschreven` (NaN until delivered),
        `fte_status`, `open_voor_inschrijving` (ja, nee, onbekend), `geometry` (Point).

    Examples
    --------
    >>> import huisartsdata as hd
    >>> len(hd.load_praktijken())
    4866
    """
    return _geo("praktijken", peiljaar)


def load_pc4(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Four-digit postcodes: people of 2021, practices and practice addresses, and where people live.

    Returns
    -------
    GeoDataFrame
        Index `pc4`; `gm_code`, `inwoners_2021`, `praktijken`, `adressen`, `geometry` (Point).
    """
    return _geo("pc4", peiljaar)


def load_signalen(*, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """Observed signals (patient stops, waiting lists, people without a GP), as published.

    Signals never enter the model. Index `signaal_id`; see `schema.CONTRACTEN["signalen"]`.
    `n` is the sample where it was published; a bound without a point value stands in
    `waarde_laag` or `waarde_hoog`.
    """
    return open_tabel("signalen", peiljaar=peiljaar)


def load_feiten(*, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """Published facts, each with source, address and grade (A publisher itself to D own derivation)."""
    return open_tabel("feiten", peiljaar=peiljaar)


def load_engeland(*, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """English local authorities of 2019, where GP supply is public: what the Dutch estimate is tested on.

    Returns
    -------
    DataFrame
        Index `lad_code`; `graafschap` (48 counties, London in five), `inwoners` (mid-2018), `praktijken`,
        `adressen` (distinct places), `ingeschreven`, `personen` (GPs), `fte`. Contains information from NHS
        England, licensed under the Open Government Licence v3.0.
    """
    return open_tabel("engeland_lad", peiljaar=peiljaar)


def load_bevolking(*, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """People, births, deaths and moves per year and gemeente 2012-2023, each on its own year's map.

    Index `jaar`, `gm_code`. Bring a year onto another map with `hd.herindeel`.
    """
    return open_tabel("bevolking", peiljaar=peiljaar)


def load_afstand(*, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """Road distance to the nearest practice per gemeente in 2012, 2018, 2019 and 2022-2024 (km).

    Index `jaar`, `gm_code`, each year on its own map; `inwoners` weighs the mean.
    """
    return open_tabel("afstand", peiljaar=peiljaar)


def load_gebieden(per: str, *, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """Areas of one type: code, name, people and the gemeenten they consist of.

    Parameters
    ----------
    per
        One of ``land``, ``provincie``, ``regioplus``, ``corop``, ``ggdregio``,
        ``veiligheidsregio``, ``zorgkantoorregio`` (long-term care, map of 2019) or ``gemeente``.

    Returns
    -------
    DataFrame
        Index `code`; `naam`, `inwoners`, `gemeenten` (tuple of gm_code).

    Raises
    ------
    OnbekendGebiedFout
        For an unknown type.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> len(hd.load_gebieden("regioplus")), len(hd.load_gebieden("provincie").loc["PV22", "gemeenten"])
    (28, 12)
    """
    if not isinstance(per, str):
        raise _geen_soort(per)
    _sluit_aan("gemeenten", peiljaar)  # also opens the file, so one that changed is refused here
    return _groepeer(per, peiljaar, snapshot(peiljaar).tabellen["gemeenten"].sha256).copy()


@lru_cache(maxsize=32)
def _groepeer(per: str, peiljaar: int, _sha256: str) -> pd.DataFrame:
    """The areas of one type, made once per snapshot; nobody but `load_gebieden` sees this frame itself."""
    import pandas as pd

    gm = load_gemeenten(peiljaar=peiljaar)
    code, naam = gebiedskolommen(per, gm)
    g = gm.drop(columns="geometry").assign(code=code, gebiedsnaam=naam).rename_axis("gm_code").reset_index()
    groep = g.groupby("code", sort=True)
    return pd.DataFrame(
        {
            "naam": groep["gebiedsnaam"].first(),
            "inwoners": groep["inwoners"].sum(),
            "gemeenten": groep["gm_code"].agg(tuple),
        }
    )


def gebiedskolommen(per: str, gemeenten: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Code and name of the area of type `per` that each gemeente belongs to, by gm_code."""
    import pandas as pd

    if per in REGIOSOORTEN:
        return gemeenten[f"{per}_code"], gemeenten[per]
    if per == "gemeente":
        return pd.Series(gemeenten.index, index=gemeenten.index), gemeenten["naam"]
    if per == "land":
        land = pd.Series(LANDCODE, index=gemeenten.index)
        return land, land.replace(LANDCODE, LANDNAAM)
    raise _geen_soort(per)


def _geen_soort(per: object) -> OnbekendGebiedFout:
    keuze = ", ".join(("land", *REGIOSOORTEN, "gemeente"))
    return OnbekendGebiedFout(f"'{per!s:.60}' is geen gebiedssoort; kies uit {keuze}", [str(per)])


def _vouw(tekst: str) -> str:
    """Text for comparing names: one form of each letter and quote, no case, single spaces."""
    gelijk = unicodedata.normalize("NFKC", tekst).translate(AANHALING)
    return " ".join(gelijk.casefold().split())


def zoek_gebied(tekst: str, *, peiljaar: int = PEILJAAR) -> tuple[str, str, str]:
    """Find an area by code, name or ``soort:naam``; gives (soort, code, naam).

    A bare name is a gemeente's if a gemeente has it, and otherwise of the one area that has it.

    Raises
    ------
    OnbekendGebiedFout
        When nothing or more than one area fits; the message lists the choices.

    Examples
    --------
    >>> zoek_gebied("PV22"), zoek_gebied("Dordrecht")
    (('provincie', 'PV22', 'Drenthe'), ('gemeente', 'GM0505', 'Dordrecht'))
    >>> zoek_gebied("provincie:utrecht"), zoek_gebied("Nederland")
    (('provincie', 'PV26', 'Utrecht'), ('land', 'NL01', 'Nederland'))
    """
    import difflib

    if not isinstance(tekst, str):
        raise OnbekendGebiedFout(
            f"een gebied is een code of naam, geen {type(tekst).__name__}", [f"{tekst!r:.60}"]
        )
    kort = tekst if len(tekst) <= MAX_VRAAG else f"{tekst[:MAX_VRAAG]}..."
    vraag = _vouw(tekst)
    soort, dubbelepunt, naam = (deel.strip() for deel in vraag.partition(":"))
    tabellen = {s: load_gebieden(s, peiljaar=peiljaar) for s in ("gemeente", *REGIOSOORTEN, "land")}
    if dubbelepunt and soort not in tabellen:
        raise OnbekendGebiedFout(
            f"'{kort}': '{soort[:MAX_VRAAG]}' is geen gebiedssoort; kies uit {', '.join(tabellen)}", [kort]
        )
    if dubbelepunt:
        tabellen, vraag = {soort: tabellen[soort]}, naam
    sleutels = {vraag, *ROEPNAMEN.get(vraag, ())}
    treffers: dict[str, list[tuple[str, str, str]]] = {}
    for s, t in tabellen.items():
        namen = t["naam"].map(_vouw)
        # eight gemeenten carry a suffix ("Hengelo (O.)"); their bare name finds them too
        raak = namen.isin(sleutels) | namen.str.replace(r" \([a-z]+\.\)$", "", regex=True).isin(sleutels)
        raak |= t.index.str.casefold() == vraag
        treffers[s] = [(s, str(c), str(t.at[c, "naam"])) for c in t.index[raak]]
    # a bare name is first of all a gemeente's
    gevonden = treffers.get("gemeente") or [x for lijst in treffers.values() for x in lijst]
    gevonden = [x for x in gevonden if x[1].casefold() == vraag] or gevonden
    if len(gevonden) == 1:
        return gevonden[0]
    if gevonden:
        keuze = "; ".join(f"{s}:{n} ({c})" for s, c, n in gevonden)
        raise OnbekendGebiedFout(
            f"'{kort}' is niet eenduidig. Kies: {keuze}. Geef de code of soort:naam op.",
            [c for _, c, _ in gevonden],
        )
    bekend = {_vouw(n): n for t in tabellen.values() for n in t["naam"]}
    # a long text resembles no name, and comparing it would take its length
    lijkt = [bekend[k] for k in difflib.get_close_matches(vraag[:MAX_VRAAG], list(bekend), n=5, cutoff=0.6)]
    tip = (
        f" Bedoelt u: {', '.join(lijkt)}?" if lijkt else " Geef een code, een gemeentenaam of soort:naam op."
    )
    raise OnbekendGebiedFout(f"het gebied '{kort}' is niet bekend.{tip}", [kort])
