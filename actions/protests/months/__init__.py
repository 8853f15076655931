"""The month view in the admin, and the pages on which organisers cancel, move and reinstate single dates."""
