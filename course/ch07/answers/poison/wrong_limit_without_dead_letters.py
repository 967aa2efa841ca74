# change of: solution
# feedback: n’a pas reçu 2 des deux messages | rien à examiner
# mistake: jette(nt) le message au lieu de le mettre de côté
-        "x-dead-letter-exchange": "",
-        "x-dead-letter-routing-key": DEAD,
