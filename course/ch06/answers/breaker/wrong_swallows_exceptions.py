# change of: solution
# feedback: a levé une exception | remonte
-            raise
+            return None
