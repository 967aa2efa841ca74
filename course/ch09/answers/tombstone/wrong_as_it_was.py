# change of: solution
# feedback: « annuler, réserver » | 410
-    orders[order] = "annulée"
-    return "", 204
+        del orders[order]
+    return "", 204
