"""What is not known: draws of the parameters, and the totals of routes and matrices over them."""
