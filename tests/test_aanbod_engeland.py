"""The supply estimate where the truth is public: England, fed only what the Netherlands has.

Nothing is tuned to these tests: the two splits are the first two of the ten in docs/aanbod_engeland.md, which
holds the single repeats and size classes that fall below .85 too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from huisartsdata.gebieden import register
from huisartsdata.model.aanbod import gelijk_aanbod, trek_aanbod, verwacht_aanbod
from huisartsdata.model.aanbodprior import maak_prior
from huisartsdata.model.aanbodtoets import (
    binnen_interval,
    dekking_per_klasse,
    engeland_ankers,
    engeland_invoer,
    engeland_prior,
    grootteklasse,
    logfout,
    maak_engelandmodel,
    schat_fout,
    spreiding,
    train_helft,
)

PAD = Path(__file__).resolve().parents[1] / "data/engeland/lad_2019.csv"


@pytest.fixture(scope="module")
def lad() -> pd.DataFrame:
    if hasattr(register, "load_engeland"):
        return register.load_engeland()
    return pd.read_csv(PAD).set_index("lad_code")


def per_lad(reeks):
    return reeks.groupby(reeks.index.str.rsplit("-", n=1).str[0]).sum()


@pytest.fixture(scope="module")
def model(lad):
    fout = schat_fout(lad, pd.Series(data=True, index=lad.index))
    return maak_engelandmodel(lad, engeland_prior(lad, fout, ankers=engeland_ankers(lad)))


def test_tabel(lad):
    """NHS England counts 33,640 fte in 2019 and ONS 55.98 million people in mid-2018, both with the two left out."""
    assert len(lad) == 307 and lad["graafschap"].nunique() == 48
    assert not {"E09000001", "E06000053"} & set(lad.index)  # City of London, Isles of Scilly
    assert 33_300 < lad["fte"].sum() < 33_640
    assert lad["inwoners"].sum() == pytest.approx(55_977_178 - 8_706 - 2_242, abs=500)
    # places are counted from another file, with 75 practices more
    assert (lad["adressen"] - lad["praktijken"]).max() <= 3
    assert (lad.drop(columns="graafschap") > 0).all().all()


def test_de_waarheid_gaat_niet_mee(lad):
    """Only people, practices, places and region reach the estimator; shuffled fte changes no share."""
    praktijken, gemeenten = engeland_invoer(lad)
    assert list(praktijken) == ["gm_code"] and set(gemeenten) == {"inwoners", "adressen", "regioplus_code"}
    anders = lad.assign(fte=lad["fte"].to_numpy()[::-1])
    prior = engeland_prior(lad, (0.0127, 0.22), ankers=engeland_ankers(lad))
    een, twee = (trek_aanbod(maak_engelandmodel(x, prior), trekkingen=2, seed=0) for x in (lad, anders))
    np.testing.assert_allclose(een, twee, rtol=1e-12)


def test_dekking_buiten_de_trainhelft(lad):
    """Error fitted on half of the counties, judged on the other half: 90% intervals hold 85 to 95%."""
    raak = []
    for h in range(2):
        train = train_helft(lad, splitsing="graafschap", herhaling=h)
        prior = engeland_prior(lad, schat_fout(lad, train), ankers=engeland_ankers(lad))
        d = per_lad(trek_aanbod(maak_engelandmodel(lad, prior), trekkingen=300, seed=h))
        raak.append(binnen_interval(d, lad["fte"])[~train])
    tabel = dekking_per_klasse(pd.concat(raak), grootteklasse(lad["inwoners"]))
    print(tabel.round(3).to_string())
    assert tabel.loc["alle", "n"] == sum(len(r) for r in raak) > 290
    assert 0.85 <= tabel.loc["alle", "dekking"] <= 0.95


def test_volgorde_van_de_fouten(lad, model):
    """Equal fte per practice is far worse than one density; the hierarchical mean is hardly better than that.

    The gain is honest width, not a better point. A delivery of registered people or of persons beats all three.
    """
    klasse = grootteklasse(lad["inwoners"])
    sd = pd.DataFrame(
        {
            naam: spreiding(logfout(schatting.astype(float), lad["fte"]), klasse)
            for naam, schatting in {
                "gelijk": per_lad(gelijk_aanbod(model)),
                "dichtheid": lad["inwoners"],
                "model": per_lad(verwacht_aanbod(model)),
                "ingeschreven": lad["ingeschreven"],
                "personen": lad["personen"],
            }.items()
        }
    )
    print(sd.round(3).to_string())
    alle = sd.loc["alle"]
    assert 0.19 <= alle["dichtheid"].round(2) <= 0.20 and 0.28 <= alle["gelijk"].round(2) <= 0.30
    assert alle["gelijk"] - alle["dichtheid"] > 0.08
    assert 0.0 < alle["dichtheid"] - alle["model"] < 0.01
    assert alle["personen"] < alle["ingeschreven"] < alle["model"]
    assert (sd["gelijk"] - sd["model"] > 0.05).all()  # in every size class


def test_nederlandse_fout_is_de_engelse(lad):
    """The parameters a and b of the Dutch prior are the fit on all English areas, to the digits written."""
    a, b = schat_fout(lad, pd.Series(data=True, index=lad.index))
    prior = maak_prior("alle")
    assert (round(a, 4), round(b, 2)) == (prior.fout_vast, prior.fout_per_praktijk)
    mensen = lad["inwoners"].sum() / lad["praktijken"].sum()
    assert round(mensen, -1) == pytest.approx(prior.personen_per_praktijk, abs=60)


def test_schat_fout_vindt_een_bekende_fout():
    """Ten invented countries with variance .01 + .3 / n inside regions of unequal level.

    One fit has a standard error of .0008 and .018 (forty repeats); the mean of ten is held to three of its own.
    """
    gevonden = []
    for s in range(10):
        rng = np.random.default_rng(s)
        n = rng.integers(3, 60, 4000)
        niveau = np.repeat(rng.normal(0, 0.2, 200), 20)
        fte = n * np.exp(niveau + rng.standard_normal(4000) * np.sqrt(0.01 + 0.3 / n))
        regio = np.repeat([f"R{k:03d}" for k in range(200)], 20)
        lad = pd.DataFrame({"graafschap": regio, "inwoners": n * 8000.0, "praktijken": n, "fte": fte})
        gevonden.append(schat_fout(lad, pd.Series(data=True, index=lad.index)))
    a, b = np.mean(gevonden, axis=0)
    assert a == pytest.approx(0.01, abs=3 * 0.0008 / 10**0.5)
    assert b == pytest.approx(0.3, abs=3 * 0.018 / 10**0.5)


def test_ankers_zijn_van_het_nederlandse_soort(lad):
    a = engeland_ankers(lad)
    assert a.landelijk == 6.7 and a.laag is not None and a.hoog is not None
    assert a.laag < 6.7 < a.hoog and round(a.laag, 1) == a.laag
    assert a.laagste not in a.hoogste and len(a.hoogste) == 3
    assert engeland_ankers(lad, namen=False).hoogste == ()


@pytest.mark.parametrize("splitsing", ["lad", "graafschap"])
def test_helften(lad, splitsing):
    een, twee = (train_helft(lad, splitsing=splitsing, herhaling=h) for h in (0, 1))
    assert not een.equals(twee) and een.equals(train_helft(lad, splitsing=splitsing, herhaling=0))
    if splitsing == "graafschap":
        assert een.groupby(lad["graafschap"]).nunique().max() <= 3
        assert lad.loc[een, "graafschap"].nunique() == 24
    else:
        assert een.sum() == 153
