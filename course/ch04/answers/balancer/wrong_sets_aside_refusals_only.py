# change of: solution
# feedback: coupe | attendrait un mort
-        except (Refused, Lost):
+        except Refused:
