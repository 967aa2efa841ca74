# feedback: attend la fin d’un autre | en cours au même moment
# mistake: garde(nt) le verrou pendant l’appel
class FastBreaker(SlowBreaker):
    pass
