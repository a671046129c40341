-- wrk: GETs pages of a partition, each from the next offset; SCRIPT_MODE is records or batches, STEP is about how many
-- records a page holds. Prints "figure<TAB>name<TAB>value" lines at the end.
local mode = os.getenv("SCRIPT_MODE")
local step = tonumber(os.getenv("STEP"))
local threads = {}
bytes, records = 0, 0
local offset = 0

setup = function(thread) table.insert(threads, thread) end

request = function()
  local path = wrk.path .. "?offset=" .. offset .. "&maxBytes=1048576"
  if mode == "records" then path = path .. "&maxRecords=" .. step end
  return wrk.format("GET", path)
end

response = function(status, headers, body)
  bytes = bytes + #body
  if mode == "records" then
    local next = string.match(body, '"nextOffset":(%d+)', #body - 300)
    next = next and tonumber(next) or 0
    if next > offset then
      records = records + (next - offset)
      offset = next
    else
      offset = 0
    end
  else
    local next = tonumber(headers["Jofka-Next-Offset"] or headers["jofka-next-offset"] or "0")
    if next > offset then
      records = records + (next - offset)
      offset = next
    else
      offset = 0
    end
  end
end

done = function(summary, latency, requests)
  local b, r = 0, 0
  for _, thread in ipairs(threads) do
    b = b + thread:get("bytes")
    r = r + thread:get("records")
  end
  local s = summary.duration / 1e6
  local e = summary.errors
  io.write(string.format("figure\tmb_per_s\t%.2f\n", b / 1048576 / s))
  io.write(string.format("figure\trecords_per_s\t%.1f\n", r / s))
  io.write(string.format("figure\terrors\t%d\n", e.status + e.connect + e.read + e.write + e.timeout))
end
