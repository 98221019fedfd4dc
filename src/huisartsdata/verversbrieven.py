"""Which figures and briefs a refresh moves: from the manifests that lie beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.vergelijking import getal

BOEKJE, MANIFEST = "brief.json", "manifest.json"
MAX_BESTANDEN = 3000  # a folder of all briefs of the country holds fewer


def brieven_die_bewegen(
    figuren: Path | None, peiljaar: int, oud: Mapping[str, Any], nieuw: Mapping[str, Any], veranderd: set[str]
) -> list[str]:
    """A line per notebook or brief whose input a refresh changes."""
    if figuren is None or not figuren.is_dir():
        return []
    regels = [*_notebooks(figuren, veranderd), *_brieven(figuren, oud, nieuw)]
    if regels and peiljaar != catalogus.PEILJAAR:
        return [
            (
                f"De figuren en brieven rekenen met peiljaar {catalogus.PEILJAAR}; "
                f"deze snapshot van {peiljaar} verandert ze niet."
            )
        ]
    return regels


def _lees(pad: Path) -> Any:
    try:
        return json.loads(pad.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _notebooks(figuren: Path, veranderd: set[str]) -> Iterator[str]:
    boeken = _lees(figuren / MANIFEST).get("notebooks", {})
    for naam, stand in sorted(boeken.items()):
        tabellen = sorted({Path(p).stem for p in stand.get("gegevens", {})} & veranderd)
        if tabellen:
            aantal = len(stand.get("uitvoer", {}))
            yield f"- notebook {naam}: {aantal} bestanden, gemaakt uit {', '.join(tabellen)}"


def _brieven(figuren: Path, oud: Mapping[str, Any], nieuw: Mapping[str, Any]) -> Iterator[str]:
    """Briefs with the people of their area before and after, where the brief names its gemeenten."""
    for pad in sorted(figuren.rglob(BOEKJE))[:MAX_BESTANDEN]:
        boekje = _lees(pad)
        if not isinstance(boekje, dict) or "titel" not in boekje:
            continue
        yield f"- brief {boekje['titel']}{_verschil(boekje, oud, nieuw)}"


def _verschil(boekje: Mapping[str, Any], oud: Mapping[str, Any], nieuw: Mapping[str, Any]) -> str:
    woorden = str(boekje.get("opdracht", "")).replace("'", " ").replace('"', " ").replace(",", " ").split()
    codes = [w for w in woorden if w in oud["gemeenten"].index and w in nieuw["gemeenten"].index]
    if not codes:
        return ""
    delen = []
    for naam, kolom in (("inwoners", "inwoners"), ("65-plussers", "inwoners_65_plus")):
        was, nu = (float(t["gemeenten"].loc[codes, kolom].sum()) for t in (oud, nieuw))
        delen.append(f"{naam} van {getal(was)} naar {getal(nu)} ({getal(nu - was, teken=True)})")
    return ": " + "; ".join(delen)
