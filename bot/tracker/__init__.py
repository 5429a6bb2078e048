"""Issues of journeys, both ways: what the tracker answers, what it tells by itself, what is compared."""
