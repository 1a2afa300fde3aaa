"""What members tell those who run their club."""
