# feedback: l’argent ne correspond pas | 29,90 € débités
# mistake: n’annule(nt) que ce qui a répondu
def next_command(history):
    wanted = ["reserve", "charge", "confirm"]
    if any(outcome in ("refused", "timed out") for _, outcome in history):
        wanted = ["release"]
        if ("charge", "done") in history:
            wanted = ["refund", "release"]
    return next((name for name in wanted if (name, "done") not in history), None)
