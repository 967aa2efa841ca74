# change of: solution
# feedback: remise à l’heure
-        if known and (written is None or known["version"] >= written["version"]):
+        if known and (written is None or known["at"] >= written["at"]):
