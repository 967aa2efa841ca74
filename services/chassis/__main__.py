"""`python -m services.chassis TARGET`: see server.py."""

import sys

from services.chassis.server import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
