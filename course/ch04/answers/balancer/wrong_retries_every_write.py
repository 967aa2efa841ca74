# change of: solution
# feedback: une écriture sans clé | paierait deux fois
# mistake: réessaie(nt) une écriture qui a pu être faite
-                if isinstance(failure, Lost) and not safe:
-                    break
