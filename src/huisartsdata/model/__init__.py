"""What is: need, supply, reach, shortage and how sure we are of them."""
