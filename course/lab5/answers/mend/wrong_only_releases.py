# change of: solution
# feedback: sont encore rompues | La version du jour
-    wheel.roll_back("orders")
