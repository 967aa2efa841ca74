from dataclasses import dataclass


@dataclass
class Moniteur:
    """Une somme cumulée (CUSUM) par promesse, lue dans l'ordre du temps."""

    niveau: int = 0
    debut: float | None = None

    def voit(self, at, tenue):
        if self.niveau <= 0:
            self.niveau, self.debut = 0, at
        self.niveau += -3 if tenue else 5

    @property
    def alerte(self):
        return self.niveau >= 7


CONFORT = {"rayon"}


def detect(visits):
    moniteurs = {}
    for visite in visits:
        nom = visite["promise"]
        if nom.casefold() in CONFORT:
            continue
        moniteurs.setdefault(nom, Moniteur()).voit(visite["at"], visite["kept"])
    alertes = [(nom, m.debut) for nom, m in moniteurs.items() if m.alerte]
    return alertes[0] if alertes else None
