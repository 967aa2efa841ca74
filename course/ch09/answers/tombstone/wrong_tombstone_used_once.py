# change of: solution
# feedback: « annuler, réserver, réserver » | 410
-        abort(410)
+        del orders[order]
+        abort(410)
