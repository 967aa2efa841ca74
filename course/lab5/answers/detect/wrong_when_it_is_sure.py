# feedback: à 4 s près
def detect(visits):
    for promise in ("catalogue", "commande", "refus", "courriel", "débit"):
        mine = [v for v in visits if v["promise"] == promise]
        if sum(not v["kept"] for v in mine[-8:]) >= 4:
            return promise, mine[-1]["at"]
    return None
