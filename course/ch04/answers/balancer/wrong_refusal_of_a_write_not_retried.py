# change of: solution
# feedback: une écriture sans clé | vous renoncez
# mistake: ne réessaie(nt) pas une écriture refusée
-                if isinstance(failure, Lost) and not safe:
+                if not safe:
