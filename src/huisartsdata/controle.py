"""`huisartsdata check`: every hash, contract, total and join of a snapshot, each fault with its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from huisartsdata import schema
from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.parameters import load_parameters
from huisartsdata.fouten import ContractFout, HuisartsdataFout
from huisartsdata.gebieden.register import MAX_AFRONDING, landelijk_totaal

if TYPE_CHECKING:
    import pandas as pd

Melding = tuple[str, int, str, str]  # onderdeel, regel, waarde, probleem
# Rounding of a municipal total that is a sum of rounded wijken or buurten: measured at most 75
# people in a gemeente of 2024; a faulty join gives hundreds.
MAX_AFRONDING_GEMEENTE = 150


class _Tabellen:
    """The tables of a snapshot for the steps: each opened once, a fault of it told once.

    `stuk` holds the tables that cannot be opened; `vreemd` those that open but are not what their
    contract says in index, columns or types, so that sums and joins on them would only crash.
    """

    def __init__(self, snapshot: catalogus.Snapshot) -> None:
        self.snapshot = snapshot
        self.stuk: set[str] = set()
        self.vreemd: set[str] = set()

    def open(self, naam: str) -> pd.DataFrame:
        return catalogus.open_tabel(naam, peiljaar=self.snapshot.peiljaar)

    def heel(self, *namen: str) -> bool:
        """Whether all of these can be computed with; what is wrong with the others was told."""
        return all(n in self.snapshot.tabellen and n not in self.stuk | self.vreemd for n in namen)


def _hashes(t: _Tabellen) -> Iterator[Melding]:
    s = t.snapshot
    for naam, tabel in s.tabellen.items():
        pad = s.map / tabel.bestand
        if not pad.is_file():
            t.stuk.add(naam)
            yield tabel.bestand, 0, "-", "bestand ontbreekt"
        elif (som := catalogus.bestandshash(pad)) != tabel.sha256:
            t.stuk.add(naam)
            yield tabel.bestand, 0, som[:16], "hash wijkt af van snapshot.toml"
    gekend = {t.bestand for t in s.tabellen.values()} | {"snapshot.toml", catalogus.RAPPORT}
    for pad in sorted(s.map.iterdir()):
        if pad.name not in gekend:
            yield pad.name, 0, "-", "staat niet in snapshot.toml"


def _contracten(t: _Tabellen) -> Iterator[Melding]:
    for naam in schema.CONTRACTEN:
        if naam not in t.snapshot.tabellen:
            yield naam, 0, "-", "de tabel ontbreekt in snapshot.toml"
    for naam, ingeschreven in t.snapshot.tabellen.items():
        if naam in t.stuk:
            continue
        if naam not in schema.CONTRACTEN:
            t.vreemd.add(naam)
            yield naam, 0, "-", "voor deze tabel is er geen contract"
            continue
        try:
            tabel = t.open(naam)
        except HuisartsdataFout as e:
            t.stuk.add(naam)
            yield naam, 0, "-", str(e)
            continue
        if not _zelfde_vorm(tabel, schema.CONTRACTEN[naam]):
            t.vreemd.add(naam)
        if len(tabel) != ingeschreven.rijen:
            yield naam, 0, str(len(tabel)), f"{ingeschreven.rijen} rijen verwacht volgens snapshot.toml"
        try:
            schema.controleer(tabel, naam, vast_aantal=t.snapshot.map.name == str(catalogus.PEILJAAR))
        except ContractFout as e:
            for f in e.fouten.to_dict("records"):
                yield naam, int(f["regel"]), str(f["waarde"]), f"kolom {f['kolom']}: {f['probleem']}"


def _zelfde_vorm(tabel: pd.DataFrame, contract: schema.Contract) -> bool:
    if list(tabel.index.names) != list(contract.index) or tabel.index.has_duplicates:
        return False
    return all(k in tabel and str(tabel[k].dtype) == v.dtype for k, v in contract.kolommen.items())


def _totalen(t: _Tabellen) -> Iterator[Melding]:
    land = None
    try:
        land = landelijk_totaal(t.snapshot.peiljaar)
    except HuisartsdataFout as e:
        yield "snapshot.toml", 0, "-", str(e)
    for naam in ("gemeenten", "wijken", "buurten"):
        if land is None or not t.heel(naam):
            continue
        verschil = float(t.open(naam)["inwoners"].sum()) - land
        if abs(verschil) > MAX_AFRONDING.get(naam, 0):
            yield naam, 0, f"{verschil:+.0f}", "inwoners sluiten niet op het landelijke totaal"
    for naam in ("wijken", "buurten"):
        if not t.heel("gemeenten", naam):
            continue
        gm = t.open("gemeenten")["inwoners"]
        verschil_gm = t.open(naam).groupby("gm_code")["inwoners"].sum().reindex(gm.index) - gm
        for code, v in verschil_gm[verschil_gm.abs().fillna(9e9) > MAX_AFRONDING_GEMEENTE].items():
            yield naam, _regel(gm, str(code)), str(code), f"inwoners per gemeente wijken {v:+.0f} af"
    if t.heel("leeftijden", "buurten"):
        per_buurt = t.open("leeftijden")["inwoners"].groupby(level="bu_code").sum()
        buurt = t.open("buurten")["inwoners"].reindex(per_buurt.index)
        for code in per_buurt.index[(per_buurt - buurt).abs().fillna(9e9) > 0.1]:
            yield "leeftijden", 0, str(code), "leeftijden tellen niet op tot de inwoners van de buurt"
    if t.heel("praktijken", "pc4"):
        praktijken = len(t.open("praktijken"))
        if praktijken != int(t.open("pc4")["praktijken"].sum()):
            yield "praktijken", 0, str(praktijken), "aantal wijkt af van de telling per postcode"
    if t.heel("verdeling"):
        som = t.open("verdeling")["aandeel"].groupby(level=["jaar", "gm_oud"]).sum()
        for sleutel in som.index[(som - 1).abs() > 1e-9]:
            yield "verdeling", 0, str(sleutel), "aandelen tellen niet op tot 1"


def _koppelingen(t: _Tabellen) -> Iterator[Melding]:
    for naam, kolom, doel in (
        ("wijken", "gm_code", "gemeenten"),
        ("buurten", "gm_code", "gemeenten"),
        ("buurten", "wk_code", "wijken"),
        ("praktijken", "gm_code", "gemeenten"),
        ("praktijken", "pc4", "pc4"),
        ("pc4", "gm_code", "gemeenten"),
        ("leeftijden", "bu_code", "buurten"),
        ("buurtvlakken", "bu_code", "buurten"),
        ("gemeentegrenzen_regio", "gm_code", "gemeenten"),
        ("barrieres", "vak_a", "vakken"),
        ("barrieres", "vak_b", "vakken"),
        ("overgangen", "vak_a", "vakken"),
        ("overgangen", "vak_b", "vakken"),
    ):
        if not t.heel(naam, doel):
            continue
        tabel, sleutels = t.open(naam), set(t.open(doel).index)
        codes = tabel[kolom] if kolom in tabel else tabel.index.get_level_values(kolom).to_series()
        for regel, code in enumerate(codes, start=1):
            if code not in sleutels:
                yield naam, regel, str(code), f"{kolom} staat niet in de tabel '{doel}'"
    if t.heel("gemeenten", "afstand"):
        jaar = t.snapshot.peiljaar
        afstand = t.open("afstand").index
        laatste = set(afstand[afstand.get_level_values("jaar") == jaar].get_level_values("gm_code"))
        # the newest year may have no distances yet; half a year of them is a fault
        for code in sorted(map(str, set(t.open("gemeenten").index) ^ laatste)) if laatste else ():
            yield "afstand", 0, code, f"staat niet in beide tabellen van {jaar}"
    if t.heel("signalen", "feiten"):
        feiten = set(t.open("feiten").index)
        for regel, feit in enumerate(t.open("signalen")["feit_id"], start=1):
            if feit not in feiten:
                yield "signalen", regel, str(feit), "verwijst naar een feit dat er niet is"


def _parameters(_: _Tabellen) -> Iterator[Melding]:
    for p in load_parameters().values():
        if not p.bron:
            yield "parameters.csv", 0, p.naam, "zonder bron"
        if p.status not in schema.STATUSSEN:
            yield "parameters.csv", 0, p.naam, f"onbekende status '{p.status}'"
        if p.laag is not None and p.hoog is not None and not p.laag <= p.waarde <= p.hoog:
            yield "parameters.csv", 0, p.naam, "waarde ligt buiten laag-hoog"


def _regel(s: pd.Series, code: str) -> int:
    return list(s.index).index(code) + 1 if code in s.index else 0


STAPPEN: dict[str, Callable[[_Tabellen], Iterator[Melding]]] = {
    "bestanden en hashes": _hashes,
    "contracten": _contracten,
    "totalen": _totalen,
    "koppelingen": _koppelingen,
    "parameters": _parameters,
}


def controleer_snapshot(peiljaar: int = catalogus.PEILJAAR) -> Iterator[tuple[str, pd.DataFrame]]:
    """Run every check of a snapshot, one step at a time.

    Parameters
    ----------
    peiljaar
        Reference year of the snapshot.

    Yields
    ------
    tuple
        Name of the step and its faults: `onderdeel`, `regel` (first row = 1, 0 = the whole table),
        `waarde`, `probleem`. An empty frame is a step without a fault.
    """
    import pandas as pd

    tabellen = _Tabellen(catalogus.snapshot(peiljaar))
    gezien: set[Melding] = set()
    for naam, stap in STAPPEN.items():
        rijen: list[Melding] = []
        try:
            rijen.extend(stap(tabellen))
        except HuisartsdataFout as e:  # what the snapshot as a whole lacks
            rijen.append(("snapshot", 0, "-", str(e)))
        nieuw = [r for r in dict.fromkeys(rijen) if r not in gezien]
        gezien.update(nieuw)
        yield naam, pd.DataFrame(nieuw, columns=["onderdeel", "regel", "waarde", "probleem"])
