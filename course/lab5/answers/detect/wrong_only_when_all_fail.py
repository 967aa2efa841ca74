# feedback: échoue souvent
def detect(visits):
    for promise in ("catalogue", "commande", "refus", "courriel", "débit"):
        mine = [v for v in visits if v["promise"] == promise]
        for n, visit in enumerate(mine):
            following = mine[n : n + 8]
            if len(following) == 8 and not any(v["kept"] for v in following):
                return promise, visit["at"]
    return None
