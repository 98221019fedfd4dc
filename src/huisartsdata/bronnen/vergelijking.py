"""What a refresh moved: gemeenten that came and went, key figures by how much, and where they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

GROOTSTE = 10
MAX_NAAM = 100  # characters of a name in the report
# key figure -> (column, how it adds up over gemeenten, decimals, unit)
KERNCIJFERS = {
    "inwoners": ("inwoners", "som", 0, "personen"),
    "inwoners van 0 tot 15 jaar": ("inwoners_0_15", "som", 0, "personen"),
    "inwoners van 65 jaar en ouder": ("inwoners_65_plus", "som", 0, "personen"),
    "afstand tot de huisartsenpraktijk": ("afstand_huisarts_km", "gemiddelde", 2, "km"),
    "inkomen per inwoner": ("inkomen_per_inwoner", "gemiddelde", 1, "x 1.000 euro"),
}


@dataclass(frozen=True)
class Verschil:
    """Two snapshots side by side.

    `kerncijfers`: index the key figure; was, nu, verschil, eenheid, decimalen, gemeenten (how many
    moved). `gemeenten`: index gm_code of those in both; naam, was, nu, verschil_pct of inwoners.
    """

    erbij: dict[str, str]
    weg: dict[str, str]
    hernoemd: dict[str, tuple[str, str]]
    kerncijfers: pd.DataFrame
    gemeenten: pd.DataFrame
    rijen: dict[str, tuple[int, int]]


def vergelijk(oud: Mapping[str, Any], nieuw: Mapping[str, Any]) -> Verschil:
    """Compare the tables of two snapshots."""
    import pandas as pd

    a, b = oud["gemeenten"], nieuw["gemeenten"]
    beide = a.index.intersection(b.index)
    rijen = []
    for naam, (kolom, soort, decimalen, eenheid) in KERNCIJFERS.items():
        was, nu = (_landelijk(t, kolom, soort) for t in (a, b))
        anders = a.loc[beide, kolom].round(3) != b.loc[beide, kolom].round(3)
        anders &= ~(a.loc[beide, kolom].isna() & b.loc[beide, kolom].isna())
        rijen.append((naam, was, nu, nu - was, eenheid, decimalen, int(anders.sum())))
    kern = pd.DataFrame(
        rijen, columns=["kerncijfer", "was", "nu", "verschil", "eenheid", "decimalen", "gemeenten"]
    )
    gm = pd.DataFrame(
        {"naam": b.loc[beide, "naam"], "was": a.loc[beide, "inwoners"], "nu": b.loc[beide, "inwoners"]}
    )
    gm["verschil_pct"] = (gm["nu"] / gm["was"] - 1) * 100
    orde = gm["verschil_pct"].abs().sort_values(ascending=False, kind="stable").index
    anders_genoemd = beide[a.loc[beide, "naam"].to_numpy() != b.loc[beide, "naam"].to_numpy()]
    return Verschil(
        erbij=dict(b.loc[b.index.difference(a.index), "naam"]),
        weg=dict(a.loc[a.index.difference(b.index), "naam"]),
        hernoemd={c: (a.at[c, "naam"], b.at[c, "naam"]) for c in anders_genoemd},
        kerncijfers=kern.set_index("kerncijfer"),
        gemeenten=gm.loc[orde],
        rijen={n: (len(oud[n]) if n in oud else 0, len(nieuw[n])) for n in sorted(nieuw)},
    )


def _landelijk(t: pd.DataFrame, kolom: str, soort: str) -> float:
    if soort == "som":
        return float(t[kolom].sum())
    heeft = t[t[kolom].notna()]
    return (
        float((heeft[kolom] * heeft["inwoners"]).sum() / heeft["inwoners"].sum())
        if len(heeft)
        else float("nan")
    )


def getal(x: float, decimalen: int = 0, *, teken: bool = False) -> str:
    """A number as a Dutch reader writes it.

    >>> getal(17942942), getal(-1234.5, 1), getal(0.066, 2, teken=True)
    ('17.942.942', '-1.234,5', '+0,07')
    """
    x = round(x, decimalen) + 0.0  # a rounded -0 is no loss
    tekst = f"{x:{'+' if teken else ''},.{decimalen}f}"
    return "onbekend" if x != x else tekst.translate(str.maketrans(",.", ".,"))  # noqa: PLR0124 - NaN


def schrijf_rapport(
    v: Verschil,
    *,
    kop: Mapping[str, Any],
    vorige: str,
    herkomst: Mapping[str, str],
    kolommen: tuple[Sequence[str], Sequence[str]],
    opmerkingen: Sequence[str],
    brieven: Sequence[str],
) -> str:
    """The report as Markdown: one page that says what moved.

    Parameters
    ----------
    kop
        `versie`, `peiljaar`, `gemaakt` of the new snapshot.
    vorige
        Version of the snapshot it is compared with.
    herkomst
        Table -> where its values come from.
    kolommen
        Columns of the key figures at the source that are new, and that went.
    brieven
        A line per brief whose figures move.
    """
    regels = [
        f"# Snapshot {kop['versie']} (peiljaar {kop['peiljaar']})",
        "",
        f"Gemaakt op {kop['gemaakt']}, vergeleken met snapshot {vorige}.",
        "",
        "## Gemeenten",
        "",
        f"- erbij: {_lijst(f'{n} ({c})' for c, n in v.erbij.items())}",
        f"- vervallen: {_lijst(f'{n} ({c})' for c, n in v.weg.items())}",
        f"- andere naam: {_lijst(f'{a} werd {b} ({c})' for c, (a, b) in v.hernoemd.items())}",
        "",
        "## Kerncijfers van Nederland",
        "",
        "| kerncijfer | was | nu | verschil | gemeenten met een ander cijfer |",
        "|---|--:|--:|--:|--:|",
    ]
    for naam, r in v.kerncijfers.iterrows():
        d = int(r["decimalen"])
        regels.append(
            f"| {naam} ({r['eenheid']}) | {getal(r['was'], d)} | {getal(r['nu'], d)} | "
            f"{getal(r['verschil'], d, teken=True)} | {r['gemeenten']} |"
        )
    top = v.gemeenten[v.gemeenten["verschil_pct"] != 0].head(GROOTSTE)
    if len(top):
        regels += ["", "## Gemeenten waarvan het inwonertal het meest verandert", ""]
        regels += ["| gemeente | was | nu | verschil |", "|---|--:|--:|--:|"]
        regels += [
            f"| {_tekst(r['naam'])} | {getal(r['was'])} | {getal(r['nu'])} | "
            f"{getal(r['verschil_pct'], 1, teken=True)}% |"
            for _, r in top.iterrows()
        ]
    regels += ["", "## Tabellen", "", "| tabel | rijen was | rijen nu | herkomst |", "|---|--:|--:|---|"]
    regels += [f"| {n} | {getal(a)} | {getal(b)} | {herkomst.get(n, '')} |" for n, (a, b) in v.rijen.items()]
    regels += [
        "",
        "## Kolommen bij de bron",
        "",
        f"- nieuw: {_lijst(kolommen[0])}",
        f"- verdwenen: {_lijst(kolommen[1])}",
    ]
    regels += [
        "",
        "## Brieven en figuren",
        "",
        *(brieven or ["Er zijn geen brieven of figuren gevonden die veranderen."]),
    ]
    regels += ["", "## Opmerkingen", "", *(f"- {o}" for o in opmerkingen)]
    return "\n".join(regels) + "\n"


def _lijst(namen: Any) -> str:
    return ", ".join(map(_tekst, namen)) or "geen"


def _tekst(naam: Any) -> str:
    r"""A name as a source gives it, fit for one line or cell of the report and for a terminal.

    >>> _tekst("Sint\n| Anna\x1b[31m")
    'Sint / Anna[31m'
    """
    plat = " ".join(str(naam).replace("|", "/").split())
    return "".join(t for t in plat if t.isprintable())[:MAX_NAAM]
