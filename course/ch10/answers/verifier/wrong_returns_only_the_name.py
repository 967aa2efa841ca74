# change of: solution
# feedback: déclarations, telles quelles
-        return jwt.decode(
+        claims = jwt.decode(

-            options={"require": ["exp", "sub"]},
-        )
+            options={"require": ["exp", "sub"]},
+        )
+        return {"sub": claims["sub"], "scope": claims.get("scope")}
