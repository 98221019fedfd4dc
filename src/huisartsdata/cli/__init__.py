"""The command line: `huisartsdata run | brief | lab | refresh | check | cite | --version`, in Dutch."""

from __future__ import annotations

from huisartsdata.cli.uitvoering import main

__all__ = ["main"]
