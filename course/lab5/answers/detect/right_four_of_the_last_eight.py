def detect(visits):
    own = {}
    for v in visits:
        if v["promise"].lower() != "rayon":
            own.setdefault(v["promise"], []).append(v)
    for p, vs in own.items():
        tail = vs[-8:]
        if sum(not v["kept"] for v in tail) >= 4:
            score, best, since = 0, 0, None
            for v in reversed(vs):
                score += -3 if v["kept"] else 5
                if score > best:
                    best, since = score, v["at"]
            return p, since
    return None
