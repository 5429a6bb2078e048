-- Leases journeys whose moment has come.

local WAKE, LEASED, HELD = P .. 'wake', P .. 'wake-leased', P .. 'wake-held'
local fired = {}

local function read_held(journey)
  local due, failures = (call('HGET', HELD, journey) or ''):match('^%S+ (%d+) (%d+)$')
  return due, tonumber(failures) or 0
end

local function lease(journey, due, failures)
  local token = A.claim .. ':' .. (#fired + 1)
  call('HSET', HELD, journey, table.concat({ token, due, failures }, ' '))
  call('ZADD', LEASED, NOW + A.lease, journey)
  call('ZREM', WAKE, journey)
  fired[#fired + 1] = { journey, tonumber(due), token, failures }
end

-- A lease that ran out: its holder was lost, which counts as a failure, unless a commit has set a new time meanwhile.
local function lease_again(journey)
  local due, failures = read_held(journey)
  if due and not call('ZSCORE', WAKE, journey) then
    lease(journey, due, failures + 1)
  else
    call('ZREM', LEASED, journey)
    call('HDEL', HELD, journey)
  end
end

local function fire(journey, at)
  local due, failures = read_held(journey)
  lease(journey, due or at, failures)
end

for _, journey in ipairs(call('ZRANGEBYSCORE', LEASED, '-inf', NOW, 'LIMIT', 0, A.limit)) do
  lease_again(journey)
end

-- Of the first ones, as many as are leased may have to be passed over.
local window = A.limit + call('ZCARD', LEASED)
local waiting = call('ZRANGE', WAKE, 0, window, 'WITHSCORES')
local wait = LONGEST_WAIT
for position = 1, #waiting, 2 do
  local journey, at = waiting[position], tonumber(waiting[position + 1])
  if not call('ZSCORE', LEASED, journey) then
    if at <= NOW and #fired < A.limit then
      fire(journey, at)
    else
      wait = math.min(wait, math.max(0, at - NOW))
      break
    end
  end
end

local first = call('ZRANGE', LEASED, 0, 0, 'WITHSCORES')
if first[2] then
  wait = math.min(wait, math.max(0, first[2] - NOW))
end
return { fired, wait }
