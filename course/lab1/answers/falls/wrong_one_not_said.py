# change of: solution
# feedback: ne dit pas qui il « emporte »
         "donnees": ["message"],
-        "emporte": [],
