-- Every dead letter, oldest first: {id, when it died, {kind, code, detail, payload, record}, how many are parked}.
local letters = call('ZRANGE', P .. 'dead', 0, -1, 'WITHSCORES')
local found = {}
for position = 1, #letters, 2 do
  local id = letters[position]
  local fields = call('HMGET', P .. 'd:' .. id, 'kind', 'code', 'detail', 'payload', 'record')
  found[#found + 1] = { id, tonumber(letters[position + 1]), fields, call('LLEN', P .. 'dp:' .. id) }
end
return found
