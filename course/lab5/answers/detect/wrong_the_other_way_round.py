# change of: solution
# feedback: un couple
-                return promise, visit["at"]
+                return visit["at"], promise
