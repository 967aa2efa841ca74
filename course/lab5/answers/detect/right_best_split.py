def detect(visits):
    """Le point qui sépare le mieux un avant sain d'un après malade."""
    best = None
    for promise in {v["promise"] for v in visits} - {"rayon"}:
        mine = [v for v in visits if v["promise"] == promise]
        for n in range(len(mine)):
            after = mine[n:]
            lost = sum(not v["kept"] for v in after)
            if len(after) < 8 or lost < 0.4 * len(after) or mine[n]["kept"]:
                continue
            before_lost = sum(not v["kept"] for v in mine[:n])
            gain = lost - 0.3 * len(after) - before_lost * 0.7
            if best is None or gain > best[0]:
                best = (gain, promise, mine[n]["at"])
    return (best[1], best[2]) if best else None
