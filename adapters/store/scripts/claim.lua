-- Leases lanes of one destination whose time has come.

local D = A.destination
local LEASED = P .. 'leased:' .. D
local READY_NOW = P .. 'ready:' .. D .. ':now'
local READY_BULK = P .. 'ready:' .. D .. ':bulk'
local claims = {}
local tokens = nil -- in the bucket, where there is a rate

local function paused_for()
  local till = tonumber(call('GET', P .. 'pause:' .. D))
  if till and till <= NOW then
    call('DEL', P .. 'pause:' .. D)
  end
  return till and till - NOW or 0
end

local function allowance()
  if not A.rate then
    return A.limit
  end
  tokens = A.burst
  local left, counted = (call('GET', P .. 'rate:' .. D) or ''):match('^(%S+) (%S+)$')
  if left then
    local gained = math.max(0, NOW - counted) * A.rate / 1000
    tokens = math.min(A.burst, left + gained)
  end
  return math.min(A.limit, math.floor(tokens + 1e-6))
end

local function due(key, limit)
  return limit > 0 and call('ZRANGEBYSCORE', key, '-inf', NOW, 'LIMIT', 0, limit) or NONE
end

-- Left in flight: whoever held it was lost with its answer, so it may have happened. That says nothing about the
-- destination: were it an attempt, a bot that is restarted a few times would make people wait for minutes.
local function note_loss(head)
  if head.flight > 0 then
    head.doubt = head.doubt > 0 and head.doubt or head.flight
    head.over = head.flight + A.lease -- whatever the lost one was doing, its call has ended by then
  end
end

local function take(lane)
  local record = call('LINDEX', P .. 'q:' .. lane, 0)
  if not record then
    call('DEL', P .. 'h:' .. lane)
    call('ZREM', LEASED, lane)
    return
  end
  local head = read_head(lane)
  note_loss(head)
  head.token = A.claim .. ':' .. (#claims + 1)
  head.flight = NOW
  write_head(lane, head)
  call('ZADD', LEASED, NOW + A.lease, lane)
  local doubt_age = head.doubt > 0 and NOW - head.doubt or -1
  claims[#claims + 1] = { lane, head.token, head.attempts, doubt_age, NOW - head.over, record }
end

local function take_all(key, limit)
  local lanes = due(key, limit)
  for _, lane in ipairs(lanes) do
    take(lane)
  end
  if key ~= LEASED then
    push('ZREM', key, lanes)
  end
end

-- Bulk gets an eighth when both wait, so that it never starves; of a small claim, every eighth time one.
local function share_of_bulk(limit)
  local share = math.floor(limit / 8)
  if share == 0 and limit > 0 and A.turn % 8 == 0 then
    share = 1
  end
  return #due(READY_BULK, share)
end

local function take_ready(limit)
  local before = #claims
  take_all(READY_NOW, limit - share_of_bulk(limit))
  take_all(READY_BULK, limit - (#claims - before))
end

local function count_tokens()
  if tokens then
    tokens = tokens - #claims
    call('SET', P .. 'rate:' .. D, string.format('%.6f %d', tokens, NOW))
  end
end

local function until_token()
  return tokens and tokens < 1 and math.ceil((1 - tokens) * 1000 / A.rate) or 0
end

local function until_due()
  local soonest = LONGEST_WAIT
  for _, key in ipairs({ LEASED, READY_NOW, READY_BULK }) do
    local first = call('ZRANGE', key, 0, 0, 'WITHSCORES')
    if first[2] then
      soonest = math.min(soonest, math.max(0, first[2] - NOW))
    end
  end
  return math.min(LONGEST_WAIT, math.max(soonest, until_token()))
end

local pause = paused_for()
if pause > 0 then
  return { claims, math.min(pause, LONGEST_WAIT) }
end
local allowed = allowance()
call('ZREMRANGEBYSCORE', P .. 'rest:' .. D, '-inf', NOW)
take_all(LEASED, allowed)
take_ready(allowed - #claims)
count_tokens()
return { claims, until_due() }
