"""What becomes of a request that an instance did not answer."""


class Refused(Exception):
    """Personne n’écoutait : la requête n’est pas partie."""


class Lost(Exception):
    """La connexion s’est rompue : nul ne sait si la requête a été reçue."""


class NoInstance(Exception):
    """Aucune adresse n’est connue."""
