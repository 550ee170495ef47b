"""Taking files in and computing what follows from the record: a refresh, and its stages one file each."""
