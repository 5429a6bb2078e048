"""One file a capability. A handler reads, asks the core and answers; it names no platform, awaits only the store."""
