# change of: solution
# feedback: AttributeError
-    scheme, _, token = (authorization or "").partition(" ")
+    scheme, _, token = authorization.partition(" ")
