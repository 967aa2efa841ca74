def next_command(history):
    """La prochaine demande ; None quand tout est fini."""
    started = {name for name, outcome in history if outcome == "started"}
    done = {name for name, outcome in history if outcome == "done"}
    outcomes = {outcome for _, outcome in history}
    if outcomes & {"refused", "timed out"}:
        plan = [undo for name, undo in (("charge", "refund"), ("reserve", "release")) if name in started]
    else:
        plan = ["reserve", "charge", "confirm"]
    for command in plan:
        if command not in done:
            return command
    return None
