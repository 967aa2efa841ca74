UNDO = {"reserve": "release", "charge": "refund"}


def next_command(history):
    done = {name for name, outcome in history if outcome == "done"}
    refused = {name for name, outcome in history if outcome == "refused"}
    if not refused and ("saga", "timed out") not in history:
        for name in ("charge", "reserve", "confirm"):
            if name not in done:
                return name
        return None
    for name, outcome in history:
        if outcome == "started" and name in UNDO and name not in refused:
            if UNDO[name] not in done:
                return UNDO[name]
    return None
