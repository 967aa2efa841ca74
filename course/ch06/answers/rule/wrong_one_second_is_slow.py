# change of: solution
# feedback: 1 s tout juste | s’ouvre
# mistake: (trouve|trouvent) lent un appel d’une seconde tout juste
-        if call["status"] is None or call["status"] >= 500 or call["seconds"] > 1
+        if call["status"] is None or call["status"] >= 500 or call["seconds"] >= 1
