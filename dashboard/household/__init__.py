"""The people: signing in, members and roles, invitations, devices, and the shell commands for them."""
