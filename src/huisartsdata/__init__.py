"""Where GP (huisarts) care in the Netherlands is short, how sure that is, and what steering changes.

Names load on first use, so that ``import huisartsdata`` costs nothing::

    import huisartsdata as hd

    hd.load_gemeenten()
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# public name -> module that defines it ("" = the module itself is the name)
_NAMEN: dict[str, str] = {
    "fouten": "fouten",
    "schema": "schema",
    "verval": "model.verval",
    "snapshot": "bronnen.catalogus",
    "load_parameters": "bronnen.parameters",
    "load_gemeenten": "gebieden.register",
    "load_wijken": "gebieden.register",
    "load_buurten": "gebieden.register",
    "load_buurtvlakken": "gebieden.register",
    "load_water": "gebieden.register",
    "load_leeftijden": "gebieden.register",
    "load_praktijken": "gebieden.register",
    "load_pc4": "gebieden.register",
    "load_signalen": "gebieden.register",
    "load_feiten": "gebieden.register",
    "load_bevolking": "gebieden.register",
    "load_afstand": "gebieden.register",
    "load_gebieden": "gebieden.register",
    "load_kerncijfers": "gebieden.kerncijfers",
    "load_afstandreeks": "gebieden.kerncijfers",
    "load_herindelingen": "gebieden.herindeling",
    "load_verdeling": "gebieden.herindeling",
    "herindeel": "gebieden.herindeling",
    "Reistijden": "gebieden.reistijd",
    "read_gebieden": "leveringen.eigen_gebieden",
    "read_nivel": "leveringen.nivel",
    "read_praktijken": "leveringen.praktijken",
    "read_vektis": "leveringen.vektis",
    "read_levering": "leveringen.herken",
    "Levering": "leveringen.levering",
    "fca": "model.bereik",
    "bereken_reistijden": "gebieden.reismodel",
    "load_rivieren": "gebieden.water",
    "load_engeland": "gebieden.register",
    "zorgvraag": "model.vraag",
    "vergelijk_met_vektis": "model.vraag",
    "Situatie": "model.situatie",
    "landelijke_situatie": "model.situatie",
    "tekortbeeld": "model.tekort",
    "splits_tekort": "model.tekort",
    "ontleed_tekort": "model.tekort",
    "stabiliteitsband": "model.onzekerheid",
    "bereikbeeld": "model.bereikmaten",
    "typeer": "model.typologie",
    "open_aandeel_signaal": "model.typologie",
    "open_signalen": "model.typologie",
    "model_tegen_signaal": "model.typologie",
    "waarde_van_informatie": "model.informatie",
    "variantiebijdragen": "model.informatie",
    "wisselingen": "model.informatie",
    "terugblik": "model.informatie",
    "Reisomgeving": "gebieden.reisomgeving",
    "naaste_afstand": "gebieden.naaste",
    "kalibratietabel": "gebieden.naaste",
    "load_overgangen": "gebieden.water",
    "scenario": "scenario",
    "gelijkheidsbeeld": "model.gelijkheid",
    "hellingsindex": "model.gelijkheidsmaten",
    "concentratie_index": "model.gelijkheidsmaten",
    "gini": "model.gelijkheidsmaten",
    "theil": "model.spreidingsmaten",
    "splits_theil": "model.spreidingsmaten",
    "zonder_huisarts": "model.monitor",
    "webkaart": "uitvoer.web.webkaarten",
    "Webkaart": "uitvoer.web.webkaarten",
    "toon": "uitvoer.web.webkaarten",
    "Weblaag": "uitvoer.web.weblagen",
    "bladertabel": "uitvoer.schermen.bladeren",
    "webkaart_bereik": "uitvoer.web.webfiguren",
    "webkaart_tekort": "uitvoer.web.webfiguren",
    "webkaart_afstand": "uitvoer.web.webfiguren",
    "webkaart_uitval": "uitvoer.web.webscenario",
    "webkaart_stuurregel": "uitvoer.web.webscenario",
    "teken_bivariaat": "uitvoer.kaarten.bivariaat",
    "teken_cartogram": "uitvoer.kaarten.cartogram",
    "teken_verschil": "uitvoer.kaarten.kaartvergelijking",
    "teken_waterval": "uitvoer.grafieken.waterval",
    "teken_tijdlijn": "uitvoer.grafieken.tijdlijn",
    "teken_maandverloop": "uitvoer.grafieken.maandverloop",
    "teken_rangen": "uitvoer.grafieken.rangfiguur",
    "kaartreeks": "uitvoer.kaarten.kaart",
    "pad_naar_nul": "model.monitor",
    "wat_moet_waar_zijn": "model.monitor",
    "verouderd": "uitvoer.ouderdom",
    "embed_figuur": "uitvoer.ouderdom",
}

__all__ = ["__version__", *sorted(_NAMEN)]  # noqa: PLE0604 - strings, from one list


def __getattr__(naam: str) -> Any:
    if naam not in _NAMEN:
        raise AttributeError(f"module 'huisartsdata' has no attribute '{naam}'")
    module = import_module(f"huisartsdata.{_NAMEN[naam]}")
    waarde = module if module.__name__.rpartition(".")[2] == naam else getattr(module, naam)
    globals()[naam] = waarde
    return waarde


def __dir__() -> list[str]:
    return __all__
