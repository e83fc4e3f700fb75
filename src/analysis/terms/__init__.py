"""What things are called: forces, periods, offences and findings."""
