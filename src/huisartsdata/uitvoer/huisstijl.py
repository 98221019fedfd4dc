"""House style: sizes, colours, Dutch numbers and dates, and figures that are written the same way twice.

Everything that leaves the package as a picture passes through this module. Colours come from the
scientific colour maps of F. Crameri (doi 10.5281/zenodo.1243862; package ``cmcrameri``), which are even in
lightness and safe for readers with a colour vision deficiency; classes are cut out of them at equal steps.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import HuisartsdataFout

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MM = 72 / 25.4  # points in a millimetre; every layout is computed in points
MINIMUM_PT = 7.0  # nothing smaller on paper: below this a printed brief can no longer be read
LETTER = "DejaVu Sans"  # shipped with matplotlib, so the same on every machine
TAAL = "nl_NL"
GEEN_GEGEVENS = "geen gegevens"
ONBEKEND = "onbekend"


@dataclass(frozen=True)
class Formaat:
    """A size on paper or screen: measures in mm, type in points.

    ``vast`` is True where the height is given (a slide); elsewhere the height is the most the figure may
    take and the figure ends where its content ends.
    """

    naam: str
    breedte_mm: float
    hoogte_mm: float
    vast: bool
    titel_pt: float
    ondertitel_pt: float
    tekst_pt: float
    klein_pt: float
    lijn: float
    dpi: int


FORMATEN: Mapping[str, Formaat] = {
    # A4 portrait with margins of 20 mm leaves 170 mm; the rest of the page is for the caption
    "a4": Formaat("a4", 170, 235, False, 12, 9, 8, 7, 1.0, 200),
    "half": Formaat("half", 170, 118, False, 11, 8.5, 7.5, 7, 0.9, 200),
    # 16:9 as presentation programs have it, 13.33 by 7.5 inch: 1920 by 1080 pixels at 144 dpi
    "dia": Formaat("dia", 338.6667, 190.5, True, 24, 16, 14, 11, 1.8, 144),
}

KLEUREN: Mapping[str, str] = {
    "tekst": "#1A1A1A",
    "zacht": "#555555",
    "lijn": "#3C3C3C",
    "raster": "#D9D9D9",
    "rand": "#FFFFFF",
    "buur": "#F5F5F3",
    "buurrand": "#C9C7C2",
    "water": "#D6E6F0",
    "rivier": "#9FC6DF",
    "waternaam": "#2F6485",
    "nadruk": "#8A2D1B",
    "geen_gegevens": "#FAFAFA",
    "geen_gegevens_arcering": "#A6A6A6",
    "onbekend": "#DCDCDC",
    "onbekend_arcering": "#6E6E6E",
    "onbekend_rand": "#5F5F5F",  # white borders are lost between the dots
    "ongunstig_arcering": "#FFFFFF",
}
ARCERING: Mapping[str, str] = {GEEN_GEGEVENS: "////", ONBEKEND: "...."}
# loss and gain are equally dark in grey: the unfavourable side of a difference has white stripes as well
ARCERING_ONGUNSTIG = "\\\\\\"
# within `onbekend`, from a small to a large chance; always with the dots of `onbekend` on top
TWIJFELGRIJZEN = ("#F1F1F1", "#D2D2D2", "#B2B2B2", "#939393")

# name -> (colour map, first and last position): the ends are cut off where a map turns near white or black
PALETTEN: Mapping[str, tuple[str, float, float]] = {
    "oranje": ("lajolla_r", 0.03, 0.80),  # more is less favourable: distance, people per practice
    # verdicts: blue favourable, red-brown unfavourable; neither as light as the surroundings in a grey print
    "oordeel": ("vik", 0.35, 0.85),
    "blauw": ("lapaz_r", 0.06, 0.92),  # neutral amounts: age, people
    "groen": ("bamako_r", 0.00, 0.80),  # supply: reach
    # differences, light in the middle: blue the favourable side, red-brown the other (see `Indicator.kleuren`)
    "tweezijdig": ("vik", 0.10, 0.90),
    "lijnen": ("batlow", 0.00, 0.60),  # lines on white: nothing as light as paper
}


def palet(naam: str, aantal: int) -> tuple[str, ...]:
    """Cut a palette of the house in classes.

    Parameters
    ----------
    naam
        One of ``PALETTEN``.
    aantal
        Number of classes, at least one.

    Returns
    -------
    tuple of str
        Hex colours from the lowest class to the highest.

    Examples
    --------
    >>> len(palet("oranje", 6))
    6
    """
    if naam not in PALETTEN:
        raise HuisartsdataFout(f"Onbekend palet: {naam}. Kies uit {', '.join(PALETTEN)}.")
    if aantal < 1:
        raise HuisartsdataFout(f"Een palet heeft minstens een klasse, niet {aantal}.")
    import numpy as np
    from matplotlib.colors import to_hex

    cm = import_module("cmcrameri.cm")
    kleurkaart, van, tot = PALETTEN[naam]
    plaatsen = np.linspace(van, tot, aantal) if aantal > 1 else np.array([(van + tot) / 2])
    return tuple(to_hex(kleur) for kleur in getattr(cm, kleurkaart)(plaatsen))


def getal(waarde: float, decimalen: int | None = None) -> str:
    """Write a number the Dutch way, halves rounded away from zero.

    Parameters
    ----------
    waarde
        The number; NaN gives ``geen gegevens``.
    decimalen
        Decimals to show; None shows what the number has, three at most.

    Examples
    --------
    >>> getal(2345.67), getal(0.65, 1), getal(-0.04, 1), getal(17942942)
    ('2.345,67', '0,7', '0,0', '17.942.942')
    """
    from babel.numbers import format_decimal

    precies = Decimal(str(waarde))
    if not precies.is_finite():
        return GEEN_GEGEVENS
    stap = Decimal(1).scaleb(-(3 if decimalen is None else decimalen))
    rond = precies.quantize(stap, rounding=ROUND_HALF_UP) + 0  # + 0: no minus before a zero
    patroon = "#,##0.###" if decimalen is None else "#,##0" + ("." + "0" * decimalen if decimalen else "")
    return str(format_decimal(rond, format=patroon, locale=TAAL))


def procent(deel: float, decimalen: int = 0) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> procent(0.2286, 1)
    '22,9%'
    """
    precies = Decimal(str(deel))
    return getal(float(precies * 100), decimalen) + "%" if precies.is_finite() else GEEN_GEGEVENS


