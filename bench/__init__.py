"""Speed, size and manners, each measured against something in the same run. `make bench` prints the table."""
