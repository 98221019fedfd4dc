"""Finding an area by what people call it, and the layers of a map for it."""

from __future__ import annotations

import unicodedata

import pytest

import huisartsdata as hd
from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import zoek_gebied
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied


@pytest.mark.parametrize(
    ("vraag", "code"),
    [
        ("Dordrecht", "GM0505"), ("gm0505", "GM0505"), ("PV22", "PV22"), ("Utrecht", "GM0344"),
        ("provincie:Utrecht", "PV26"), ("Provincie : utrecht", "PV26"), ("Nederland", "NL01"), ("NL01", "NL01"),
        ("land:Nederland", "NL01"), ("provincie:Friesland", "PV21"), ("provincie:Fryslân", "PV21"),
        ("provincie:fryslan", "PV21"), ("Den Haag", "GM0518"), ("den bosch", "GM0796"), ("'s-Gravenhage", "GM0518"),
        ("’s-Hertogenbosch", "GM0796"), ("‘s-gravenhage", "GM0518"), ("Ĳsselstein", "GM0353"), ("ĳsselstein", "GM0353"),
        (unicodedata.normalize("NFD", "Súdwest-Fryslân"), "GM1900"), ("  Den   Haag ", "GM0518"),
        ("Hengelo", "GM0164"), ("Rijnmond", None), ("Noord-Brabant", "PV30"),
    ],
)  # fmt: skip
def test_area_by_name(vraag, code):
    if code is None:
        # one area only, of another type than gemeente: its own name is enough
        namen = [
            (s, c)
            for s in hd.schema.REGIOSOORTEN
            for c, n in hd.load_gebieden(s)["naam"].items()
            if n.casefold() == vraag.casefold()
        ]
        assert len(namen) == 1
        assert zoek_gebied(vraag)[:2] == namen[0]
    else:
        assert zoek_gebied(vraag)[1] == code


def test_every_name_that_one_area_has_is_enough():
    per_naam: dict[str, list[str]] = {}
    for soort in hd.schema.REGIOSOORTEN:
        for code, naam in hd.load_gebieden(soort)["naam"].items():
            per_naam.setdefault(naam.casefold(), []).append(code)
    gemeenten = set(hd.load_gemeenten()["naam"].str.casefold())
    uniek = [n for n, codes in per_naam.items() if len(codes) == 1 and n not in gemeenten and "fr" not in n]
    assert uniek
    for naam in uniek[:5]:
        assert zoek_gebied(naam)[1] == per_naam[naam][0]


def test_several_areas_are_listed():
    with pytest.raises(OnbekendGebiedFout, match="provincie:Drenthe") as e:
        zoek_gebied("Drenthe")
    assert "PV22" in e.value.codes and "RA0102" in e.value.codes
    with pytest.raises(OnbekendGebiedFout, match="provincie:Fryslân") as e:
        zoek_gebied("Friesland")
    assert {"PV21", "RA0103"} <= set(e.value.codes)
    with pytest.raises(OnbekendGebiedFout, match=r"Bergen \(NH\.\).*Bergen \(L\.\)"):
        zoek_gebied("Bergen")


@pytest.mark.parametrize("vraag", ["", " ", ":", "provincie:", "x" * 5000, None, 5, ["GM0106"]])
def test_nonsense_is_refused_shortly(vraag):
    with pytest.raises(OnbekendGebiedFout) as e:
        zoek_gebied(vraag)
    assert len(str(e.value)) < 250


def test_unknown_type_lists_the_types():
    with pytest.raises(OnbekendGebiedFout, match="geen gebiedssoort; kies uit gemeente, provincie"):
        zoek_gebied("stad:Utrecht")
    with pytest.raises(OnbekendGebiedFout, match=r"Bedoelt u: .*Dordrecht"):
        zoek_gebied("Dordrect")


def test_detail_is_land_or_regio():
    with pytest.raises(ParameterFout, match="'land' of 'regio'"):
        hd.load_gemeenten(detail="xx")


@pytest.mark.parametrize(
    ("codes", "naam"),
    [
        (("GM0106",), "Assen"),
        (("GM0109", "GM0106"), "Assen en Coevorden"),
        (["GM0114", "GM0106", "GM0109", "GM0106"], "Assen, Coevorden en Emmen"),
        ({"GM0114", "GM0106", "GM0109", "GM0119"}, "4 gemeenten"),
        (iter(["GM0106", "GM0109"]), "Assen en Coevorden"),
    ],
)
def test_several_gemeenten_get_a_name(codes, naam):
    k = load_kaartgebied(codes)
    assert k.naam == naam
    assert k.gebieden.index.is_unique and k.gebieden.index.is_monotonic_increasing


def test_all_gemeenten_are_the_country():
    k = load_kaartgebied(hd.load_gemeenten().index)
    assert (k.naam, len(k.gebieden), k.uitsnede) == ("Nederland", 342, None)
    assert load_kaartgebied("GM0106", naam="eigen").naam == "eigen"


@pytest.mark.parametrize(
    ("gebied", "opties", "fout", "tekst"),
    [
        ((), {}, ParameterFout, "minstens één"), (iter(()), {}, ParameterFout, "minstens één"),
        (None, {}, ParameterFout, "NoneType"), (5, {}, ParameterFout, "int"),
        (["GM0106", 5], {}, OnbekendGebiedFout, "5"), (["PV22"], {}, OnbekendGebiedFout, "PV22"),
        ("PV22", {"niveau": "straat"}, ParameterFout, "kies uit gemeente"), ("PV22", {"niveau": ["wijk"]}, ParameterFout, "kies uit"),
        ("PV22", {"niveau": None}, ParameterFout, "kies uit"),
    ],
)  # fmt: skip
def test_impossible_maps(gebied, opties, fout, tekst):
    with pytest.raises(fout, match=tekst):
        load_kaartgebied(gebied, **opties)
