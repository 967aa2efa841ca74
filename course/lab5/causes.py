"""What can be answered in a report: the promises that break, and the causes to choose among."""

from __future__ import annotations

CAUSES = {
    "instance": "une instance échoue à chaque appel, et sa sonde de santé la dit bien portante",
    "relais": "les événements sont écrits dans l’outbox, et plus personne ne les publie",
    "guichet": "les requêtes passent une à une : le service n’a plus assez de bras",
    "quota": "la passerelle refuse des clients honnêtes : la limite de débit est trop basse",
    "clé": "la clé qui signe les jetons n’est pas publiée : ils sont tous refusés",
    "poison": "un message impossible à traiter est réessayé sans fin, et bloque les suivants",
    "acquittement": "le lecteur acquitte même quand il a échoué : ces messages sont perdus",
    "liaison": "une liaison manque entre l’échange et la file : l’événement n’a plus de route",
    "contrat": "un service répond 200 dans une forme que son client ne sait plus lire",
    "déguisement": "un appel est abandonné trop tôt, puis annoncé comme une faute du client",
    "compensation": "un refus n’est plus compensé : ce qui était mis de côté le reste",
    "verrou": "un autre programme garde le verrou d’écriture d’une base",
    "disjoncteur": "un disjoncteur reste ouvert alors que le service appelé est guéri",
    "prix": "une donnée fausse est entrée dans le catalogue",
    "export": "une requête lourde, mais permise, occupe toutes les places d’un service",
}
