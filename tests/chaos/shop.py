"""The shop under trial, derived from its catalogue: a new service cannot be left out in silence."""

from pathlib import Path

from workbook.shop.services import MICROSERVICES, SERVICES

REPOSITORY = Path(__file__).parents[2]
SHELVES = {"LAMP": 100, "CHAIR": 100, "DESK": 100, "MUG": 100, "BOOK": 5}
CARDS = ("tok_visa", "tok_declined")
USERS = ("alice", "bob")

__all__ = ["CARDS", "MICROSERVICES", "REPOSITORY", "SHELVES", "TRIED", "USERS"]

# Who records events or hears them may die between two effects: killed at each named line.
TRIED = tuple(name for name in MICROSERVICES if SERVICES[name].broker)
