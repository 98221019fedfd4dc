"""An executed notebook as one html page: pictures inside it, no network, nothing about the machine."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata import __version__

if TYPE_CHECKING:
    import nbformat

PAGINAMAP = "notebooks"  # in the figure folder
_CSS = """
body{margin:0 auto;max-width:60rem;padding:1.5rem 1.25rem 4rem;background:#fff;color:#1a1a1a;
font:16px/1.55 "DejaVu Sans",Verdana,Arial,sans-serif;overflow-wrap:break-word}
h1{font-size:1.75rem;line-height:1.25}h2{font-size:1.3rem;margin-top:2.2rem}h3{font-size:1.1rem}
a{color:#1f4e79}a.anchor-link{display:none}
img{max-width:100%;height:auto}
pre{font:0.82rem/1.45 "DejaVu Sans Mono",Consolas,monospace;white-space:pre-wrap}
details{margin:.5rem 0;border-left:3px solid #d9d9d9;padding-left:.7rem}
summary{color:#555;font-size:.82rem;cursor:pointer}
div.prompt{display:none}
div.output_area{margin:.6rem 0;overflow-x:auto}
div.output_stderr{background:#f6f3ef;padding:.4rem .6rem}
table{border-collapse:collapse;font-size:.85rem}
th,td{border-bottom:1px solid #d9d9d9;padding:.25rem .5rem;vertical-align:top}
.herkomst{color:#555;font-size:.85rem;border-bottom:1px solid #d9d9d9;padding-bottom:.6rem}
""".strip()
# code folds in: a reader comes for the sentences and figures
_SJABLOON = (
    "{%- extends 'classic/base.html.j2' -%}{% block input_group %}<details><summary>code</summary>"
    "{{ super() }}</details>{% endblock input_group %}"
)
# the temporary file and process number that a message of the kernel names
_CELBESTAND = re.compile(r"[^\s\"'<>]{0,300}[\\/]ipykernel_\d+[\\/]\d+\.py")
_VRAAGNAMEN = {"gebied": "gebied", "norm": "norm", "functie": "functie", "peiljaar": "peiljaar"}


def to_pagina(
    boek: nbformat.NotebookNode, naam: str, *, mappen: Mapping[str, str], vraag: Mapping[str, Any]
) -> bytes:
    """Write an executed notebook as one html page, the same bytes every time.

    Parameters
    ----------
    boek
        The notebook with its outputs; it is not changed.
    naam
        File name of the notebook without extension.
    mappen
        Path on this machine -> what stands in its place on the page.
    vraag
        The choice the notebook was given, for the line below the title.

    Returns
    -------
    bytes
        UTF-8. The content security policy forbids every connection; a page without scripts of its own
        outputs runs none.
    """
    from nbconvert.exporters.html import HTMLExporter
    from pygments.formatters.html import HtmlFormatter  # type: ignore[import-untyped]

    exporter: Any = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", mathjax_url="", require_js_url="", embed_images=True
    )
    exporter.raw_template = _SJABLOON
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    lijf = str(exporter.from_notebook_node(_zonder_machine(boek, mappen))[0])
    titel = next((m[1] for m in re.finditer(r"<h1[^>]*>(.*?)</h1>", lijf, re.DOTALL)), naam)
    titel = re.sub(r"<[^>]+>", "", titel).replace("¶", "").strip()
    kleuren: str = HtmlFormatter(style="default").get_style_defs(".highlight")
    keuze = "; ".join(f"{n}: {vraag[k]}" for k, n in _VRAAGNAMEN.items() if vraag.get(k) is not None)
    bestanden = ", ".join(str(b["naam"]) for b in vraag.get("bestanden", ()))
    herkomst = f"Notebook {naam}, huisartsdata {__version__}" + "".join(
        f"; {deel}" for deel in (keuze, f"leveringen: {bestanden}" if bestanden else "") if deel
    )
    # an interactive map in an output needs its own script; it still reaches no network
    script = " script-src 'unsafe-inline';" if re.search(r"<script|&lt;script", lijf) else ""
    beleid = (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline';{script} "
        "base-uri 'none'; form-action 'none'"
    )
    regels = [
        "<!doctype html>",
        '<html lang="nl">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{beleid}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{titel}</title>",
        f"<style>{_CSS}\n{kleuren}</style>",
        "</head>",
        "<body>",
        "<main>",
        f'<p class="herkomst">{escape(herkomst)}. De snapshot en alle hashes staan in manifest.json.</p>',
        lijf,
        "</main>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(regels) + "\n").encode()


def _zonder_machine(boek: nbformat.NotebookNode, mappen: Mapping[str, str]) -> nbformat.NotebookNode:
    """A copy of a notebook whose outputs name no folder of this machine, no process and no state of a kernel."""
    import copy

    vast = {str(Path(sys.prefix)): "python", str(Path(__file__).resolve().parents[1]): "huisartsdata"}
    lang = sorted((vast | dict(mappen)).items(), key=lambda paar: -len(paar[0]))
    thuis = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises for a user without one
    lang += [(thuis, "~")] if len(thuis) > 1 else []

    def schoon(waarde: Any) -> Any:
        if isinstance(waarde, str):
            if "ipykernel_" in waarde:  # a picture of a megabyte in an output is not searched in vain
                waarde = _CELBESTAND.sub("cel", waarde)
            for pad, woord in lang:
                waarde = waarde.replace(pad, woord).replace(pad.replace(os.sep, "/"), woord)
            return waarde
        if isinstance(waarde, list):
            return [schoon(w) for w in waarde]
        if isinstance(waarde, dict):
            for sleutel in list(waarde):
                if not sleutel.startswith("image/"):
                    waarde[sleutel] = schoon(waarde[sleutel])
        return waarde

    kopie = copy.deepcopy(boek)
    # sliders are not on a page, and their state goes by numbers drawn anew in every kernel
    kopie.metadata.pop("widgets", None)
    for cel in kopie.cells:
        if cel.cell_type == "code":
            cel.outputs = schoon(cel.outputs)
    return kopie
