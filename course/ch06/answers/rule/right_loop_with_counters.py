def must_open(calls):
    known = bad = 0
    for call in reversed(calls):
        if known == 10:
            break
        known += 1
        status = call["status"]
        if status is None or status >= 500:
            bad += 1
        elif call["seconds"] > 1:
            bad += 1
    if known < 4:
        return False
    return bad / known >= 0.5
