-- Lanes: what is known of a head, how effects come in, how a claim ends.

local function split(lane)
  return lane:match('^([^|]+)|([^|]+)|')
end

local function parse_record(record)
  return record:match('^([^\n]*)\n([^\n]*)\n')
end

local function read_head(lane)
  local text = call('GET', P .. 'h:' .. lane)
  if not text then
    return { token = '-', attempts = 0, flight = 0, doubt = 0, over = 0 }
  end
  local token, attempts, flight, doubt, over = text:match('^(%S+) (%d+) (%d+) (%d+) (%d+)$')
  return {
    token = token,
    attempts = tonumber(attempts),
    flight = tonumber(flight),
    doubt = tonumber(doubt),
    over = tonumber(over),
  }
end

local function write_head(lane, head)
  if head.token == '-' and head.attempts == 0 and head.doubt == 0 then
    call('DEL', P .. 'h:' .. lane)
  else
    call('SET', P .. 'h:' .. lane, table.concat({ head.token, head.attempts, head.flight, head.doubt, head.over }, ' '))
  end
end

-- A lane that rests after its last effect keeps whatever comes next waiting as long.
local function make_ready(lane)
  local destination, class = split(lane)
  local rest = call('ZSCORE', P .. 'rest:' .. destination, lane)
  call('ZADD', P .. 'ready:' .. destination .. ':' .. class, 'NX', math.max(NOW, tonumber(rest) or 0), lane)
  call('SADD', P .. 'destinations', destination)
end

-- Takes the place of a waiting record with the same id. A head that is in flight or in doubt may have happened as it
-- is: what it says must not change under the look that will be taken for it.
local function replace(effect)
  local queue = P .. 'q:' .. effect.lane
  local head = read_head(effect.lane)
  local first = (head.flight > 0 or head.doubt > 0) and 1 or 0
  for position, record in ipairs(call('LRANGE', queue, first, -1)) do
    if parse_record(record) == effect.id then
      call('LSET', queue, first + position - 1, effect.record)
      return true
    end
  end
  return false
end

local function enqueue(effect)
  if effect.once and not call('SET', P .. 'm:once:' .. effect.id, '', 'NX', 'PX', A.once_ttl) then
    return
  end
  -- What it needs is a dead letter of this lane: it comes back with that.
  if effect.needs and call('HGET', P .. 'd:' .. effect.needs, 'lane') == effect.lane then
    call('RPUSH', P .. 'dp:' .. effect.needs, effect.record)
    return
  end
  if effect.replaces and replace(effect) then
    return
  end
  -- The only one: the lane was empty, so it was neither ready nor leased.
  if call('RPUSH', P .. 'q:' .. effect.lane, effect.record) == 1 then
    make_ready(effect.lane)
  end
end

-- Moves what needs the effect `id`, directly or through another, out of its lane to its letter, in order.
local function park(lane, id)
  local needed, parked, kept = { [id] = true }, {}, {}
  for _, record in ipairs(call('LRANGE', P .. 'q:' .. lane, 0, -1)) do
    local own, needs = parse_record(record)
    if needed[needs] then
      needed[own] = true
      parked[#parked + 1] = record
    else
      kept[#kept + 1] = record
    end
  end
  if #parked > 0 then
    call('DEL', P .. 'q:' .. lane)
    push('RPUSH', P .. 'q:' .. lane, kept)
    push('RPUSH', P .. 'dp:' .. id, parked)
  end
end

local function bury(settlement, head)
  local lane = settlement.lane
  local record = call('LPOP', P .. 'q:' .. lane)
  local id = parse_record(record)
  park(lane, id)
  put_letter(id, NOW, 'kind', 'effect', 'code', settlement.code, 'detail', settlement.detail, 'record', record,
    'lane', lane, 'attempts', head.attempts + 1)
end

local function keep(settlement, head)
  local attempts = head.attempts + (settlement.counts and 1 or 0)
  local doubt, over = 0, 0
  if settlement.doubt then
    doubt = head.doubt > 0 and head.doubt or head.flight
    over = settlement.counts and NOW or head.over
  end
  write_head(settlement.lane, { token = '-', attempts = attempts, flight = 0, doubt = doubt, over = over })
  return NOW + milliseconds(settlement.after)
end

local function leave(settlement, head)
  if settlement.outcome == 'dead' then
    bury(settlement, head)
  else
    call('LPOP', P .. 'q:' .. settlement.lane)
  end
  call('DEL', P .. 'h:' .. settlement.lane)
  return NOW + milliseconds(settlement.pace)
end

local function held_head(settlement)
  local head = read_head(settlement.lane)
  return head.token == settlement.token and head
end

-- `head` is what held_head gave: the claim is still ours. It begins with a removal, which a full server allows, and
-- with it all that follows: what was begun can be finished also when there is no memory for anything new.
local function settle(settlement, head)
  local lane = settlement.lane
  local destination, class = split(lane)
  call('ZREM', P .. 'leased:' .. destination, lane)
  local next_try = settlement.outcome == 'later' and keep(settlement, head) or leave(settlement, head)
  if call('EXISTS', P .. 'q:' .. lane) == 1 then
    call('ZADD', P .. 'ready:' .. destination .. ':' .. class, next_try, lane)
  elseif next_try > NOW then
    call('ZADD', P .. 'rest:' .. destination, next_try, lane)
  end
end

-- Records that come back go before all that waits, but never before a head that was already tried.
local function restore(lane, records)
  local queue = P .. 'q:' .. lane
  local leased = call('ZSCORE', P .. 'leased:' .. split(lane), lane)
  local tried = call('EXISTS', P .. 'h:' .. lane) == 1 and call('LPOP', queue)
  local backwards = {}
  for position = #records, 1, -1 do
    backwards[#backwards + 1] = records[position]
  end
  push('LPUSH', queue, backwards)
  if tried then
    call('LPUSH', queue, tried)
  end
  if not leased then
    make_ready(lane)
  end
end
