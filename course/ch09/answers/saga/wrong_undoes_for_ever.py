# feedback: la commande ne finit jamais | recommence sans fin
# mistake: annule(nt) sans fin
def next_command(history):
    sent = {name for name, outcome in history if outcome == "started"}
    if any(outcome in ("refused", "timed out") for _, outcome in history):
        return "refund" if "charge" in sent else "release" if "reserve" in sent else None
    return next((n for n in ("reserve", "charge", "confirm") if (n, "done") not in history), None)
