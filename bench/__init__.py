"""What things cost, in numbers. Run by hand; tests never assert a speed."""
