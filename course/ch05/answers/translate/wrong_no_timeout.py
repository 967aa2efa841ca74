# change of: solution
# feedback: attendiez encore | une seconde
# mistake: n’(a|ont) pas de délai
-        response = requests.get(url, timeout=1)
+        response = requests.get(url)
