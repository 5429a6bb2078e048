-- Carries out commits, each of them all or nothing: ARGV[2] and following, packed by adapters/store/codec.py.
-- Every commit is answered by 0 done, 2 conflict, 3 stale, {1, kept reply} duplicate, or the text of an error.
-- A commit is checked first and written after; once the first write stands, nothing in it can fail.

local DONE, DUPLICATE, CONFLICT, STALE = 0, 1, 2, 3

local function has_version(write)
  local found = call('GETRANGE', P .. 'a:' .. write.id, 0, 19):match('^%d+')
  return (tonumber(found) or 0) == write.version
end

local function is_awake(woken)
  local held = call('HGET', P .. 'wake-held', woken.journey)
  return held and held:match('^%S+') == woken.token
end

local function is_taken(lookup)
  return lookup.vacant and call('EXISTS', P .. 'l:' .. lookup.name) == 1
end

-- Nothing when the commit may go on, and then the head that it settles.
local function check(commit)
  for _, mark in ipairs(commit.marks or NONE) do
    local kept = call('GET', P .. 'm:' .. mark)
    if kept then
      return { DUPLICATE, kept }
    end
  end
  local head = commit.settle and held_head(commit.settle)
  if head == false or (commit.woken and not is_awake(commit.woken)) then
    return STALE
  end
  for _, write in ipairs(commit.writes or NONE) do
    if not has_version(write) then
      return CONFLICT
    end
  end
  for _, lookup in ipairs(commit.lookups or NONE) do
    if is_taken(lookup) then
      return CONFLICT
    end
  end
  return nil, head
end

local function write_aggregate(write)
  if write.state then
    call('SET', P .. 'a:' .. write.id, string.format('%d ', write.version + 1) .. write.state)
  else
    call('DEL', P .. 'a:' .. write.id, P .. 'e:' .. write.id)
  end
end

local function write_lookup(lookup)
  if lookup.value then
    call('SET', P .. 'l:' .. lookup.name, lookup.value)
  else
    call('DEL', P .. 'l:' .. lookup.name)
  end
end

local function end_wake(woken)
  call('ZREM', P .. 'wake-leased', woken.journey)
  call('HDEL', P .. 'wake-held', woken.journey)
end

-- A new time also ends the back-off of a wake-up that failed; one that is leased stays leased.
local function set_wake(journey, due)
  local held = call('HGET', P .. 'wake-held', journey)
  if held and held:sub(1, 2) == '- ' then
    call('HDEL', P .. 'wake-held', journey)
  end
  if due then
    call('ZADD', P .. 'wake', due, journey)
  else
    call('ZREM', P .. 'wake', journey)
  end
end

local function quarantine(letter)
  put_letter(letter.id, letter.at, 'kind', 'quarantine', 'code', letter.code, 'detail', letter.detail,
    'payload', letter.payload)
end

local function append_log(aggregate, entries)
  push('RPUSH', P .. 'e:' .. aggregate, entries)
  call('LTRIM', P .. 'e:' .. aggregate, -A.log_cap, -1)
end

local function write_state(commit)
  for aggregate, entries in pairs(commit.logs or NONE) do
    append_log(aggregate, entries)
  end
  for _, write in ipairs(commit.writes or NONE) do
    write_aggregate(write)
  end
  for _, lookup in ipairs(commit.lookups or NONE) do
    write_lookup(lookup)
  end
  for _, membership in ipairs(commit.memberships or NONE) do
    call(membership.present and 'SADD' or 'SREM', P .. 'x:' .. membership.index, membership.member)
  end
  for _, score in ipairs(commit.scores or NONE) do
    if score.value then
      call('ZADD', P .. 'z:' .. score.index, score.value, score.member)
    else
      call('ZREM', P .. 'z:' .. score.index, score.member)
    end
  end
end

local function write(commit, head)
  if commit.settle then
    settle(commit.settle, head)
  end
  if commit.woken then
    end_wake(commit.woken)
  end
  if commit.quarantined then
    quarantine(commit.quarantined)
  end
  for _, mark in ipairs(commit.marks or NONE) do
    call('SET', P .. 'm:' .. mark, commit.reply or '', 'PX', A.mark_ttl)
  end
  write_state(commit)
  for journey, due in pairs(commit.wakes or NONE) do
    set_wake(journey, due)
  end
  for _, effect in ipairs(commit.effects or NONE) do
    enqueue(effect)
  end
end

local function carry_out(packed)
  local commit = cmsgpack.unpack(packed)
  local verdict, head = check(commit)
  if not verdict then
    write(commit, head)
  end
  return verdict or DONE
end

-- Redis 7 throws a table, others a string.
local function error_text(thrown)
  return type(thrown) == 'table' and thrown.err or tostring(thrown)
end

-- A process sends its batches one after another and numbers them. When an answer was lost it sends the same batch
-- again, and is told what the first copy was told; an older copy that the network delivers late does nothing.
local BATCH = P .. 'batch:' .. A.sender
local kept = call('GET', BATCH)
if kept then
  local number, answers = unpack(cmsgpack.unpack(kept))
  if number == A.number then
    call('PEXPIRE', BATCH, A.batch_ttl) -- also a write, for WAIT to wait for
    return answers
  elseif number > A.number then
    return redis.error_reply('ERR a batch came after its successor')
  end
end

local answers, wrote = {}, A.always_write
for position = 2, #ARGV do
  local fine, answer = pcall(carry_out, ARGV[position])
  answers[#answers + 1] = fine and answer or error_text(answer)
  wrote = wrote or answer == DONE
end
if wrote then
  call('SET', BATCH, cmsgpack.pack({ A.number, answers }), 'PX', A.batch_ttl)
end
return answers
