# change of: solution
# feedback: Tous les segments sont verts
-    return None
+    return "orders", ("gateway", "orders")
