# change of: solution
# feedback: une écriture sans clé | vous renoncez
-                if isinstance(failure, Lost) and not safe:
+                if not safe:
