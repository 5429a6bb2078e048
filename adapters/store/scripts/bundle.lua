-- Puts one record in the place of the first few of a lane, whose claim is still ours: 1. 0: it is not, or what stands
-- there is no longer what was read; then nothing is written.

local queue = P .. 'q:' .. A.lane
if read_head(A.lane).token ~= A.token then
  return 0
end
local records = call('LRANGE', queue, 0, #A.records - 1)
for position, expected in ipairs(A.records) do
  if not records[position] or redis.sha1hex(records[position]) ~= expected then
    return 0
  end
end
local destination, class = split(A.lane)
call('ZREM', P .. 'leased:' .. destination, A.lane)
call('LTRIM', queue, #A.records, -1)
call('LPUSH', queue, A.record)
call('DEL', P .. 'h:' .. A.lane)
call('ZADD', P .. 'ready:' .. destination .. ':' .. class, NOW, A.lane)
return 1
