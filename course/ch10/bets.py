"""Bets of chapter 10, in the order of its text."""

from workbook.bets import Choice, Number

ADMIN, ALICE, NOBODY = "admin", "alice", "personne : la requête est refusée"
BOTH, VERIFYING, NEITHER = "les deux", "seulement celle qui vérifie", "aucune des deux"
AT_ONCE, A_MINUTE, TO_THE_END = (
    "plus du tout",
    "jusqu’à ce qu’elle relise les clés, une minute au plus",
    "jusqu’à l’expiration du jeton",
)
ENTERS, REFUSED = "Alice entre", "Alice est refusée"

BETS = {
    "spoofed": Choice(
        "Rappel. Alice ajoute l’en-tête X-User-Id: admin. De qui le service rend-il le profil ?",
        (ADMIN, ALICE, NOBODY),
        usual=ALICE,
    ),
    "questions": Number(
        "Vingt requêtes d’Alice : combien de fois la passerelle appelle-t-elle auth ?",
        ("fois", "fois"),
        low=0,
        high=40,
        near=1,
        usual=1,
    ),
    "price": Number(
        "Demander à auth : combien de fois plus long que vérifier soi-même ?",
        ("fois", "fois"),
        low=1,
        high=1_000,
        factor=3,
        usual=12,
    ),
    "dead": Choice(
        "auth est mort. Quelles portes laissent entrer Alice ?",
        (BOTH, VERIFYING, NEITHER),
        usual=VERIFYING,
    ),
    "hasty": Number(
        'PyJWT, bonne clé, algorithms=["RS256"] : combien des dix faux jetons passent ?',
        ("jeton", "jetons"),
        low=0,
        high=10,
        near=1,
        usual=4,
    ),
    "revoked": Choice(
        "Jeton révoqué : la porte qui vérifie elle-même l’accepte encore…",
        (AT_ONCE, A_MINUTE, TO_THE_END),
        usual=TO_THE_END,
    ),
    "cold": Choice(
        "auth est mort, la passerelle vient de redémarrer. Et Alice, avec son bon jeton ?",
        (ENTERS, REFUSED),
        usual=REFUSED,
    ),
}
