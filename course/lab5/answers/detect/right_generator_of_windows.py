def windows(mine, size=8):
    for n in range(max(0, len(mine) - size + 1)):
        yield mine[n : n + size]


def detect(visits):
    found = []
    for promise in {visit["promise"] for visit in visits}:
        if promise == "rayon":
            continue
        mine = sorted((v for v in visits if v["promise"] == promise), key=lambda v: v["at"])
        bad = (w for w in windows(mine) if sum(not v["kept"] for v in w) > 3 and not w[0]["kept"])
        window = next(bad, None)
        if window:
            found.append((promise, window[0]["at"]))
    return min(found, key=lambda pair: pair[1]) if found else None
