# change of: solution
# feedback: n’est pas inscrite | nouveau service
-        facade.put("/facade/routes/stock", {"service": "nouveau"})
