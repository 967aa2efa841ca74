# change of: solution
# feedback: Toujours 503 | None
# mistake: (rend|rendent) le dernier refus à la place de None
-    return None
+    return locals().get("response")
