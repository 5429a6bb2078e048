-- All in one round trip; every message that comes in begins with this: whose account it is, their aggregate, and those
-- that ARGV names after the account.
local id = redis.call('GET', KEYS[1] .. 'l:account:' .. ARGV[1])
local found = { id, id and redis.call('GET', KEYS[1] .. 'a:' .. id) }
for position = 2, #ARGV do
  found[position + 1] = redis.call('GET', KEYS[1] .. 'a:' .. ARGV[position])
end
return found
