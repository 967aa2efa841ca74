"""How a process ended, in French."""

from __future__ import annotations

EXIT_WORDS = {
    -9: "arrêté net (kill -9)",
    -15: "arrêté (SIGTERM)",
    0: "arrêté",
    98: "port déjà occupé",
}


def ending(code: int | None) -> str:
    """The words of a return code; a negative one is the signal that ended the process."""
    return EXIT_WORDS.get(code, f"arrêté sur une erreur (code {code})")
