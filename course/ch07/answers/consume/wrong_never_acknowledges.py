# change of: solution
# feedback: les 10 messages sont revenus | tous leurs e-mails à nouveau
# mistake: n’acquitte(nt) jamais
-    channel.basic_ack(method.delivery_tag)
