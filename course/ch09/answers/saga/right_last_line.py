# Juste : la dernière ligne suffit, car une compensation commencée ne revient jamais en avant.
def next_command(history):
    done = {n for n, o in history if o == "done"}
    if history:
        name, outcome = history[-1]
        if outcome in ("refused", "timed out"):
            return "refund" if ("charge", "started") in history else "release"
        if name == "refund":
            return "refund" if outcome == "started" else "release"
        if name == "release":
            return "release" if outcome == "started" else None
        if outcome == "started":

            return name
    return next((n for n in ("reserve", "charge", "confirm") if n not in done), None)
