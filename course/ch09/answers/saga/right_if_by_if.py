def next_command(history):
    def said(name, outcome):
        return (name, outcome) in history

    if said("saga", "timed out") or said("reserve", "refused") or said("charge", "refused"):
        if said("charge", "started") and not said("charge", "refused") and not said("refund", "done"):
            return "refund"
        if said("reserve", "started") and not said("reserve", "refused") and not said("release", "done"):
            return "release"
        return None
    if not said("reserve", "done"):
        return "reserve"
    if not said("charge", "done"):
        return "charge"
    if not said("confirm", "done"):
        return "confirm"
    return None
