# change of: solution
# feedback: coupe | attendrait un mort
# mistake: ne (met|mettent) pas à l’écart une instance qui coupe
-        except (Refused, Lost):
+        except Refused:
