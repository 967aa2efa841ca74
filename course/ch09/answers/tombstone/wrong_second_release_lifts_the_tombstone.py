# change of: right_two_sets_bis
# feedback: « annuler, annuler, réserver » | 410
-    cancelled.add(order)
+    cancelled.symmetric_difference_update([order])
