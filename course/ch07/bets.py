"""Bets of chapter 07, in the order of its text."""

from workbook.bets import Choice, Number, Ordering

AFTER_PAYMENT = "orders, une fois la carte débitée"
BEFORE_PAYMENT = "orders, avant que la carte soit débitée"
ERROR = "publish_event lève une erreur"
KEPT = "le courtier garde le message jusqu’à ce qu’un lecteur vienne"
DROPPED = "rien : ni erreur, ni message"
NOTE = "noter l’identifiant (déjà noté : c’est un doublon)"
TAKE = "sortir une lampe, sauf pour un doublon reconnu"
COMMIT = "valider la transaction"
ACK = "acquitter le message"

BETS = {
    "answer": Choice(
        "Qui répond au client, et quand ?",
        (AFTER_PAYMENT, BEFORE_PAYMENT, "notifications, en même temps que le courriel"),
        usual=BEFORE_PAYMENT,
    ),
    "survivors": Number(
        "Combien des cinq commandes aboutissent, notifications étant mort ?",
        ("commande", "commandes"),
        low=0,
        high=5,
        usual=5,
    ),
    "unrouted": Choice(
        "Personne n’attend l’événement : que se passe-t-il ?",
        (ERROR, KEPT, DROPPED),
        usual=DROPPED,
    ),
    "losses": Ordering(
        "De la caisse qui perd le plus de messages à celle qui en perd le moins ?",
        ("en mémoire, confirmé", "sur disque, confirmé", "sur disque, sans confirmation"),
        usual=("sur disque, sans confirmation", "en mémoire, confirmé", "sur disque, confirmé"),
    ),
    "unread": Number(
        "Le lecteur meurt au vingtième message sur 200 : combien ne seront jamais traités ?",
        ("message", "messages"),
        low=0,
        high=200,
        near=10,
        usual=180,
    ),
    "reinforcement": Number(
        "Sans limite, combien des 40 messages le lecteur rapide, venu en renfort, traite-t-il ?",
        ("message", "messages"),
        low=0,
        high=40,
        near=2,
        usual=0,
    ),
    "poison": Number(
        "Combien de fois le même message revient-il en une seconde ?",
        ("livraison", "livraisons"),
        low=1,
        high=100_000,
        factor=3,
        usual=1_500,
    ),
    "steps": Ordering(
        "Dans quel ordre une vente n’est-elle jamais perdue, ni comptée deux fois ?",
        (COMMIT, TAKE, ACK, NOTE),
        usual=(NOTE, TAKE, COMMIT, ACK),
    ),
}
