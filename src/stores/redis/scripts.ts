import { createHash } from 'node:crypto'

/** A script that the server runs as one step. */
export interface Script {
  readonly text: string
  /** By which the server knows it. */
  readonly sha: string
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

/*
 * The checkpoints of a key stand in one hash: `newest` is the sequence of its newest, `s7` the summary of sequence 7 and `t7` its text.
 * What is set aside stands in a list, three entries each: summary, text, and why.
 */

/**
 * What every write begins with. KEYS: owner, lock. ARGV: epoch, token of the claim, number of the write, number of the last one that was
 * acknowledged, how long the lock lasts. It answers at once where the store is no longer this claim's, or knows less than was acknowledged,
 * as a server that has gone back does, under the same epoch perhaps; and where the write has been done and its answer was lost.
 */
const TURN = `
  local own = redis.call('HMGET', KEYS[1], 'epoch', 'token', 'write', 'answer')
  local epoch, written = own[1] or '0', tonumber(own[3] or '0')
  if epoch ~= ARGV[1] or own[2] ~= ARGV[2] or written < tonumber(ARGV[4]) then return {'lost', epoch} end
  if written >= tonumber(ARGV[3]) then return {'done', own[4]} end
  redis.call('SET', KEYS[2], epoch, 'PX', ARGV[5])
  local function done(answer)
    redis.call('HSET', KEYS[1], 'write', ARGV[3], 'answer', answer)
    return {'done', answer}
  end
  local function sequences(data)
    local found = {}
    for _, field in ipairs(redis.call('HKEYS', data)) do
      if string.sub(field, 1, 1) == 's' then found[#found + 1] = tonumber(string.sub(field, 2)) end
    end
    return found
  end
  local function drop(data, sequence)
    local text = string.format('%.0f', sequence)
    redis.call('HDEL', data, 's' .. text, 't' .. text)
  end
`

/**
 * Takes the store, unless somebody has it. KEYS: owner, lock. ARGV: token, process, time, keep (or nothing), its default, how
 * long the lock lasts, format.
 */
export const CLAIM = script(`
  local was = redis.call('HMGET', KEYS[1], 'epoch', 'keep', 'token', 'pid', 'format')
  if was[5] and tonumber(was[5]) > tonumber(ARGV[7]) then return {'newer', was[5]} end
  local epoch, keep = was[1] or '0', ARGV[4]
  if keep == '' then keep = was[2] or ARGV[5] end
  local held = redis.call('PTTL', KEYS[2])
  if held ~= -2 then
    if was[3] == ARGV[1] then return {'taken', epoch, keep} end
    return {'locked', was[4] or '', held}
  end
  epoch = string.format('%.0f', tonumber(epoch) + 1)
  redis.call('SET', KEYS[2], epoch, 'PX', ARGV[6])
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'pid', ARGV[2], 'claimedAt', ARGV[3], 'keep', keep, 'token', ARGV[1],
    'format', ARGV[7], 'write', '0', 'answer', '')
  return {'taken', epoch, keep}
`)

/**
 * Writes a batch. KEYS: owner, lock, index, the hash of each. ARGV: those of a turn, keep, and four for each: key as it is ordered,
 * sequence, summary, text. Answers for each with nothing where it was written, else with the sequence that is there.
 */
export const COMMIT = script(`${TURN}
  local keep, answers = tonumber(ARGV[6]), {}
  for index = 4, #KEYS do
    local data, at = KEYS[index], 7 + (index - 4) * 4
    local text = ARGV[at + 1]
    local sequence, newest = tonumber(text), tonumber(redis.call('HGET', data, 'newest') or '0')
    if sequence == newest + 1 then
      redis.call('HSET', data, 'newest', text, 's' .. text, ARGV[at + 2], 't' .. text, ARGV[at + 3])
      if newest == 0 then redis.call('ZADD', KEYS[3], 0, ARGV[at]) end
      drop(data, sequence - keep)
      -- It may have kept more before.
      if redis.call('HLEN', data) > 1 + 2 * keep then
        for _, one in ipairs(sequences(data)) do if one <= sequence - keep then drop(data, one) end end
      end
      answers[#answers + 1] = ''
    else
      answers[#answers + 1] = string.format('%.0f', newest)
    end
  end
  return done(table.concat(answers, ','))
`)

/** Sets a checkpoint aside. KEYS: owner, lock, index, hash, list, index of lists. ARGV: those of a turn, key as it is ordered, key, sequence, why. */
export const QUARANTINE = script(`${TURN}
  local summary = redis.call('HGET', KEYS[4], 's' .. ARGV[8])
  if not summary then return done('') end
  redis.call('RPUSH', KEYS[5], summary, redis.call('HGET', KEYS[4], 't' .. ARGV[8]), ARGV[9])
  redis.call('ZADD', KEYS[6], 0, ARGV[7])
  drop(KEYS[4], tonumber(ARGV[8]))
  local newest = 0
  for _, one in ipairs(sequences(KEYS[4])) do newest = math.max(newest, one) end
  if newest > 0 then
    redis.call('HSET', KEYS[4], 'newest', string.format('%.0f', newest))
  else
    redis.call('DEL', KEYS[4])
    redis.call('ZREM', KEYS[3], ARGV[6])
  end
  return done('')
`)

/** Deletes all of a key. KEYS: owner, lock, index, hash, list, index of lists. ARGV: those of a turn, key as it is ordered, key. */
export const REMOVE = script(`${TURN}
  redis.call('DEL', KEYS[4], KEYS[5])
  redis.call('ZREM', KEYS[3], ARGV[6])
  redis.call('ZREM', KEYS[6], ARGV[7])
  return done('')
`)

/** What is done where the store is still this claim's. KEYS: owner, lock. ARGV: epoch, token. */
const OWN = `
  local own = redis.call('HMGET', KEYS[1], 'epoch', 'token')
  if own[1] ~= ARGV[1] or own[2] ~= ARGV[2] then return {'lost', own[1] or '0'} end
`

/** Keeps the lock. KEYS and ARGV: those above, and how long it lasts. */
export const RENEW = script(`${OWN}
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[3])
  return {'done', ''}
`)

/** Gives the lock back. KEYS and ARGV: those above. */
export const RELEASE = script(`${OWN}
  redis.call('DEL', KEYS[2])
  return {'done', ''}
`)

/** The checkpoints in a hash, newest first, at most ARGV[1]: summary and text of each. */
export const HISTORY = script(`
  local found, answer = {}, {}
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.sub(field, 1, 1) == 's' then found[#found + 1] = tonumber(string.sub(field, 2)) end
  end
  table.sort(found, function(one, other) return one > other end)
  for index = 1, math.min(#found, tonumber(ARGV[1])) do
    local text = string.format('%.0f', found[index])
    answer[#answer + 1] = redis.call('HGET', KEYS[1], 's' .. text)
    answer[#answer + 1] = redis.call('HGET', KEYS[1], 't' .. text)
  end
  return answer
`)

/** The summary of the newest in each hash; nothing where it is gone. */
export const SUMMARIES = script(`
  local answer = {}
  for index, data in ipairs(KEYS) do
    local newest = redis.call('HGET', data, 'newest')
    answer[index] = newest and redis.call('HGET', data, 's' .. newest) or ''
  end
  return answer
`)
