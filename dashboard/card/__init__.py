"""The charger's page: what it is doing, the one button, the receipt; and everything behind them."""
