# change of: solution
# feedback: ne nomme pas sa « base »
-        "base": "notifications.db",
         "donnees": ["message"],
