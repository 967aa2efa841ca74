# change of: solution
# feedback: « réserver » | +2 lampe(s) de côté
-        stock.update(left=stock["left"] - 1, aside=stock["aside"] + 1)
-    return {"order": order}
+        stock.update(left=stock["left"] - 2, aside=stock["aside"] + 2)
+    return {"order": order}
