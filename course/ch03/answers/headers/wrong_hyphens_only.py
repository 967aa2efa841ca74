# change of: solution
# feedback: est passé jusqu’au service | tirets
# mistake: oublie(nt) les tirets bas
-        if not name.lower().replace("_", "-").startswith("x-user-")
+        if not name.lower().startswith("x-user-")
