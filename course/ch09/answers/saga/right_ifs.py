def next_command(history):
    def seen(name, outcome):
        return any(n == name and o == outcome for n, o in history)

    failed = (
        seen("reserve", "refused") or seen("charge", "refused") or seen("saga", "timed out")
    )
    if failed:
        if seen("charge", "started") and not seen("refund", "done"):
            return "refund"
        if seen("reserve", "started") and not seen("release", "done"):
            return "release"
        return None
    if not seen("reserve", "done"):
        return "reserve"
    if not seen("charge", "done"):
        return "charge"
    if not seen("confirm", "done"):
        return "confirm"
    return None
