#!/bin/sh
# Opens JupyterLab on chapter 00, for this machine only, until Ctrl-C. Arguments go to JupyterLab.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE
PATH="$PWD/.venv/bin:$PATH"
# This folder's course, also where it was copied with the environment of another.
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"

has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${BROWSER:-}" ] || [ "$(uname)" = Darwin ]; }

[ "$(id -u)" != 0 ] || set -- --allow-root "$@"
has_display || set -- --no-browser "$@"

echo "→ Le cours s’ouvre à l’adresse ci-dessous ; Ctrl-C arrête tout."
# -y: Ctrl-C stops at once instead of asking; a busy port gives way to the next one.
exec python -m jupyterlab -y --Application.log_level=ERROR --ServerApp.ip=127.0.0.1 \
    --ServerApp.root_dir="$PWD" \
    --ContentsManager.pre_save_hook=workbook.views.map.saved.keep_pictures \
    --LabApp.default_url=/lab/tree/notebooks/00_bienvenue.ipynb "$@"
