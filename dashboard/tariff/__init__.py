"""What a kWh costs at any moment: contracts, the prices of the exchange, and why a price is what it is."""
