"""Where good customers come from: channels, their cost, and whom to look for."""
