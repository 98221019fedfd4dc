"""`python -m huisartsdata.cli`: the same command line where no script is installed."""

from huisartsdata.cli import main

main()
