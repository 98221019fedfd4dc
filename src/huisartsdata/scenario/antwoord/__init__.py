"""How much of the shortage steering could reach, and which finding changes the advice."""
