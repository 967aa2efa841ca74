"""`python -m workbook`: the course's command line."""

from workbook.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
