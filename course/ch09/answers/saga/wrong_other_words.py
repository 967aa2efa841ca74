# feedback: cancel_charge | qui n’est pas une commande
# mistake: demande(nt) une commande qui n’existe pas
def next_command(history):
    wanted = ["reserve", "charge", "confirm"]
    if any(outcome in ("refused", "timed out") for _, outcome in history):
        wanted = ["cancel_charge", "release"]
    return next((name for name in wanted if (name, "done") not in history), None)
