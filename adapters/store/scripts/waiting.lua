-- Lanes that wait or are leased, by destination.
local counts = {}
for _, destination in ipairs(call('SMEMBERS', P .. 'destinations')) do
  local lanes = 0
  for _, key in ipairs({ 'ready:%s:now', 'ready:%s:bulk', 'leased:%s' }) do
    lanes = lanes + call('ZCARD', P .. key:format(destination))
  end
  if lanes > 0 then
    counts[#counts + 1] = { destination, lanes }
  end
end
return counts
