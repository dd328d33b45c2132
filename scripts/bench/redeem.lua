-- wrk sends redemptions: each with a new key, a new order and the next code.
-- Arguments: file of codes (or -), the shared code (or -), codes to pass over, tag of this run, store id, query, file of keys, the basket's lines as JSON.
local codes, shared, at, tag, store, query, basket
local tokens = {}
local sent = 0

local function linesOf(path)
  local list = {}
  for line in io.lines(path) do list[#list + 1] = line end
  return list
end

function init(args)
  if args[1] ~= '-' then codes = linesOf(args[1]) end
  if args[2] ~= '-' then shared = args[2] end
  at = tonumber(args[3])
  tag, store, query, basket = args[4], args[5], args[6], args[8]
  for _, key in ipairs(linesOf(args[7])) do
    tokens[#tokens + 1] = { ['Content-Type'] = 'application/json', ['Authorization'] = 'Bearer ' .. key }
  end
end

function request()
  sent = sent + 1
  local code = shared or codes[at + sent]
  if code == nil then error('the codes ran out') end
  local id = tag .. '-' .. sent
  local body = '{"query":"' .. query .. '","variables":{"input":{"idempotencyKey":"k' .. id .. '","codes":["' .. code ..
    '"],"tillId":"till-' .. (sent % #tokens) .. '","order":{"externalId":"o' .. id .. '","storeId":"' .. store ..
    '","currency":"EUR","lines":' .. basket .. '}}}}'
  return wrk.format('POST', '/graphql', tokens[sent % #tokens + 1], body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\nRESULT {"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
