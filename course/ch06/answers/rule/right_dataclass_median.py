import statistics
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Call:
    status: Optional[int]
    seconds: float

    @property
    def badness(self):
        try:
            if self.status >= 500:
                return 1
        except TypeError:  # None : pas de réponse
            return 1
        return int(self.seconds > 1)


def must_open(calls):
    """Faut-il cesser d’appeler ce service ?"""
    marks = [Call(c["status"], c["seconds"]).badness for c in calls][-10:]
    try:
        _, _, _, *_ = marks[1:]  # au moins quatre
    except ValueError:
        return False
    # la médiane haute vaut 1 exactement quand la moitié, ou plus, vaut 1
    return statistics.median_high(marks) == 1
