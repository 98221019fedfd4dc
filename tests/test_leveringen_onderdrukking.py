"""Small counts are hidden, and no hidden one can be computed from what is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from huisartsdata.leveringen.onderdrukking import GRENS, onderdruk


def test_grens_is_tien():
    tabel = pd.DataFrame({"n": [0.0, 9, 10, 40, 60]})
    uit = onderdruk(tabel, kolom="n", randen=[])
    assert uit.tabel["n"].isna().tolist() == [True, True, False, False, False]
    assert uit.tabel["n_status"].tolist() == ["onderdrukt"] * 2 + ["waargenomen"] * 3
    assert onderdruk(tabel, kolom="n", randen=[], toon_nul=True).tabel["n"].isna().sum() == 1
    assert tabel["n"].tolist() == [0, 9, 10, 40, 60]


def test_een_klein_aantal_trekt_het_kleinste_zichtbare_mee():
    tabel = pd.DataFrame({"gebied": list("AAAB"), "n": [4, 30, 12, 50]})
    uit = onderdruk(tabel, kolom="n", randen=[["gebied"]])
    assert uit.tabel["n"].isna().tolist() == [True, False, True, False]
    assert uit.randen[0].to_dict() == {"A": 46.0, "B": 50.0}
    assert (uit.primair, uit.secundair) == (1, 1)


def test_twee_kleine_samen_onder_de_grens_zijn_niet_genoeg():
    # 46 - 42 leaves 4 for two cells: each is known to within a few people
    tabel = pd.DataFrame({"n": [1, 3, 12, 30]})
    assert onderdruk(tabel, kolom="n").tabel["n"].isna().tolist() == [True, True, True, False]


def test_klein_totaal_wordt_zelf_verborgen_en_zijn_buur_ook():
    # A's total 5 would follow from the total of all minus B and C, so another total must go, and cells under it
    tabel = pd.DataFrame({"gebied": list("AABBCC"), "n": [2, 3, 20, 30, 40, 50]})
    uit = onderdruk(tabel, kolom="n", randen=[["gebied"], []])
    zicht = uit.randen[0]
    assert np.isnan(zicht["A"])
    assert zicht.isna().sum() == 2
    assert uit.randen[1]["totaal"] == 145
    assert uit.tabel.loc[uit.tabel["gebied"] == "B", "n"].isna().any()


def test_al_verborgen_waarden_blijven_verborgen():
    uit = onderdruk(pd.DataFrame({"n": [np.nan, 20, 30]}), kolom="n")
    assert uit.tabel["n"].tolist()[1:] == [20, 30]
    assert np.isnan(uit.randen[0]["totaal"])


def _spreiding(tabel, verborgen, zichtbaar, doel):
    """Lowest and highest value of a sum of hidden counts, by linear programming over all tables that fit what is shown."""
    plek = np.flatnonzero(verborgen)
    gelijk = np.array([m[plek] for m, _ in zichtbaar if m[plek].any()])
    rechts = np.array([som - tabel[~verborgen] @ m[~verborgen] for m, som in zichtbaar if m[plek].any()])
    kosten = doel[plek].astype(float)
    uit = []
    for teken in (1, -1):
        opties = {"A_eq": gelijk, "b_eq": rechts} if len(gelijk) else {}
        antwoord = linprog(teken * kosten, bounds=(0, None), method="highs", **opties)
        uit.append(np.inf if antwoord.status == 3 else teken * antwoord.fun)
    return uit[0], uit[1]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(2, 4).flatmap(
        lambda rijen: st.lists(
            st.lists(st.one_of(st.integers(0, 12), st.integers(10, 80)), min_size=3, max_size=3), min_size=rijen, max_size=rijen
        )
    ),
    st.sampled_from([[["r"]], [["r"], ["k"]], [["r"], ["k"], []], [[]], [["r"], []]]),
)  # fmt: skip
def test_niets_verborgens_is_te_berekenen(cijfers, randen):
    tabel = pd.DataFrame(
        [(r, k, float(n)) for r, rij in enumerate(cijfers) for k, n in enumerate(rij)],
        columns=["r", "k", "n"],
    )
    uit = onderdruk(tabel, kolom="n", randen=randen)
    waarden = tabel["n"].to_numpy()
    verborgen = uit.tabel["n"].isna().to_numpy()
    assert (waarden[~verborgen] >= GRENS).all()
    assert (uit.tabel["n"][~verborgen] == waarden[~verborgen]).all()
    zichtbaar, dicht = [], []
    for rand, totalen in zip(randen, uit.randen, strict=True):
        for sleutel, som in totalen.items():
            masker = np.ones(len(tabel)) if not rand else (tabel[rand[0]] == sleutel).to_numpy(float)
            assert np.isnan(som) or som == waarden @ masker >= GRENS
            (dicht.append(masker) if np.isnan(som) else zichtbaar.append((masker, som)))
    for nr in np.flatnonzero(verborgen):
        laag, hoog = _spreiding(waarden, verborgen, zichtbaar, np.eye(len(waarden))[nr])
        assert hoog - laag > 1e-6
    for masker in dicht:
        bekend = masker[~verborgen] @ waarden[~verborgen]
        laag, hoog = (
            _spreiding(waarden, verborgen, zichtbaar, masker)
            if (masker[verborgen] > 0).any()
            else (bekend, bekend)
        )
        assert hoog - laag > 1e-6


@pytest.mark.parametrize("volgorde", [1, 7, 42])
def test_volgorde_van_de_rijen_telt_niet(volgorde):
    rng = np.random.default_rng(volgorde)
    tabel = pd.DataFrame(
        {"r": np.repeat(range(5), 4), "k": list(range(4)) * 5, "n": rng.permutation(np.arange(3, 43, 2))}
    )
    anders = tabel.sample(frac=1, random_state=volgorde)
    een = onderdruk(tabel, kolom="n", randen=[["r"], ["k"]]).tabel["n"]
    assert een.equals(onderdruk(anders, kolom="n", randen=[["r"], ["k"]]).tabel["n"].sort_index())


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.lists(st.lists(st.one_of(st.integers(0, 12), st.integers(10, 80)), min_size=1, max_size=3), min_size=1, max_size=3),
        min_size=1,
        max_size=3,
    ),
    st.booleans(),
)  # fmt: skip
def test_geneste_gebieden_verraden_niets(tel, cijfers, met_land):
    """Classes in gemeenten in provinces in the country: no hidden one follows from any level by subtraction."""
    rijen = [
        (f"p{p}", f"p{p}g{g}", float(n))
        for p, provincie in enumerate(cijfers)
        for g, gemeente in enumerate(provincie)
        for n in gemeente
    ]
    tabel = pd.DataFrame(rijen, columns=["provincie", "gemeente", "n"])
    randen = [["gemeente"], ["provincie"], *([[]] if met_land else [])]
    with tel.poging("small counts in nested regions, by subtraction"):
        uit = onderdruk(tabel, kolom="n", randen=randen)
        waarden, verborgen = tabel["n"].to_numpy(), uit.tabel["n"].isna().to_numpy()
        zichtbaar, dicht = [], []
        for rand, totalen in zip(randen, uit.randen, strict=True):
            for sleutel, som in totalen.items():
                masker = np.ones(len(tabel)) if not rand else (tabel[rand[0]] == sleutel).to_numpy(float)
                assert np.isnan(som) or som == waarden @ masker >= GRENS
                (dicht.append(masker) if np.isnan(som) else zichtbaar.append((masker, som)))
        assert (waarden[~verborgen] >= GRENS).all()
        for doel in [*np.eye(len(waarden))[verborgen], *dicht]:
            if (doel[verborgen] > 0).any():
                laag, hoog = _spreiding(waarden, verborgen, zichtbaar, doel)
                assert hoog - laag > 1e-6
        # what a shown total leaves for its hidden parts is never a small count: of cells, and of totals under it
        for masker, som in zichtbaar:
            cellen = verborgen & (masker > 0)
            assert not cellen.any() or som - waarden[(masker > 0) & ~verborgen].sum() >= GRENS
            for kolom in ("gemeente", "provincie"):
                delen = [
                    (m, s)
                    for m, s in zichtbaar
                    if _is_van(tabel, kolom, m) and (m <= masker).all() and (m < masker).any()
                ]
                rest = masker - sum((m for m, _ in delen), np.zeros(len(tabel)))
                over = som - sum(s for _, s in delen)
                assert not (rest > 0).any() or not delen or over >= GRENS, (kolom, over)


def _is_van(tabel, kolom, masker):
    """Whether a mask is one area of this level."""
    namen = set(tabel.loc[masker > 0, kolom])
    return len(namen) == 1 and ((tabel[kolom].isin(namen)) == (masker > 0)).all()


# --- where delivered counts leave ------------------------------------------------------------------------------


def test_small_counts_of_a_delivery_do_not_leave_beside_our_estimate():
    """Nivel's persons per region stand in a table and its csv: small ones are hidden, also from subtraction."""
    from types import SimpleNamespace

    from huisartsdata.leveringen.levering import Levering
    from huisartsdata.uitvoer.verhaal.partijtabellen import met_levering

    codes = pd.Index([f"RA000{n}" for n in range(5)], name="gebied")
    nivel = pd.DataFrame({"inwoners": 1e5, "onze_index": 100.0, "laag": 1.0, "hoog": 99.0}, index=codes)
    personen = [3.0, 5.0, 412.0, 9.0, 80.0]
    rijen = pd.DataFrame(
        {"gebiedsoort": "regioplus", "personen": personen, "fte": 50.0, "functie": "alle"}, index=codes
    )
    situatie = SimpleNamespace(aanbod_fte=250.0, functie="alle")

    def gemaakt(tabel):
        return met_levering(nivel, Levering(tabel, "nivel", tuple(codes), "2024", None), situatie)

    uit = gemaakt(rijen)["nivel_personen"]
    assert uit.isna().tolist() == [True, True, False, True, False]
    assert uit.dropna().tolist() == [412.0, 80.0]
    # one small count beside a known sum is that sum minus the rest: the smallest other goes too
    een = gemaakt(rijen.assign(personen=[3.0, 50.0, 412.0, 90.0, 80.0]))["nivel_personen"]
    assert een.isna().tolist() == [True, True, False, False, False]
    assert rijen["personen"].tolist() == personen


def test_small_lists_and_groups_are_left_out_at_reading_and_follow_from_no_total(tmp_path):
    """Whatever is made of a delivery later (letters, csv, zip) is made of these tables."""
    import huisartsdata as hd

    pad = tmp_path / "lijst.csv"
    pad.write_text(
        "praktijk_id;postcode;fte;ingeschreven\na;9401;1,0;7\nb;9402;2,0;3000\nc;9403;1,5;2500\ntotaal;;4,5;5507\n",
        encoding="utf-8",
    )
    lev = hd.read_praktijken(pad, gebied="GM0106", functie="alle")
    assert lev.tabel["ingeschreven"].isna().tolist() == [True, False, False]
    zinnen = " ".join(lev.opmerkingen)
    assert "5507" not in zinnen and "5.507" not in zinnen  # with it the 7 follows
    assert "1 keer minder dan 10 mensen" in zinnen
    s = hd.landelijke_situatie(functie="alle", aanbod=lev)
    assert s.praktijken.loc[["a", "b", "c"], "ingeschreven"].isna().tolist() == [True, False, False]
