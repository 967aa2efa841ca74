# change of: solution
# feedback: vous renoncez | une autre instance
-                if isinstance(failure, Lost) and not safe:
-                    break
+                break
