# change of: solution
# feedback: une écriture sans clé | paierait deux fois
-                if isinstance(failure, Lost) and not safe:
-                    break
