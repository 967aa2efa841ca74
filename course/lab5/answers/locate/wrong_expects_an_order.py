# feedback: échoue
def locate(spans):
    reds = [s for s in spans if red(s)]
    if not reds:
        return None
    last = reds[-1]
    callers = [s["service"] for s in spans if s["span_id"] == last["parent_id"]]
    return last["service"], ((callers or ["client"])[0], last["service"])
