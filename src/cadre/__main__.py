"""`python -m cadre`: the same as `cadre`."""

from cadre.cli import main

main()
