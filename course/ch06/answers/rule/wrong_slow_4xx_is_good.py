# feedback: 404 en 3 s | reste fermé
# mistake: oublie(nt) qu’une erreur du client peut aussi être lente
# a 4xx is taken for good whatever the time it took.
def must_open(calls):
    def bad(call):
        if call["status"] is None:
            return True
        if 400 <= call["status"] < 500:
            return False
        return call["status"] >= 500 or call["seconds"] > 1

    recent = calls[-10:]
    return len(recent) >= 4 and 2 * sum(map(bad, recent)) >= len(recent)
