def next_command(history):
    """Comme les autres, mais rend la lampe avant de rembourser (voir ambiguities_A.md)."""
    done = [n for n, o in history if o == "done"]
    started = [n for n, o in history if o == "started"]
    if any(o in ("refused", "timed out") for _, o in history):
        undo = {"reserve": "release", "charge": "refund"}
        wanted = [undo[n] for n in ("reserve", "charge") if n in started]
    else:
        wanted = ["reserve", "charge", "confirm"]
    return next((n for n in wanted if n not in done), None)
