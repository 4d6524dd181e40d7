"""The only code that writes: one deed, one function, one transaction. One module a noun."""
