"""Where the exchange's prices come from: for each house what to ask, and how its answer is read.."""
