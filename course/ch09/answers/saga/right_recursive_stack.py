def next_command(history):
    """Une pile : chaque demande commencée empile son contraire."""
    stack, failed = [], False
    finished = set()
    for name, outcome in history:
        undo = {"reserve": "release", "charge": "refund"}.get(name)
        if outcome == "started" and undo and undo not in stack:
            stack.append(undo)
        failed |= outcome in ("refused", "timed out")
        if outcome == "done":
            finished.add(name)

    def first(todo):
        if not todo:
            return None
        head, *rest = todo
        return first(rest) if head in finished else head

    return first(stack[::-1] if failed else ["reserve", "charge", "confirm"])
