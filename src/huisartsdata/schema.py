"""The table contracts: index, columns, dtypes, units and ranges of every table of the snapshot.

Codes are strings as CBS writes them, counts are persons (float64, NaN = not published), distances
are road kilometres, geometry is EPSG:28992. `controleer` reports every breach at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import ContractFout

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

RD_EPSG = 28992
STATUSSEN = ("waargenomen", "afgeleid", "modelschatting", "aanname")
REGIOSOORTEN = ("provincie", "regioplus", "corop", "ggdregio", "veiligheidsregio", "zorgkantoorregio")
LEEFTIJDSGROEPEN = (*(f"{a}-{a + 4}" for a in range(0, 95, 5)), "95+")

GM, WK, BU = r"GM\d{4}", r"WK\d{4}[0-9A-Z]{2}", r"BU\d{4}[0-9A-Z]{4}"
PC4, PRAKTIJK, JAAR = r"[1-9]\d{3}", r"P[1-9]\d{3}-\d{2}", (2010, 2030)
VAK = r"[A-Z]{3}"  # land compartment between waters


@dataclass(frozen=True)
class Kolom:
    """One column or index level: dtype, pattern or range, and whether a value may be missing."""

    dtype: str = "float64"
    patroon: str | None = None
    laag: float | None = None
    hoog: float | None = None
    keuze: tuple[str, ...] | None = None
    leeg: bool = False


def _tekst(patroon: str | None = None, *, leeg: bool = False, keuze: tuple[str, ...] | None = None) -> Kolom:
    return Kolom("str", patroon=patroon, leeg=leeg, keuze=keuze)


def _getal(laag: float | None = 0, hoog: float | None = None, *, leeg: bool = False) -> Kolom:
    return Kolom("float64", laag=laag, hoog=hoog, leeg=leeg)


@dataclass(frozen=True)
class Contract:
    """What a table must look like. `rijen` is its exact length in the embedded year, `None` where it may vary."""

    index: dict[str, Kolom]
    kolommen: dict[str, Kolom]
    rijen: int | None = None
    geometrie: tuple[str, ...] = ()
    geometrie_leeg: int = 0


_INWONERS = {
    "inwoners": _getal(leeg=True),
    "inwoners_0_15": _getal(leeg=True),
    "inwoners_65_plus": _getal(leeg=True),
}
_KERN = {
    "afstand_huisarts_km": _getal(0, 60, leeg=True),  # the islands' longest road distance is under 60 km
    "stedelijkheid": _getal(1, 5, leeg=True),
    "inkomen_per_inwoner": _getal(0, 500, leeg=True),  # thousand euro a year
}
_VLAK = ("Polygon", "MultiPolygon")
_FEIT = {
    "gebied": _tekst(leeg=True),
    "gebiedsoort": _tekst(),
    "gebiedsnaam": _tekst(),
    "indicator": _tekst(),
    "waarde": _getal(None, leeg=True),
    "waarde_tekst": _tekst(leeg=True),
    "eenheid": _tekst(leeg=True),
    "status": _tekst(keuze=STATUSSEN),
    "bron": _tekst(),
    "url": _tekst(leeg=True),
    "kwaliteit": _tekst(keuze=("A", "B", "C", "D")),
    "opmerking": _tekst(leeg=True),
}

CONTRACTEN: dict[str, Contract] = {
    "gemeenten": Contract(
        {"gm_code": _tekst(GM)},
        {"naam": _tekst()}
        | {k: _tekst() for soort in REGIOSOORTEN for k in (f"{soort}_code", soort)}
        | {k: _getal() for k in _INWONERS}
        | _KERN
        | {"omgevingsadressendichtheid": _getal(), "goed_ervaren_gezondheid": _getal(0, 100)},
        rijen=342,
        geometrie=_VLAK,
    ),
    "gemeentegrenzen_regio": Contract({"gm_code": _tekst(GM)}, {}, rijen=342, geometrie=_VLAK),
    "wijken": Contract(
        {"wk_code": _tekst(WK)},
        {"naam": _tekst(), "gm_code": _tekst(GM)} | _INWONERS | _KERN,
        rijen=3393,
        geometrie=_VLAK,
    ),
    "water": Contract({"wk_code": _tekst(WK)}, {"gm_code": _tekst(GM)}, geometrie=_VLAK),
    "buurten": Contract(
        {"bu_code": _tekst(BU)},
        {"naam": _tekst(), "wk_code": _tekst(WK), "gm_code": _tekst(GM), "pc4": _tekst(PC4, leeg=True)}
        | _INWONERS
        | _KERN
        | {
            "omgevingsadressendichtheid": _getal(leeg=True),
            "oppervlakte_land_ha": _getal(leeg=True),
            "huishoudens": _getal(leeg=True),
            "goed_ervaren_gezondheid": _getal(0, 100, leeg=True),
        },
        rijen=14574,
        geometrie=("Point",),
        geometrie_leeg=8,
    ),
    "buurtvlakken": Contract({"bu_code": _tekst(BU)}, {"bron": _tekst()}, geometrie=_VLAK),
    "leeftijden": Contract(
        {"bu_code": _tekst(BU), "leeftijdsgroep": _tekst(keuze=LEEFTIJDSGROEPEN)},
        {"inwoners": _getal(), "status": _tekst(keuze=STATUSSEN)},
    ),
    "pc4": Contract(
        {"pc4": _tekst(PC4)},
        {
            "gm_code": _tekst(GM),
            "inwoners_2021": _getal(leeg=True),
            "praktijken": _getal(),
            "adressen": _getal(),
            "stedelijkheid": _getal(1, 5),  # of the buurt where most of its people live
            "straal_km": _getal(0, 20),  # mean radius of its buurten
        },
        geometrie=("Point",),
    ),
    "praktijken": Contract(
        {"praktijk_id": _tekst(PRAKTIJK)},
        {
            "pc4": _tekst(PC4),
            "gm_code": _tekst(GM),
            "fte": _getal(leeg=True),
            "fte_status": _tekst(leeg=True, keuze=STATUSSEN),
            "ingeschreven": _getal(leeg=True),
            "open_voor_inschrijving": _tekst(keuze=("ja", "nee", "onbekend")),
        },
        rijen=4866,
        geometrie=("Point",),
    ),
    "bevolking": Contract(
        {"jaar": Kolom("int64", laag=JAAR[0], hoog=JAAR[1]), "gm_code": _tekst(GM)},
        {
            "naam": _tekst(),
            "inwoners_1_januari": _getal(),
            "geboren": _getal(leeg=True),
            "overleden": _getal(leeg=True),
            "gevestigd": _getal(leeg=True),
            "vertrokken": _getal(leeg=True),
            "inwoners_31_december": _getal(leeg=True),
        },
    ),
    "afstand": Contract(
        {"jaar": Kolom("int64", laag=JAAR[0], hoog=JAAR[1]), "gm_code": _tekst(GM)},
        {"naam": _tekst(), "inwoners": _getal(), "afstand_huisarts_km": _getal(0, 60)},
    ),
    "herindelingen": Contract(
        {"jaar": Kolom("int64", laag=JAAR[0], hoog=JAAR[1]), "gm_oud": _tekst(GM)},
        {
            "naam_oud": _tekst(),
            "gm_nieuw": _tekst(GM),
            "naam_nieuw": _tekst(),
            "bron": _tekst(),
            "status": _tekst(keuze=STATUSSEN),
        },
    ),
    "verdeling": Contract(
        {"jaar": Kolom("int64", laag=JAAR[0], hoog=JAAR[1]), "gm_oud": _tekst(GM), "gm_nieuw": _tekst(GM)},
        {
            "aandeel": _getal(0, 1),
            "inwoners": _getal(),
            "soort": _tekst(keuze=("opgeheven en verdeeld", "grenscorrectie")),
            "methode": _tekst(),
        },
    ),
    "feiten": Contract(
        {"feit_id": _tekst(r"F\d{4}")},
        {"thema": _tekst(), "groep": _tekst(leeg=True), "periode": _tekst(), "via": _tekst(leeg=True)}
        | _FEIT,
    ),
    "engeland_lad": Contract(
        {"lad_code": _tekst(r"E0[6-9]\d{6}")},
        {"graafschap": _tekst()}
        | {k: _getal(1) for k in ("inwoners", "praktijken", "adressen", "ingeschreven", "personen", "fte")},
        rijen=307,
    ),
    "signalen": Contract(
        {"signaal_id": _tekst(r"S\d{3}")},
        _FEIT
        | {
            "peildatum": _tekst(),
            "waarde_laag": _getal(None, leeg=True),
            "waarde_hoog": _getal(None, leeg=True),
            "n": _getal(1, leeg=True),
            "feit_id": _tekst(r"F\d{4}"),
        },
    ),
    "vakken": Contract({"vak": _tekst(VAK)}, {"naam": _tekst()}, geometrie=("Point",)),
    "barrieres": Contract(
        {"barriere_id": _tekst(rf"{VAK}-{VAK}-\d")},
        {
            "naam": _tekst(),
            "vak_a": _tekst(VAK),
            "vak_b": _tekst(VAK),
            "soort": _tekst(keuze=("rivier", "kanaal", "meer", "zeearm", "zee", "land")),
            "bron": _tekst(),
        },
        geometrie=("LineString",),
    ),
    "overgangen": Contract(
        {"overgang_id": _tekst(r"O\d{3}")},
        {
            "naam": _tekst(),
            "vak_a": _tekst(VAK),
            "vak_b": _tekst(VAK),
            "soort": _tekst(keuze=("brug", "tunnel", "dam", "sluis", "veer", "land")),
            "auto": _tekst(keuze=("ja", "nee")),
            "wachttijd_min": _getal(0, 240),  # waiting and sailing; the longest is the Terschelling ferry
            "open_sinds": _getal(JAAR[0], JAAR[1], leeg=True),  # missing: before the reference year
            "bron": _tekst(),
            "opmerking": _tekst(),
        },
        geometrie=("Point",),
    ),
    "rivieren": Contract({"rivier_id": _tekst(r"R\d{3}")}, {"naam": _tekst()}, geometrie=("LineString",)),
    "reiskalibratie": Contract(
        {"stap": _tekst(r"\d\d|P\d|10 (?:laag|hoog)")},
        {
            "omschrijving": _tekst(),
            "correlatie": _getal(0, 1),
            "mae_km": _getal(0, 5),
            "spearman": _getal(0, 1),
            "buurten": _getal(1, leeg=True),
            "gemeenten": _getal(1, leeg=True),
            "soort": _tekst(keuze=("achtergehouden", "plafond", "andere invoer", "95%-interval")),
        },
    ),
    "naaste_coefficienten": Contract(
        {"kenmerk": _tekst()},
        {"gemiddelde": _getal(None), "sd": _getal(0), "coefficient": _getal(None)},
    ),
}


def _checks(kolom: Kolom) -> list[Any]:
    import pandera.pandas as pa

    uit: list[Any] = []
    if kolom.patroon:
        uit.append(pa.Check.str_matches(rf"^(?:{kolom.patroon})$"))
    if kolom.keuze:
        uit.append(pa.Check.isin(kolom.keuze))
    if kolom.laag is not None:
        uit.append(pa.Check.ge(kolom.laag))
    if kolom.hoog is not None:
        uit.append(pa.Check.le(kolom.hoog))
    return uit


@cache
def pandera_schema(naam: str) -> pa.DataFrameSchema:
    """The contract of one table as a pandera schema over `tabel.reset_index()`."""
    import pandera.pandas as pa

    contract = CONTRACTEN[naam]
    kolommen = {
        k: pa.Column(v.dtype, checks=_checks(v), nullable=v.leeg)
        for k, v in (contract.index | contract.kolommen).items()
    }
    return pa.DataFrameSchema(kolommen, unique=list(contract.index), strict=True, ordered=False)


def controleer(tabel: pd.DataFrame, naam: str, *, vast_aantal: bool = True) -> pd.DataFrame:
    """Check a table against its contract and give it back unchanged.

    Parameters
    ----------
    tabel
        Table with the contract's index.
    naam
        Name of the contract, a key of `CONTRACTEN`.
    vast_aantal
        Whether the number of rows is that of the embedded snapshot; another year or a revision has other areas.

    Raises
    ------
    ContractFout
        With one row per breach: line (first row = 1), column, value, what is wrong, what to do.
    """
    import pandas as pd
    from pandera.errors import SchemaErrors

    contract = CONTRACTEN[naam]
    fouten: list[tuple[Any, ...]] = []
    if list(tabel.index.names) != list(contract.index):
        fouten.append(
            (
                0,
                "index",
                str(list(tabel.index.names)),
                "andere index",
                f"maak de index {list(contract.index)}",
            )
        )
        raise _contractfout(naam, fouten)
    plat = pd.DataFrame(tabel.drop(columns="geometry", errors="ignore")).reset_index()
    try:
        pandera_schema(naam).validate(plat, lazy=True)
    except SchemaErrors as e:
        for r in e.failure_cases.itertuples():
            regel = int(r.index) + 1 if pd.notna(r.index) else 0
            kolom = r.column if isinstance(r.column, str) else str(r.failure_case)
            fouten.append(
                (regel, kolom, r.failure_case, f"voldoet niet aan {r.check}", "herstel de waarde in de bron")
            )
    if vast_aantal and contract.rijen is not None and len(tabel) != contract.rijen:
        fouten.append(
            (0, "-", len(tabel), f"verwacht {contract.rijen} rijen", "controleer of de bron volledig is")
        )
    fouten += _geometriefouten(tabel, contract)
    if fouten:
        raise _contractfout(naam, fouten)
    return tabel


def _geometriefouten(tabel: pd.DataFrame, contract: Contract) -> list[tuple[Any, ...]]:
    import geopandas as gpd

    if not contract.geometrie:
        return []
    if not isinstance(tabel, gpd.GeoDataFrame) or tabel.crs is None or tabel.crs.to_epsg() != RD_EPSG:
        return [(0, "geometry", "-", f"geen geometrie in EPSG:{RD_EPSG}", "zet de tabel om naar RD")]
    fouten: list[tuple[Any, ...]] = []
    leeg = tabel.geometry.isna() | tabel.geometry.is_empty
    if int(leeg.sum()) > contract.geometrie_leeg:
        namen = ", ".join(map(str, tabel.index[leeg][:10]))
        fouten.append((0, "geometry", namen, f"{int(leeg.sum())} zonder geometrie", "vul de geometrie aan"))
    vol = tabel.geometry[~leeg]
    slecht = vol.index[~vol.geom_type.isin(contract.geometrie) | ~vol.is_valid]
    soort = contract.geometrie[-1]
    return fouten + [(0, "geometry", c, f"geen geldige {soort}", "herstel de geometrie") for c in slecht]


def _contractfout(naam: str, fouten: list[tuple[Any, ...]]) -> ContractFout:
    import pandas as pd

    tabel = pd.DataFrame(fouten, columns=["regel", "kolom", "waarde", "probleem", "advies"])
    return ContractFout(f"de tabel '{naam}' voldoet niet aan zijn contract", tabel)