def datum(dag: date) -> str:
    """Write a date in Dutch.

    Examples
    --------
    >>> datum(date(2026, 3, 11))
    '11 maart 2026'
    """
    from babel.dates import format_date

    return str(format_date(dag, format="d MMMM y", locale=TAAL))


def dagtekst(peildatum: str) -> str:
    """A date as sources give it, in words.

    >>> dagtekst("2025-12"), dagtekst("2024"), dagtekst("2026-03-11")
    ('december 2025', '2024', '11 maart 2026')
    >>> dagtekst("2013-2018"), dagtekst("niet vermeld")
    ('2013-2018', 'niet vermeld')
    """
    from babel.dates import format_date

    delen = peildatum.split("-")
    try:
        jaar, maand, dag = (*map(int, delen), 1, 1)[:3] if len(delen) < 4 else ()
        moment = date(jaar, maand, dag)
    except ValueError:  # "niet vermeld", "2013-2018": as it stands
        return peildatum
    vorm = ("y", "MMMM y", "d MMMM y")[len(delen) - 1]
    return str(format_date(moment, format=vorm, locale=TAAL))


def get_formaat(naam: str) -> Formaat:
    """Look up a size; an unknown name raises with the choices."""
    if naam not in FORMATEN:
        raise HuisartsdataFout(f"Onbekend formaat: {naam}. Kies uit {', '.join(FORMATEN)}.")
    return FORMATEN[naam]


def _instellingen(formaat: Formaat) -> dict[Any, Any]:
    dun = 0.6 * formaat.lijn
    return {
        "font.family": "sans-serif",
        "font.sans-serif": [LETTER],
        "font.size": formaat.tekst_pt,
        "text.color": KLEUREN["tekst"],
        "text.parse_math": False,  # a name with a dollar sign is text, never a formula
        "text.usetex": False,
        "text.hinting": "none",
        "axes.titlesize": formaat.tekst_pt,
        "axes.labelsize": formaat.tekst_pt,
        "axes.labelcolor": KLEUREN["tekst"],
        "axes.edgecolor": KLEUREN["zacht"],
        "axes.linewidth": dun,
        "axes.grid": False,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        "grid.color": KLEUREN["raster"],
        "grid.linewidth": dun,
        "xtick.labelsize": formaat.tekst_pt,
        "ytick.labelsize": formaat.tekst_pt,
        "xtick.color": KLEUREN["zacht"],
        "ytick.color": KLEUREN["zacht"],
        "xtick.major.width": dun,
        "ytick.major.width": dun,
        "lines.linewidth": 1.6 * formaat.lijn,
        "hatch.linewidth": 0.5 * formaat.lijn,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "savefig.bbox": None,  # the size on paper is the size asked for
        "svg.fonttype": "path",  # looks the same where DejaVu is not installed
        "svg.hashsalt": "huisartsdata",
        "svg.image_inline": True,
        "path.simplify": True,
        "agg.path.chunksize": 0,
    }


