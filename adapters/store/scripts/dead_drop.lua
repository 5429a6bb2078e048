if call('EXISTS', P .. 'd:' .. A.letter) == 0 then
  return 0
end
drop_letter(A.letter)
return 1
