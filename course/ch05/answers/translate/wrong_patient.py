# change of: solution
# feedback: attendiez encore | une seconde
# mistake: renonce(nt) trop tard
-        response = requests.get(url, timeout=1)
+        response = requests.get(url, timeout=5)
