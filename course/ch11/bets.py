"""Bets of chapter 11, in the order of its text."""

from workbook.bets import Choice, Number

NO_LINE = "notifications n’écrit rien de cette commande"
ITS_OWN = "sous un identifiant à lui, que notifications a tiré"
THE_SAME = "sous le même identifiant que la passerelle"

THE_FREEZE = "presque toute la durée du gel"
A_PART = "entre le cinquième et les deux tiers du gel"
NEXT_TO_NOTHING = "moins d’un cinquième du gel"

SUSPECTS = ("inventory", "payments", "products")
WHO = "Quel service prend le temps ?"

BETS = {
    "identifier": Choice(
        "Notifications lit le message après la réponse : sous quel identifiant écrit-il ?",
        (ITS_OWN, THE_SAME, NO_LINE),
        usual=THE_SAME,
    ),
    "series": Number(
        "Cent articles différents demandés : combien de couples route et statut de plus ?",
        ("couple", "couples"),
        low=0,
        high=1_000,
        near=2,
        usual=1,
    ),
    "door": Number(
        "Inventory échoue à chaque appel : quelle part d’erreurs 5xx voit la passerelle ?",
        ("%", "%"),
        low=0,
        high=100,
        near=5,
        usual=0,
    ),
    "average": Number(
        "Sur 60 clients, combien ont attendu entre la moitié et le double de la moyenne ?",
        ("client", "clients"),
        low=0,
        high=60,
        near=4,
        usual=0,
    ),
    "guilty": Choice(f"Sans identifiant : {WHO[0].lower()}{WHO[1:]}", SUSPECTS, usual="payments"),
    "guilty_traced": Choice(
        f"Avec la trace : {WHO[0].lower()}{WHO[1:]}", SUSPECTS, usual="products"
    ),
    "budget": Number(
        "À ce rythme, en combien de minutes le budget de trente jours est-il épuisé ?",
        ("minute", "minutes"),
        low=1,
        high=43_200,
        factor=2,
        usual=216,
    ),
    "omission": Choice(
        "Quel p99 annonce le client qui attend chaque réponse ?",
        (THE_FREEZE, A_PART, NEXT_TO_NOTHING),
        usual=NEXT_TO_NOTHING,
    ),
}
