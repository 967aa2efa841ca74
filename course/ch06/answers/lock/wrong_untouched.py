# feedback: attend la fin d’un autre | en cours au même moment
class FastBreaker(SlowBreaker):
    pass
