"""Where prices of the exchange come from: for each house what to ask, and how its answer is read; nothing is stored."""
