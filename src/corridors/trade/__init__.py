"""Trade: delivered prices, shares of ways, response of trade, and tonnes on the network."""
