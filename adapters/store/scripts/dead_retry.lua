-- An effect goes back to its lane with all that was parked, a wake-up fires again. 0: no letter that could go back.
local letter = call('HMGET', P .. 'd:' .. A.letter, 'kind', 'lane', 'record', 'journey')
local kind, lane, record, journey = unpack(letter)
if kind == 'effect' then
  local records = call('LRANGE', P .. 'dp:' .. A.letter, 0, -1)
  table.insert(records, 1, record)
  restore(lane, records)
elseif kind == 'wake' then
  call('ZADD', P .. 'wake', 'LT', NOW, journey)
else
  return 0
end
drop_letter(A.letter)
return 1
