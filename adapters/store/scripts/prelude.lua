-- Every script that writes starts with this. All keys are derived from the prefix, as adapters/store/keys.py lists
-- them: they share its hash tag, hence its slot. ARGV[1] holds the named arguments.
local P = KEYS[1]
local A = cmsgpack.unpack(ARGV[1])
local NONE = {}
local LONGEST_WAIT = 1000
local CHUNK = 1000 -- `unpack` fails near 9,000 values
local call = redis.call

-- The server's own clock, because the clocks of machines differ: one that is 31 s ahead steals leases of 30 s.
local function server_time()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local NOW = A.now or server_time()

local function milliseconds(seconds)
  return math.floor(seconds * 1000 + 0.5)
end

local function push(command, key, values)
  for first = 1, #values, CHUNK do
    call(command, key, unpack(values, first, math.min(first + CHUNK - 1, #values)))
  end
end

local function put_letter(id, at, ...)
  call('HSET', P .. 'd:' .. id, ...)
  call('ZADD', P .. 'dead', at, id)
end

local function drop_letter(id)
  call('DEL', P .. 'd:' .. id, P .. 'dp:' .. id)
  call('ZREM', P .. 'dead', id)
end
