# change of: solution
# feedback: jamais annoncée | kill -9
-relay()  # une vie précédente a pu laisser des événements
