"""What the car took, when, and what it cost: collecting, prices, totals, and files to hand on."""
