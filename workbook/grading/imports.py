"""Spares a slow import that nothing here uses.

`nbformat` imports `jsonschema`, and that one `rfc3987_syntax` where it is installed, as it is with
JupyterLab: 0.8 s on a quiet machine, 4 s on a busy one, to check addresses in schemas. It is asked
for under `suppress(ImportError)`: where it is absent, such addresses are merely not checked.
"""

from __future__ import annotations

import sys


def spare() -> None:
    """Make this process do without it."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