@contextmanager
def stijl(formaat: str = "a4") -> Iterator[Formaat]:
    """Draw in the house style; the settings of matplotlib are as before afterwards.

    Parameters
    ----------
    formaat
        ``a4`` (170 mm wide), ``half`` (the same, half a page high) or ``dia`` (slide, 16:9).

    Examples
    --------
    >>> with stijl("half") as formaat:
    ...     formaat.breedte_mm
    170
    """
    import matplotlib as mpl

    maat = get_formaat(formaat)
    with mpl.rc_context(_instellingen(maat)):
        yield maat


def to_png(fig: Figure, *, titel: str = "", alt_tekst: str = "", formaat: str = "a4") -> bytes:
    """Draw a figure as png: fixed resolution, no Software tag, the same bytes every time."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    ruw, buffer, gegevens = io.BytesIO(), io.BytesIO(), PngInfo()
    with stijl(formaat) as maat:
        fig.savefig(ruw, format="png", dpi=maat.dpi)
    for sleutel, tekst in (("Title", titel), ("Description", alt_tekst)):
        if tekst:
            gegevens.add_itxt(sleutel, tekst, lang="nl")
    # flat colours: a table of 256 shows no difference and makes the file a third of the size
    beeld = Image.open(ruw).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    beeld.save(buffer, format="png", optimize=True, dpi=(maat.dpi, maat.dpi), pnginfo=gegevens)
    return buffer.getvalue()


def _two_decimals(getal_in_pad: re.Match[str]) -> str:
    return f"{float(getal_in_pad[0]):.2f}".rstrip("0").rstrip(".")


def to_svg(fig: Figure, *, titel: str = "", alt_tekst: str = "", formaat: str = "a4") -> bytes:
    """Draw a figure as svg with title and description for screen readers; the same bytes every time."""
    buffer = io.StringIO()
    with stijl(formaat):
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    tekst = re.sub(r"[ \t]+\n", "\n", buffer.getvalue())
    # matplotlib writes six decimals of a point; two are a 250th of a millimetre and halve the file
    tekst = re.sub(r' d="[^"]*"', lambda d: re.sub(r"-?\d+\.\d{3,}", _two_decimals, d[0]), tekst)
    kop = f'<title id="titel">{escape(titel)}</title>\n <desc id="beschrijving">{escape(alt_tekst)}</desc>'
    # matplotlib has no place for a description, so the two elements go in front of its own first one
    tekst = re.sub(
        r"(<svg\b[^>]*)>",
        lambda m: f'{m[1]} role="img" aria-labelledby="titel beschrijving" lang="nl">\n {kop}',
        tekst,
        count=1,
    )
    return tekst.encode()


def bewaar(
    fig: Figure, pad: Path | str, *, titel: str = "", alt_tekst: str = "", formaat: str = "a4"
) -> tuple[Path, Path]:
    """Write a figure as png and svg, byte-identical when written again.

    Parameters
    ----------
    fig
        The figure.
    pad
        Path without extension; ``.png`` and ``.svg`` are put behind it.
    titel, alt_tekst
        Go into the files, for screen readers and search.
    formaat
        Size the figure was drawn in; decides the resolution.

    Returns
    -------
    tuple of Path
        The png and the svg.
    """
    basis = Path(pad)
    basis.parent.mkdir(parents=True, exist_ok=True)
    png, svg = (basis.with_name(basis.name + uitgang) for uitgang in (".png", ".svg"))
    png.write_bytes(to_png(fig, titel=titel, alt_tekst=alt_tekst, formaat=formaat))
    svg.write_bytes(to_svg(fig, titel=titel, alt_tekst=alt_tekst, formaat=formaat))
    return png, svg
