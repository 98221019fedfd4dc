"""What is computed once and kept: the same bits as computed anew, bounded, and out of a caller's reach."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import huisartsdata as hd
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout
from huisartsdata.gebieden.geheugen import Geheugen
from huisartsdata.gebieden.reistijd import MAX_AFGELEID
from huisartsdata.model.bereikmatrix import bereid_voor, druk
from huisartsdata.model.onzekerheid import deel_in, maak_kern, trek_gebieden, vervalreeks
from huisartsdata.scenario.sturen.regelgevolgen import sterktereeks
from huisartsdata.scenario.sturen.stuurregels import vergelijk_regels

REGELS = ["geen", "d4", "denemarken", "opleiding_meer"]


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(norm=2095, functie="zonder_wisselend")


def _zelf(situatie, verval, groep, aantal):
    """A kernel by its definition: one sparse matrix of weights, summed by scipy."""
    reis = situatie.reistijden
    matrix = bereid_voor(reis, verval, situatie.methode, praktijken=situatie.praktijken.index).zonder_nullen()
    b = matrix.stap2
    for vraag in (situatie.vraag, situatie.vraag_nza):
        p = vraag.reindex(reis.van).to_numpy()
        per_paar = np.diff(b.indptr)
        gewicht, rij = b.data * np.repeat(p, per_paar), np.repeat(groep, per_paar)
        m = sparse.coo_array((gewicht, (rij, b.indices)), shape=(aantal, b.shape[1])).tocsr()
        yield druk(matrix.stap1, p), m


@pytest.mark.parametrize("per", ["gemeente", "regioplus", "wijk"])
@pytest.mark.parametrize("methode", ["e2sfca", "bfca"])
def test_a_kernel_has_the_bits_of_its_definition(land, per, methode):
    s = land.vervang(methode=methode)
    index, groep = deel_in(s, per)
    for verval in (s.verval, vervalreeks()[-1]):
        kern = maak_kern(s, verval, 1.0, groep, len(index))
        for (d, m), (eigen_d, eigen_m) in zip(
            kern.per_vraag, _zelf(s, verval, groep, len(index)), strict=True
        ):
            assert np.array_equal(d, eigen_d)
            for deel in ("data", "indices", "indptr"):
                assert np.array_equal(getattr(m, deel), getattr(eigen_m, deel))


def test_a_kernel_is_shared_by_what_leaves_it_as_it_is_and_by_nothing_else(land):
    index, groep = deel_in(land, "gemeente")
    kern = maak_kern(land, land.verval, 1.0, groep, len(index))
    ander_aanbod = land.praktijken.assign(fte=land.praktijken["fte"] * 2)
    for zelfde in (land.vervang(norm=1800), land.vervang(praktijken=ander_aanbod)):
        assert maak_kern(zelfde, zelfde.verval, 1.0, groep, len(index)) is kern
    anders = [
        maak_kern(land.vervang(vraag=land.vraag * 1.1), land.verval, 1.0, groep, len(index)),
        maak_kern(land.vervang(methode="m2sfca"), land.verval, 1.0, groep, len(index)),
        maak_kern(land, land.verval, 1.2, groep, len(index)),
        maak_kern(land, vervalreeks()[1], 1.0, groep, len(index)),
        maak_kern(land, land.verval, 1.0, groep[::-1].copy(), len(index)),
        # times of its own, though they are equal
        maak_kern(
            replace(land, reistijden=pickle.loads(pickle.dumps(land.reistijden))), land.verval, 1.0, groep,
            len(index),
        ),
    ]  # fmt: skip
    assert all(k is not kern for k in anders)
    assert np.array_equal(anders[-1].per_vraag[0][1].data, kern.per_vraag[0][1].data)


def test_where_people_choose_the_practices_there_are_decide(land):
    s = land.vervang(methode="bfca")
    index, groep = deel_in(s, "gemeente")
    kern = maak_kern(s, s.verval, 1.0, groep, len(index))
    minder = s.vervang(praktijken=s.praktijken.iloc[1:])
    assert maak_kern(minder, s.verval, 1.0, groep, len(index)) is not kern


def test_what_is_kept_cannot_be_changed_and_stays_behind_in_a_pickle(land):
    index, groep = deel_in(land, "gemeente")
    d, m = maak_kern(land, land.verval, 1.0, groep, len(index)).per_vraag[0]
    for deel in (d, m.data, m.indices, m.indptr):
        with pytest.raises(ValueError, match="read-only"):
            deel[0] = 1
    reis = land.reistijden
    assert 0 < len(reis.afgeleid) <= MAX_AFGELEID
    assert len(pickle.loads(pickle.dumps(reis)).afgeleid) == 0
    assert pickle.loads(pickle.dumps(reis)) == reis


def test_draws_are_the_same_the_second_time_and_with_the_areas_given(land):
    een, twee = (trek_gebieden(land, per="regioplus", trekkingen=4, seed=7) for _ in range(2))
    drie = trek_gebieden(land, per="regioplus", trekkingen=4, seed=7, indeling=deel_in(land, "regioplus"))
    vers = replace(land, reistijden=pickle.loads(pickle.dumps(land.reistijden)))
    vier = trek_gebieden(vers, per="regioplus", trekkingen=4, seed=7)
    for t in (twee, drie, vier):
        assert np.array_equal(een.bereikt, t.bereikt)
        assert np.array_equal(een.nodig, t.nodig)


def test_the_memory_forgets_what_was_asked_longest_ago():
    gemaakt = []

    def vraag(g, sleutel):
        return g.geef(sleutel, lambda: gemaakt.append(sleutel) or sleutel)

    g = Geheugen(2)
    for sleutel in "abacab":
        assert vraag(g, sleutel) == sleutel
    # a, b are made; a is asked; c drives out b; a is there; b is made again
    assert gemaakt == ["a", "b", "c", "b"]
    assert len(g) == 2


def test_areas_come_as_a_copy_and_a_strange_type_is_refused():
    een = hd.load_gebieden("provincie")
    een.loc["PV22", "naam"] = "iets anders"
    een["inwoners"] = 0
    twee = hd.load_gebieden("provincie")
    assert twee.loc["PV22", "naam"] == "Drenthe"
    assert twee["inwoners"].sum() == 17_942_942
    for vreemd in ("straat", ["provincie"], None, 3):
        with pytest.raises(OnbekendGebiedFout, match="geen gebiedssoort"):
            hd.load_gebieden(vreemd)


def test_several_norms_at_once_equal_each_by_itself(land):
    samen = vergelijk_regels(land, REGELS, normen=(1800, 2095), trekkingen=3)
    for norm in (1800, 2095):
        los = vergelijk_regels(land.vervang(norm=norm), REGELS, trekkingen=3)
        kolommen = [k for k in los if k != "kans_beste_alle"]  # a mean over norms
        een, twee = samen.xs(float(norm), level="norm")[kolommen], los.droplevel("norm")[kolommen]
        # people are the need at the norm of the first call times that norm: elsewhere the last bit may differ
        pd.testing.assert_frame_equal(
            een, twee, rtol=0.0 if norm == 1800 else 1e-12, atol=0.0 if norm == 1800 else 1e-9
        )


def test_the_series_of_strengths_has_the_bits_of_the_comparison(land):
    sterktes = (0.0, 0.02, 1.0)
    reeks = sterktereeks(land, ["d4", "denemarken"], sterktes=sterktes)
    for regel in ("d4", "denemarken"):
        t = vergelijk_regels(land, [(regel, {"sterkte": x}) for x in sterktes], jaren=[2035])["opgelost_fte"]
        assert reeks[regel].tolist() == t.tolist()


def test_a_seed_beyond_the_key_of_the_random_numbers_is_refused(land):
    for seed in (2**63, 2**64, 10**400, -1, 1.5, True):
        with pytest.raises(HuisartsdataFout, match="seed="):
            hd.tekortbeeld(land, trekkingen=1, seed=seed)
    assert len(hd.tekortbeeld(land, per="provincie", trekkingen=1, seed=2**63 - 1)) == 12
