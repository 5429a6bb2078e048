-- Both steps in one round trip; every message that comes in begins with this.
local id = redis.call('GET', KEYS[1] .. 'l:account:' .. ARGV[1])
return id and { id, redis.call('GET', KEYS[1] .. 'a:' .. id) }
