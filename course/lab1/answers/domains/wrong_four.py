# change of: solution
# feedback: 4 service(s) | de 5 à 10
-    "stock": {"domaine": "stock"},

-    "notifications": {"domaine": "notifications"},
