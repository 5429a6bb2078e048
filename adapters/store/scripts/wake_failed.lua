-- A fired wake-up could not be handled: again later, or to the dead letters. 0: the lease is no longer ours.

local HELD = P .. 'wake-held'
local token, due, failures = (call('HGET', HELD, A.journey) or ''):match('^(%S+) (%d+) (%d+)$')
if token ~= A.token then
  return 0
end
call('ZREM', P .. 'wake-leased', A.journey)
if not A.after then
  call('HDEL', HELD, A.journey)
  put_letter(A.letter, NOW, 'kind', 'wake', 'code', 'wake_failed', 'detail', A.detail, 'payload', A.payload,
    'journey', A.journey)
elseif call('ZSCORE', P .. 'wake', A.journey) then
  call('HDEL', HELD, A.journey) -- a commit has set a new time meanwhile, knowing more
else
  call('HSET', HELD, A.journey, table.concat({ '-', due, failures + 1 }, ' '))
  call('ZADD', P .. 'wake', NOW + milliseconds(A.after), A.journey)
end
return 1
