-- Nothing of a destination is claimed for so long; 0 seconds end a pause.
if A.seconds > 0 then
  call('SET', P .. 'pause:' .. A.destination, NOW + milliseconds(A.seconds))
else
  call('DEL', P .. 'pause:' .. A.destination)
end
return 1
