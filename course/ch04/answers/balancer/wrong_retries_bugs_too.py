# change of: solution
# feedback: il ne fallait pas d’essai après « plante »
-            except (Refused, Lost) as failure:
+            except Exception as failure:
