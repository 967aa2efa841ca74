# %% [markdown]
# # Totaux
#
# Dans ce chapitre, un calcul et une question.

# %% tags=["setup"]
from workbook import check

# %% answer="ch90.total"
def order_total(lines):
    """Total en centimes de `lines`, une liste de (prix, quantité)."""
    ### BEGIN SOLUTION
    return sum(price * quantity for price, quantity in lines)
    ### END SOLUTION


# %% check="ch90.total"
check("ch90.total", order_total)

# %% [markdown]
# Qui garde les quantités ?

# %% answer="ch90.owner"
### BEGIN SOLUTION
owner = "inventory"
### END SOLUTION

# %% check="ch90.owner"
check("ch90.owner", owner)

# %% [markdown]
# Quatre paris, puis leurs mesures.

# %%
from workbook import bet, settle

bet("ch90.sum")
bet("ch90.owner")
bet("ch90.sizes")
bet("ch90.rate")

# %%
settle("ch90.sum", 2 * 3)
settle("ch90.owner", "inventory")
settle("ch90.sizes", ["a", "b", "c"])
settle("ch90.rate", 1_200)
