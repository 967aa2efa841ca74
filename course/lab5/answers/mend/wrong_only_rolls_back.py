# change of: solution
# feedback: sont encore rompues
-    for visit in wheel.visits():
-        if visit.promise == "refus" and visit.order:
-            shop["inventory"].delete(f"/reservations/{visit.order}")
