"""House style: numbers and dates, colours that everyone can tell apart, files that come out the same."""

from __future__ import annotations

import io
import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer import huisstijl as hs
from huisartsdata.uitvoer.kaarten.indicatoren import INDICATOREN, TE_ONZEKER
from huisartsdata.uitvoer.kaarten.kaartlagen import fill_style
from huisartsdata.uitvoer.kaarten.kaartpaneel import class_fills
from huisartsdata.uitvoer.kaarten.twijfel import doubt_labels, doubt_style

# G.M. Machado, M.M. Oliveira, L.A.F. Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 15(6), 2009, table of matrices at severity 1.0; for linear RGB
MACHADO_2009 = {
    "protanopie": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopie": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopie": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
ZICHT = {"gewoon": np.eye(3), **{naam: np.array(m) for naam, m in MACHADO_2009.items()}}
# IEC 61966-2-1 (sRGB, D65)
NAAR_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WIT = NAAR_XYZ.sum(axis=1)


def lab(kleur: str, zicht: np.ndarray = ZICHT["gewoon"]) -> np.ndarray:
    """CIE L*a*b* of a hex colour as seen with a matrix of colour vision."""
    rgb = np.array([int(kleur[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    lineair = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    t = NAAR_XYZ @ np.clip(zicht @ lineair, 0, 1) / WIT
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_measure_itself():
    assert lab("#FFFFFF")[0] == pytest.approx(100, abs=0.01)
    assert lab("#FF0000") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)  # the published Lab of sRGB red
    for matrix in ZICHT.values():
        assert np.asarray(matrix).sum(axis=1) == pytest.approx(1, abs=2e-6)  # grey stays grey


@pytest.mark.parametrize("zicht", ZICHT)
@pytest.mark.parametrize("naam", INDICATOREN)
def test_classes_can_be_told_apart(naam, zicht):
    kleuren = [lab(k, ZICHT[zicht]) for k in INDICATOREN[naam].kleuren]
    afstand = [np.linalg.norm(a - b) for i, a in enumerate(kleuren) for b in kleuren[i + 1 :]]
    assert min(afstand) > 10  # four times what can just be seen side by side (2.3)


@pytest.mark.parametrize("naam", INDICATOREN)
def test_lightness_orders_the_classes_in_grey(naam):
    ind = INDICATOREN[naam]
    helder = np.array([lab(k)[0] for k in ind.kleuren])
    if ind.palet == "tweezijdig":
        midden = len(helder) // 2
        assert (np.diff(helder[: midden + 1]) > 20).all()
        assert (np.diff(helder[midden:]) < -20).all()
    elif ind.onbekende_klassen:  # the class between is grey with dots: see the test of pairs below
        assert helder[-1] < helder[0] - 20
    else:
        assert (np.diff(helder) < -6).all()


def _vakken(ind) -> dict[str, tuple[str, str]]:
    """Everything a map of verdicts can hold: name -> colour and hatch."""
    stijlen = class_fills(ind) | {k: fill_style(k, "") for k in (hs.GEEN_GEGEVENS, hs.ONBEKEND)}
    stijlen = {k: v for k, v in stijlen.items() if k != TE_ONZEKER}
    for n, naam in enumerate(doubt_labels(ind)):
        stijlen[f"onbekend {naam}"] = doubt_style(n)
    if ind.twijfelstappen:
        del stijlen[hs.ONBEKEND]
    for rol in ("buur", "water"):
        stijlen[rol] = {"facecolor": hs.KLEUREN[rol]}
    return {k: (str(v["facecolor"]), str(v.get("hatch", ""))) for k, v in stijlen.items()}


@pytest.mark.parametrize("zicht", [*ZICHT, "grijs"])
@pytest.mark.parametrize("naam", [n for n, i in INDICATOREN.items() if i.onbekende_klassen])
def test_verdicts_stay_apart_from_each_other_and_from_what_lies_around(naam, zicht):
    vakken = _vakken(INDICATOREN[naam])
    geen, tekort = INDICATOREN[naam].klassen[0], INDICATOREN[naam].klassen[-1]
    assert {geen, tekort, "buur", "water", hs.GEEN_GEGEVENS} <= set(vakken)
    for (a, (kleur_a, arcering_a)), (b, (kleur_b, arcering_b)) in itertools.combinations(vakken.items(), 2):
        if zicht == "grijs":
            verschil = abs(lab(kleur_a)[0] - lab(kleur_b)[0])
        else:
            verschil = np.linalg.norm(lab(kleur_a, ZICHT[zicht]) - lab(kleur_b, ZICHT[zicht]))
        anders = arcering_a != arcering_b
        # without a hatch of their own two fills differ by the measure of classes; water and surroundings by half
        nodig = 4 if {a, b} == {"buur", "water"} else 10
        assert anders or verschil > nodig, (a, b, verschil)


@pytest.mark.parametrize(
    ("richting", "ongunstig"), [("hoog_ongunstig", "hoog"), ("hoog_gunstig", "laag"), ("neutraal", "hoog")]
)
def test_red_brown_and_stripes_are_always_the_unfavourable_side(richting, ongunstig):
    ind = replace(INDICATOREN["verschil_afstand_km"], richting=richting)
    for n, (kleur, arcering) in enumerate(zip(ind.kleuren, ind.arceringen, strict=True)):
        rood, blauw = int(kleur[1:3], 16), int(kleur[5:7], 16)
        slecht = n > 2 if ongunstig == "hoog" else n < 2
        assert bool(arcering) == slecht  # tells loss from gain where both are the same grey
        if n != 2:
            assert (rood > blauw) == slecht
    assert hs.ARCERING_ONGUNSTIG not in hs.ARCERING.values()


@pytest.mark.parametrize("zicht", ZICHT)
def test_no_class_looks_like_water_or_surroundings(zicht):
    for ind in INDICATOREN.values():
        for rol in ("water", "buur"):
            for kleur in ind.kleuren:
                verschil = np.linalg.norm(lab(kleur, ZICHT[zicht]) - lab(hs.KLEUREN[rol], ZICHT[zicht]))
                assert verschil > 4, (ind.naam, kleur, rol)


def test_text_has_contrast():
    def luminantie(kleur: str) -> float:
        return ((lab(kleur)[0] + 16) / 116) ** 3

    for rol in ("tekst", "zacht", "waternaam", "nadruk"):
        assert 1.05 / (luminantie(hs.KLEUREN[rol]) + 0.05) >= 4.5, rol  # WCAG 2.1, 1.4.3 on white
        assert (luminantie(hs.KLEUREN["buur"]) + 0.05) / (luminantie(hs.KLEUREN[rol]) + 0.05) >= 4.5, rol


@pytest.mark.parametrize(
    ("waarde", "decimalen", "tekst"),
    [
        (2345.67, None, "2.345,67"),
        (17942942, None, "17.942.942"),
        (0.5, None, "0,5"),
        (1.25, 1, "1,3"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (-0.04, 1, "0,0"),
        (1.005, 2, "1,01"),
        (1234.0, 2, "1.234,00"),
        (999.95, 1, "1.000,0"),
        (np.float64(3.0), 1, "3,0"),
        (float("nan"), 1, "geen gegevens"),
    ],
)
def test_dutch_numbers(waarde, decimalen, tekst):
    assert hs.getal(waarde, decimalen) == tekst


def test_dutch_shares_and_dates():
    assert hs.procent(0.2286, 1) == "22,9%"
    assert hs.procent(0.145) == "15%"  # 14.499... in binary, 14.5 as written
    assert hs.datum(date(2026, 3, 1)) == "1 maart 2026"
    assert hs.datum(date(2024, 8, 31)) == "31 augustus 2024"


def test_style_leaves_settings_as_they_were():
    voor = dict(mpl.rcParams)
    with hs.stijl("dia") as formaat:
        assert mpl.rcParams["font.size"] == formaat.tekst_pt
        assert mpl.rcParams["text.parse_math"] is False
    assert dict(mpl.rcParams) == voor


def test_no_type_below_the_minimum():
    for formaat in hs.FORMATEN.values():
        assert (
            min(formaat.titel_pt, formaat.ondertitel_pt, formaat.tekst_pt, formaat.klein_pt) >= hs.MINIMUM_PT
        )


def _figuur() -> Figure:
    with hs.stijl():
        fig = Figure(figsize=(2, 1))
        ax = fig.add_axes((0, 0, 1, 1))
        ax.bar([1, 2], [3, 4], hatch="//")
        ax.text(1, 1, "kost $5 en $6 <b>")
    return fig


def test_files_are_the_same_twice(tmp_path):
    titel, tekst = 'Prijs < 5 & "meer"', "Ligging van Súdwest-Fryslân → oost"
    een = hs.bewaar(_figuur(), tmp_path / "a" / "kaart", titel=titel, alt_tekst=tekst)
    twee = hs.bewaar(_figuur(), tmp_path / "b" / "kaart", titel=titel, alt_tekst=tekst)
    assert [p.name for p in een] == ["kaart.png", "kaart.svg"]
    for links, rechts in zip(een, twee, strict=True):
        assert links.read_bytes() == rechts.read_bytes()

    beeld = Image.open(een[0])
    assert beeld.size == (400, 200)
    assert "Software" not in beeld.text
    assert beeld.text["Title"] == titel
    assert beeld.text["Description"] == tekst

    wortel = ET.parse(een[1]).getroot()
    ruimte = "{http://www.w3.org/2000/svg}"
    assert wortel.get("role") == "img"
    assert wortel.find(f"{ruimte}title").text == titel
    assert wortel.find(f"{ruimte}desc").text == tekst
    bron = een[1].read_text()
    assert "<dc:date>" not in bron
    assert not re.search(r' d="[^"]*\.\d{3}', bron)


def test_palette_table_keeps_the_class_colours():
    with hs.stijl():
        fig = Figure(figsize=(3, 1))
        ax = fig.add_axes((0, 0, 1, 1), xlim=(0, 7), ylim=(0, 1))
        kleuren = hs.palet("oranje", 7)
        ax.bar(np.arange(7) + 0.5, 1, width=1, color=kleuren)
        ax.set_axis_off()
    beeld = np.asarray(Image.open(io.BytesIO(hs.to_png(fig))).convert("RGB"))
    for n, kleur in enumerate(kleuren):
        echt = [int(kleur[i : i + 2], 16) for i in (1, 3, 5)]
        gezien = beeld[100, round((n + 0.5) / 7 * 600)].astype(int)
        assert np.abs(gezien - echt).max() <= 3


@pytest.mark.parametrize(
    "fout", [lambda: hs.palet("regenboog", 3), lambda: hs.get_formaat("a3"), lambda: hs.palet("groen", 0)]
)
def test_unknown_choices_are_refused(fout):
    with pytest.raises(HuisartsdataFout):
        fout()
