# feedback: refuse la carte | encore de côté
# mistake: n’annule(nt) rien
def next_command(history):
    if any(outcome in ("refused", "timed out") for _, outcome in history):
        return None
    return next((n for n in ("reserve", "charge", "confirm") if (n, "done") not in history), None)
