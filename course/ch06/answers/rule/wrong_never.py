# feedback: circuit reste fermé
# mistake: n’ouvre(nt) jamais
def must_open(calls):
    return False
