# change of: solution
# feedback: « réserver, annuler, réserver » | 410
-    orders[order] = "annulée"
-    return "", 204
+        del orders[order]
+    else:
+        orders[order] = "annulée"
+    return "", 204
