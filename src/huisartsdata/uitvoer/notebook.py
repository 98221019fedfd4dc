"""Sentences with computed numbers in a notebook."""

from __future__ import annotations


def lees(tekst: str) -> None:
    """Show a sentence as text; its numbers come from a cell, never from a keyboard."""
    from IPython.display import Markdown, display

    display(Markdown(tekst))  # type: ignore[no-untyped-call]
