"""Small counts of a delivery beside fte that share a ratio: none follows from all that leaves together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from huisartsdata.bronnen.catalogus import Herkomst
from huisartsdata.leveringen.kleineaantallen import rekentabel, toon_sommen, verberg
from huisartsdata.leveringen.levering import Levering
from huisartsdata.leveringen.onderdrukking import GRENS

HERKOMST = Herkomst("toets", "waargenomen", "2024")
FACTOR = {"M": 0.9, "V": 0.7}
LOCUM = "wisselende_waarnemer"
AANTAL = st.one_of(st.integers(0, 12), st.integers(10, 80))
GROOT = [((300, 200), (90, 80)), ((400, 250), (110, 70)), ((350, 180), (60, 50))]


def _grenzen(doel, links, rechts):
    """Lowest and highest value of a sum of unknowns that are not negative, given linear equations."""
    uit = []
    for teken in (1, -1):
        kant = {"A_eq": np.array(links), "b_eq": np.array(rechts)} if links else {}
        antwoord = linprog(teken * doel, bounds=(0, None), method="highs", **kant)
        assert antwoord.status in (0, 3), antwoord.message
        uit.append(np.inf * -teken if antwoord.status == 3 else teken * antwoord.fun)
    return uit[1] - uit[0]


@pytest.mark.parametrize("geval", ["uitschieter", "per geslacht", "bron verbergt"])
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.tuples(AANTAL, AANTAL), st.none() | st.tuples(AANTAL, AANTAL)), min_size=1, max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4),
)  # fmt: skip
def test_no_small_count_follows_from_fte_and_people_together(tel, geval, cijfers, vreemd):
    """All that leaves as equations in the hidden counts and the hidden fte, for one who knows every ratio."""
    rijen = []
    for nr, (vast, los) in enumerate([*cijfers, *GROOT]):
        for functie, aantallen in (("praktijkhouder", vast), (LOCUM, los)):
            for sekse, n in zip("MV", aantallen or (), strict=False):
                factor = FACTOR[sekse] if geval == "per geslacht" else 0.75
                buiten = geval == "uitschieter" and nr < 4 and vreemd[nr] and sekse == "M" and n >= GRENS
                fte = round(factor * n + 1.13 * buiten, 2)
                rijen.append((f"G{nr}", functie, sekse, float(n), fte, not buiten, factor))
    namen = ["gebied", "functie", "geslacht", "personen", "fte", "volgt", "factor"]
    alles = pd.DataFrame(rijen, columns=namen).set_index("gebied")
    waar, volgt = alles["personen"].to_numpy(), alles["volgt"].to_numpy()
    met_status = {"personen_status": "waargenomen", "fte_status": "waargenomen"}
    exact = alles.drop(columns=["volgt", "factor"]).assign(**met_status)
    bron = np.zeros(len(exact), dtype=bool)
    if geval == "bron verbergt":
        bron = (waar > 0) & (waar < 5)
        exact["personen"] = exact["personen"].mask(bron)
        exact["personen_status"] = exact["personen_status"].mask(bron, "onderdrukt")
    with tel.poging(f"small counts of a delivery beside fte that share a ratio ({geval})"):
        dicht, _ = verberg(exact)
        lev = Levering(dicht, "nivel", (), "2024", HERKOMST, _exact=(dicht, exact))
        n = len(exact)
        geen_n, geen_fte = dicht["personen"].isna().to_numpy(), dicht["fte"].isna().to_numpy()
        assert not ((waar > 0) & (waar < GRENS) & ~geen_n).any()
        links, rechts = [], []

        def vergelijk(personen, fte, som):
            """An equation; people and fte are vectors over the rows, of which the shown parts are filled in."""
            open_ = np.concatenate([personen * geen_n, fte * geen_fte])
            if open_.any():
                links.append(open_)
                bekend = personen[~geen_n] @ waar[~geen_n]
                rechts.append(som - bekend - fte[~geen_fte] @ exact["fte"].to_numpy()[~geen_fte])

        nul, een = np.zeros(n), np.eye(n)
        wisselend = (exact["functie"] == LOCUM).to_numpy()
        if not bron.any():
            vergelijk(np.ones(n), nul, waar.sum())
            vergelijk((~wisselend).astype(float), nul, waar[~wisselend].sum())
        for functie, masker in (("alle", np.ones(n)), ("zonder_wisselend", (~wisselend).astype(float))):
            som = toon_sommen(lev, functie)
            reken = rekentabel(lev, functie)["fte"].groupby(level=0).sum(min_count=1)
            assert reken.isna()[som.index[som["fte"].isna()]].all()
            for code in som.index:
                deel = masker * (exact.index == code)
                if np.isfinite(som.loc[code, "personen"]):
                    vergelijk(deel, nul, som.loc[code, "personen"])
                if np.isfinite(som.loc[code, "fte"]):
                    vergelijk(nul, deel, som.loc[code, "fte"])
        for nr in np.flatnonzero(volgt):
            vergelijk(-alles["factor"].iloc[nr] * een[nr], een[nr], 0.0)
        doelen = [e for e, w in zip(een, waar, strict=True) if 0 < w < GRENS]
        per = [wisselend * (exact.index == code) for code in sorted(set(exact.index))]
        doelen += [m for m in per if 0 < waar @ m < GRENS]
        for doel in doelen:
            assert _grenzen(np.concatenate([doel, nul]), links, rechts) > 1e-6
