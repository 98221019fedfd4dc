"""`huisartsdata check`: every hash, contract, total and join of a snapshot, each fault with its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from huisartsdata import schema
from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.parameters import load_parameters, waarde
from huisartsdata.fouten import ContractFout, HuisartsdataFout
from huisartsdata.gebieden.register import MAX_AFRONDING

if TYPE_CHECKING:
    import pandas as pd

Melding = tuple[str, int, str, str]  # onderdeel, regel, waarde, probleem
# Rounding of a municipal total that is a sum of rounded wijken or buurten: measured at most 75
# people in a gemeente of 2024; a faulty join gives hundreds.
MAX_AFRONDING_GEMEENTE = 150


def _hashes(s: catalogus.Snapshot) -> Iterator[Melding]:
    for t in s.tabellen.values():
        pad = s.map / t.bestand
        if not pad.is_file():
            yield t.bestand, 0, "-", "bestand ontbreekt"
        elif catalogus.bestandshash(pad) != t.sha256:
            yield t.bestand, 0, catalogus.bestandshash(pad)[:16], "hash wijkt af van snapshot.toml"
    gekend = {t.bestand for t in s.tabellen.values()} | {"snapshot.toml"}
    for pad in sorted(s.map.iterdir()):
        if pad.name not in gekend:
            yield pad.name, 0, "-", "staat niet in snapshot.toml"


def _contracten(s: catalogus.Snapshot) -> Iterator[Melding]:
    for naam, t in s.tabellen.items():
        tabel = catalogus.open_tabel(naam, peiljaar=s.peiljaar)
        if len(tabel) != t.rijen:
            yield naam, 0, str(len(tabel)), f"{t.rijen} rijen verwacht volgens snapshot.toml"
        try:
            schema.controleer(tabel, naam)
        except ContractFout as e:
            for f in e.fouten.to_dict("records"):
                yield naam, int(f["regel"]), str(f["waarde"]), f"kolom {f['kolom']}: {f['probleem']}"


def _totalen(s: catalogus.Snapshot) -> Iterator[Melding]:
    land = waarde(f"inwoners_{s.peiljaar}")
    t = {
        n: catalogus.open_tabel(n, peiljaar=s.peiljaar)
        for n in ("gemeenten", "wijken", "buurten", "leeftijden")
    }
    for naam in ("gemeenten", "wijken", "buurten"):
        verschil = float(t[naam]["inwoners"].sum()) - land
        if abs(verschil) > MAX_AFRONDING.get(naam, 0):
            yield naam, 0, f"{verschil:+.0f}", "inwoners sluiten niet op het landelijke totaal"
    gm = t["gemeenten"]["inwoners"]
    for naam in ("wijken", "buurten"):
        verschil_gm = t[naam].groupby("gm_code")["inwoners"].sum().reindex(gm.index) - gm
        for code, v in verschil_gm[verschil_gm.abs().fillna(9e9) > MAX_AFRONDING_GEMEENTE].items():
            yield naam, _regel(gm, str(code)), str(code), f"inwoners per gemeente wijken {v:+.0f} af"
    per_buurt = t["leeftijden"]["inwoners"].groupby(level="bu_code").sum()
    buurt = t["buurten"]["inwoners"].reindex(per_buurt.index)
    for code in per_buurt.index[(per_buurt - buurt).abs().fillna(9e9) > 0.1]:
        yield "leeftijden", 0, str(code), "leeftijden tellen niet op tot de inwoners van de buurt"
    praktijken = catalogus.open_tabel("praktijken", peiljaar=s.peiljaar)
    pc4 = catalogus.open_tabel("pc4", peiljaar=s.peiljaar)
    if len(praktijken) != int(pc4["praktijken"].sum()):
        yield "praktijken", 0, str(len(praktijken)), "aantal wijkt af van de telling per postcode"
    verdeling = catalogus.open_tabel("verdeling", peiljaar=s.peiljaar)
    som = verdeling["aandeel"].groupby(level=["jaar", "gm_oud"]).sum()
    for sleutel in som.index[(som - 1).abs() > 1e-9]:
        yield "verdeling", 0, str(sleutel), "aandelen tellen niet op tot 1"


def _koppelingen(s: catalogus.Snapshot) -> Iterator[Melding]:
    sleutels = {
        n: set(catalogus.open_tabel(n, peiljaar=s.peiljaar).index)
        for n in ("gemeenten", "wijken", "buurten", "pc4", "vakken")
    }
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
        tabel = catalogus.open_tabel(naam, peiljaar=s.peiljaar)
        codes = tabel[kolom] if kolom in tabel else tabel.index.get_level_values(kolom).to_series()
        for regel, code in enumerate(codes, start=1):
            if code not in sleutels[doel]:
                yield naam, regel, str(code), f"{kolom} staat niet in de tabel '{doel}'"
    gm = sleutels["gemeenten"]
    laatste = catalogus.open_tabel("afstand", peiljaar=s.peiljaar).loc[s.peiljaar]
    for code in sorted(gm ^ set(laatste.index)):
        yield "afstand", 0, code, f"staat niet in beide tabellen van {s.peiljaar}"
    signalen = catalogus.open_tabel("signalen", peiljaar=s.peiljaar)
    feiten = catalogus.open_tabel("feiten", peiljaar=s.peiljaar)
    for regel, feit in enumerate(signalen["feit_id"], start=1):
        if feit not in feiten.index:
            yield "signalen", regel, feit, "verwijst naar een feit dat er niet is"


def _parameters(_: catalogus.Snapshot) -> Iterator[Melding]:
    for p in load_parameters().values():
        if not p.bron:
            yield "parameters.csv", 0, p.naam, "zonder bron"
        if p.status not in schema.STATUSSEN:
            yield "parameters.csv", 0, p.naam, f"onbekende status '{p.status}'"
        if p.laag is not None and p.hoog is not None and not p.laag <= p.waarde <= p.hoog:
            yield "parameters.csv", 0, p.naam, "waarde ligt buiten laag-hoog"


def _regel(s: pd.Series, code: str) -> int:
    return list(s.index).index(code) + 1 if code in s.index else 0


STAPPEN: dict[str, Callable[[catalogus.Snapshot], Iterator[Melding]]] = {
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

    s = catalogus.snapshot(peiljaar)
    stuk = False
    for naam, stap in STAPPEN.items():
        if stuk and naam != "parameters":
            continue  # what cannot be opened was named; the other steps would only say it again
        try:
            rijen = list(stap(s))
        except HuisartsdataFout as e:  # a table that cannot be opened is a fault of this step too
            rijen = [("snapshot", 0, "-", str(e))]
        stuk = stuk or (naam == "bestanden en hashes" and bool(rijen))
        yield naam, pd.DataFrame(rijen, columns=["onderdeel", "regel", "waarde", "probleem"])
