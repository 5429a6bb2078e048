"""One scenario for one person: state, decisions, effects and times. Pure: no clock, no store, no platform."""
