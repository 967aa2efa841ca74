# change of: solution
# feedback: est refusé | InvalidAudienceError
-            audience="orders",
