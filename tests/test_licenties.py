"""Licences of data and dependencies are listed, and may stand beside an Apache-2.0 package."""

from __future__ import annotations

import pytest

from . import licenties
from .conftest import WORTEL

PAKKETTEN = licenties.pakketten()


def test_the_list_is_up_to_date():
    """`python tests/licenties.py > docs/licenties.md` mends it."""
    assert (WORTEL / "docs/licenties.md").read_text(encoding="utf-8") == licenties.document()


def test_every_locked_package_may_stand_beside_apache():
    assert len(PAKKETTEN) > 150
    assert {
        naam: slecht for naam, soort in PAKKETTEN.items() if (slecht := licenties.onverenigbaar(soort))
    } == {}


@pytest.mark.parametrize(
    "soort", ["GPL-3.0-only", "AGPL-3.0-or-later AND MIT", "LicenseRef-Proprietary", "unknown", "UNKNOWN"]
)
def test_what_does_not_fit_is_seen(soort):
    assert licenties.onverenigbaar(soort)


def test_every_source_of_data_may_be_passed_on():
    assert {b["licentie"] for b in licenties.bronnen().values()} == set(licenties.DATA)


def test_vendored_files_carry_their_licence():
    for wat, _, tekst, _ in licenties.MEEGELEVERD:
        assert (WORTEL / tekst).stat().st_size > 100, wat
    assert "Redistribution" in (WORTEL / licenties.MEEGELEVERD[0][2]).read_text(encoding="utf-8")
    # nothing of another is vendored without standing in the list
    andermans = {p.parent for map_ in ("src", "tests") for p in (WORTEL / map_).rglob("LICENSE*")}
    assert andermans == {
        (WORTEL / tekst).parent for _, _, tekst, _ in licenties.MEEGELEVERD if "LICENSE" in tekst
    }
