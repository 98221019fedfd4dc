"""What comes in: sources, snapshots, parameters and their refresh."""
