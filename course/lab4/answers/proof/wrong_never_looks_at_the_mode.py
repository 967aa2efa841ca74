# change of: solution
# feedback: oublie en redémarrant | le laisse passer
-        assert properties.delivery_mode == 2, "il ne survivrait pas"
