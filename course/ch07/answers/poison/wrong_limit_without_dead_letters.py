# change of: solution
# feedback: n’a pas reçu 2 des deux messages | rien à examiner
-        "x-dead-letter-exchange": "",
-        "x-dead-letter-routing-key": DEAD,
