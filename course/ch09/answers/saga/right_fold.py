def next_command(history):
    """Une machine à états, avancée par chaque ligne du journal."""
    charged = reserved = False   # peut-être faits
    backwards = False
    waiting = "reserve"
    for name, outcome in history:
        if outcome == "started":
            reserved = reserved or name == "reserve"
            charged = charged or name == "charge"
        elif outcome in ("refused", "timed out") and not backwards:
            backwards = True
            waiting = "refund" if charged else "release" if reserved else None
        elif outcome == "done" and name == waiting:
            if name == "reserve":
                waiting = "charge"
            elif name == "charge":
                waiting = "confirm"
            elif name == "refund":
                waiting = "release" if reserved else None
            else:
                waiting = None
    return waiting
