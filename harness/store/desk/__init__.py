"""What the desk keeps: registrants, users, customers, models with their history, results, uploads."""
