# feedback: la commande ne finit jamais | n’est plus possible
# mistake: continue(nt) après avoir annulé
def next_command(history):
    done = {name for name, outcome in history if outcome == "done"}
    failed = any(outcome in ("refused", "timed out") for _, outcome in history)
    if failed and "release" not in done:
        return "release"
    for name in ("reserve", "charge", "confirm"):
        if (name, "refused") not in history and name not in done:
            return name
    return None
