-- Lanes that wait or are leased, by destination.
local counts = {}
for _, destination in ipairs(call('SMEMBERS', P .. 'destinations')) do
  local ready = P .. 'ready:' .. destination
  local lanes = call('ZCARD', ready .. ':now') + call('ZCARD', ready .. ':bulk') + call('ZCARD', P .. 'leased:' .. destination)
  if lanes > 0 then
    counts[#counts + 1] = { destination, lanes }
  end
end
return counts
