# change of: solution
# feedback: N’est pas arrivé au service | X-Userland
-        if not name.lower().replace("_", "-").startswith("x-user-")
+        if not name.lower().replace("_", "-").startswith("x-user")
