# change of: solution
# feedback: plus vieille que la mienne
-        if known and (written is None or known["version"] >= written["version"]):
+        if known:
