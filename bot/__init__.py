"""The core: people, scenarios, journeys and the way in and out. It names no platform and no product."""
