# change of: solution
# feedback: vous renoncez | une autre instance
# mistake: n’essaie(nt) aucune autre instance
-                if isinstance(failure, Lost) and not safe:
-                    break
+                break
