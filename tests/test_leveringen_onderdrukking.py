"""Small counts are hidden, and no hidden one can be computed from what is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from huisartsdata.bronnen.catalogus import Herkomst
from huisartsdata.leveringen.onderdrukking import GRENS, onderdruk

HERKOMST = Herkomst("toets", "waargenomen", "2024")


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
    nivel = pd.DataFrame({"inwoners": 1e5, "onze_fte": 50.0, "laag": 1.0, "hoog": 99.0}, index=codes)
    personen = [3.0, 5.0, 412.0, 9.0, 80.0]
    rijen = pd.DataFrame(
        {"gebiedsoort": "regioplus", "personen": personen, "fte": 50.0, "functie": "alle"}, index=codes
    )
    situatie = SimpleNamespace(functie="alle")

    def gemaakt(tabel):
        return met_levering(nivel, Levering(tabel, "nivel", tuple(codes), "2024", HERKOMST), situatie)

    uit = gemaakt(rijen)["nivel_personen"]
    assert uit.isna().tolist() == [True, True, False, True, False]
    assert uit.dropna().tolist() == [412.0, 80.0]
    # one small count beside a known sum is that sum minus the rest: the smallest other goes too
    een = gemaakt(rijen.assign(personen=[3.0, 50.0, 412.0, 90.0, 80.0]))["nivel_personen"]
    assert een.isna().tolist() == [True, True, False, False, False]
    assert rijen["personen"].tolist() == personen


def test_small_lists_and_groups_are_left_out_at_reading_and_follow_from_no_total(tmp_path):
    """Of a practice list the small numbers are dropped when it is read; nothing later has them."""
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


def _regios(eerste, rest=lambda n: (400 + n, 60)):
    """A delivery per RegioPlus region, persons by function; (vast, wisselend) of the first regions as given."""
    import huisartsdata as hd

    codes = sorted(set(hd.load_gemeenten()["regioplus_code"]))
    aantallen = [*eerste, *(rest(n) for n in range(len(codes) - len(eerste)))]
    return codes, aantallen


def _naast(levering, functie, codes):
    from types import SimpleNamespace

    from huisartsdata.uitvoer.verhaal.partijtabellen import met_levering

    nivel = pd.DataFrame(
        {"inwoners": 600_000.0, "onze_fte": 400.0, "laag": 1.0, "hoog": 1e6},
        index=pd.Index(codes, name="gebied"),
    )
    return met_levering(nivel, levering, SimpleNamespace(functie=functie))


def test_fte_made_from_few_people_do_not_give_them_back_by_division(tmp_path):
    import huisartsdata as hd

    codes, aantallen = _regios([(3, 0), (50, 0)])
    regels = [f"{c};{v}" for c, (v, _) in zip(codes, aantallen, strict=True)]
    pad = tmp_path / "lev.csv"
    pad.write_text("gebied;personen\n" + "\n".join(regels) + "\n", encoding="utf-8")
    lev = hd.read_nivel(pad, functie="alle", fte_per_persoon=0.75)
    assert lev.tabel[["personen", "fte"]].iloc[:2].isna().all(axis=None)
    assert lev.tabel["fte_status"].iloc[:3].tolist() == ["onderdrukt", "onderdrukt", "afgeleid"]
    uit = _naast(lev, "alle", codes)
    cijfers = ["nivel_fte", "nivel_personen", "nivel_per_10000", "nivel_index", "verschil_index"]
    assert uit[cijfers].iloc[:2].isna().all(axis=None)
    assert uit["binnen_band"].isna().tolist() == [True] * 2 + [False] * (len(codes) - 2)
    assert uit[cijfers].iloc[2:].notna().all(axis=None)
    # nor from the index, which is a share of the areas that are shown
    assert (uit["nivel_index"].dropna().mean()) == pytest.approx(100.0)


def test_two_functies_side_by_side_do_not_give_the_roaming_locums(tmp_path):
    import huisartsdata as hd

    codes, aantallen = _regios([(40, 3)])
    regels = []
    for code, (vast, wisselend) in zip(codes, aantallen, strict=True):
        regels += [f"{code};praktijkhouder;{vast};{0.7 * vast:.1f}".replace(".", ",")]
        regels += [f"{code};wisselende_waarnemer;{wisselend};{0.4 * wisselend:.1f}".replace(".", ",")]
    pad = tmp_path / "lev.csv"
    pad.write_text("gebied;functie;personen;fte\n" + "\n".join(regels) + "\n", encoding="utf-8")
    lev = hd.read_nivel(pad)
    alle, zonder = (_naast(lev, f, codes) for f in ("alle", "zonder_wisselend"))
    verschil = (alle["nivel_personen"] - zonder["nivel_personen"]).dropna()
    assert (verschil == 60).all()
    assert alle["nivel_personen"].iloc[0] == 43
    assert zonder["nivel_personen"].isna().sum() == 2  # and one more, or the sum of the country would tell
    # asked in the other order, and from a delivery read again: the same is hidden
    anders = hd.read_nivel(pad)
    pd.testing.assert_frame_equal(_naast(anders, "zonder_wisselend", codes), zonder)
    pd.testing.assert_frame_equal(_naast(anders, "alle", codes), alle)


def test_the_table_that_a_reader_gives_holds_no_small_count(tmp_path):
    import huisartsdata as hd
    from huisartsdata.uitvoer.tabel import to_csv

    pad = tmp_path / "lev.csv"
    pad.write_text(
        "gebied;personen;fte\nGM0106;3;2,5\nGM0114;60;45,1\nGM0109;70;51,5\nTotaal;133;99,1\n",
        encoding="utf-8",
    )
    lev = hd.read_nivel(pad, functie="alle")
    assert lev.tabel["personen"].isna().to_dict() == {"GM0106": True, "GM0109": False, "GM0114": True}
    assert lev.tabel["personen_status"].to_dict() == {
        "GM0106": "onderdrukt",
        "GM0109": "waargenomen",
        "GM0114": "onderdrukt",
    }
    # measured fte are no multiple of the count and stay
    assert lev.tabel["fte"].tolist() == [2.5, 51.5, 45.1]
    tekst = to_csv(lev.tabel[["personen", "fte"]]).decode() + repr(lev) + " ".join(lev.opmerkingen)
    assert "3.0" not in tekst and "133" not in tekst
    assert "1 keer minder dan 10 huisartsen" in tekst


@pytest.mark.parametrize("factor", [0.75, None])
def test_a_gemeente_with_few_gps_stays_an_estimate_when_its_fte_are_a_multiple(tmp_path, factor):
    """Supply of a gemeente is printed everywhere; three times 0.75 would be three people."""
    import huisartsdata as hd

    gm = hd.load_gemeenten()
    drenthe = gm.index[gm["provincie_code"] == "PV22"]
    rij = "{};{}\n" if factor else "{};{};{}\n"
    aantallen = {c: 3 if c == "GM0119" else 20 + n for n, c in enumerate(drenthe)}
    pad = tmp_path / "lev.csv"
    pad.write_text(
        ("gebied;personen\n" if factor else "gebied;personen;fte\n")
        + "".join(rij.format(c, n, f"{0.75 * n:.2f}".replace(".", ",")) for c, n in aantallen.items()),
        encoding="utf-8",
    )
    lev = hd.read_nivel(pad, functie="alle", fte_per_persoon=factor)
    s = hd.landelijke_situatie(aanbod=lev)
    fte = s.praktijken["fte"].groupby(s.praktijken["gm_code"]).sum()
    assert fte["GM0119"] != pytest.approx(2.25, abs=0.05)
    gelijk = [c for c, n in aantallen.items() if fte[c] == pytest.approx(0.75 * n, abs=0.006)]
    assert len(gelijk) == len(drenthe) - 2  # the smallest other goes too: the sum of the province is known
    assert any("minder dan 10 huisartsen; daar blijft de modelschatting" in h for h in s.herkomst)


def test_different_factors_do_not_solve_for_the_parts():
    """Persons 43 and fte 29.2 of holders at 0.7 and locums at 0.4 are two equations in two unknowns."""
    from huisartsdata.leveringen.kleineaantallen import maak_plan

    rijen = [
        (f"G{n}", f, p, p * x)
        for n, (vast, los) in enumerate([(40.0, 3.0), (400.0, 60.0), (300.0, 70.0)])
        for f, p, x in (("praktijkhouder", vast, 0.7), ("wisselende_waarnemer", los, 0.4))
    ]
    t = pd.DataFrame(rijen, columns=["gebied", "functie", "personen", "fte"]).set_index("gebied")
    plan = maak_plan(t.assign(fte_status="afgeleid"))
    assert plan.personen["alle"].all()
    assert not plan.fte.loc["G0"].any()
    assert plan.fte.loc["G1"].all()  # nothing hidden there


def test_a_delivery_with_another_table_forgets_the_exact_one(tmp_path):
    from dataclasses import replace

    import huisartsdata as hd

    pad = tmp_path / "lev.csv"
    pad.write_text("gebied;personen;fte\nGM0106;3;2,5\nGM0114;60;45,1\n", encoding="utf-8")
    lev = hd.read_nivel(pad, functie="alle")
    assert lev.exact()["personen"].tolist() == [3.0, 60.0]
    assert lev.vingerafdruk() != replace(lev, tabel=lev.tabel.copy()).vingerafdruk()
    assert replace(lev, tabel=lev.tabel.iloc[:1]).exact()["personen"].isna().all()


GROOT = [([300, 200], 90), ([400], 110)]  # so that the totals of the country are no small counts themselves


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.lists(st.one_of(st.integers(0, 12), st.integers(10, 80)), min_size=1, max_size=3),
            st.one_of(st.none(), st.integers(0, 12), st.integers(10, 80)),
        ),
        min_size=1,
        max_size=4,
    )
)  # fmt: skip
def test_no_small_count_of_a_delivery_follows_from_all_that_leaves(tel, cijfers):
    """Rows, sums per area and both functies together, and the totals of the country and its locums."""
    from huisartsdata.leveringen.kleineaantallen import rekentabel, toon_sommen, verberg
    from huisartsdata.leveringen.levering import Levering

    namen = ["praktijkhouder", "hidha", "vaste_waarnemer"]
    rijen = [
        (f"G{n}", f, float(p))
        for n, (vast, los) in enumerate([*cijfers, *GROOT])
        for f, p in [
            *zip(namen, vast, strict=False),
            *([] if los is None else [("wisselende_waarnemer", los)]),
        ]
    ]
    exact = pd.DataFrame(rijen, columns=["gebied", "functie", "personen"]).set_index("gebied")
    exact = exact.assign(fte=0.75 * exact["personen"], personen_status="waargenomen", fte_status="afgeleid")
    with tel.poging("small counts of a delivery: rows, sums, division and both functies"):
        dicht, _ = verberg(exact)
        lev = Levering(dicht, "nivel", (), "2024", HERKOMST, _exact=(dicht, exact))
        waarden, wisselend = (
            exact["personen"].to_numpy(),
            (exact["functie"] == "wisselende_waarnemer").to_numpy(),
        )
        verborgen = dicht["personen"].isna().to_numpy()
        assert not ((waarden > 0) & (waarden < GRENS) & ~verborgen).any()
        assert (dicht["fte"].isna().to_numpy() == verborgen).all()
        telt = {"alle": np.ones(len(exact)), "zonder_wisselend": (~wisselend).astype(float)}
        zichtbaar = [
            (np.ones(len(exact)), waarden.sum()),
            (telt["zonder_wisselend"], waarden[~wisselend].sum()),
        ]
        for functie, masker in telt.items():
            som = toon_sommen(lev, functie)
            reken = rekentabel(lev, functie).groupby(level=0)["fte"].sum(skipna=False)
            for code in som.index:
                m = masker * (exact.index == code)
                assert (
                    np.isnan(som.loc[code, "personen"])
                    == np.isnan(som.loc[code, "fte"])
                    == np.isnan(reken[code])
                )
                if not np.isnan(som.loc[code, "personen"]):
                    assert som.loc[code, "personen"] == waarden @ m
                    assert not 0 < waarden @ m < GRENS
                    zichtbaar.append((m, som.loc[code, "personen"]))
        doelen = [e for e, w in zip(np.eye(len(waarden)), waarden, strict=True) if 0 < w < GRENS]
        doelen += [
            m for code in set(exact.index) if 0 < waarden @ (m := wisselend * (exact.index == code)) < GRENS
        ]
        for doel in doelen:
            laag, hoog = _spreiding(waarden, verborgen, zichtbaar, np.asarray(doel, dtype=float))
            assert hoog - laag > 1e-6
