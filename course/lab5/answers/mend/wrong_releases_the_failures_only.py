# change of: solution
# feedback: sont encore rompues
-        if visit.promise == "refus" and visit.order:
+        if visit.promise == "refus" and visit.order and not visit.kept:
