-- wrk: POSTs the file named by BODY with content type TYPE; prints "figure<TAB>name<TAB>value" lines at the end.
local file = assert(io.open(os.getenv("BODY"), "rb"))
wrk.body = file:read("*a")
file:close()
wrk.method = "POST"
wrk.headers["Content-Type"] = os.getenv("TYPE")

local shown = false
response = function(status, headers, body)
  if status ~= 200 and not shown then
    shown = true
    io.stderr:write("status " .. status .. ": " .. string.sub(body, 1, 400) .. "\n")
  end
end
if os.getenv("QUIET") ~= "0" then response = nil end

done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("figure\trequests_per_s\t%.2f\n", summary.requests / (summary.duration / 1e6)))
  io.write(string.format("figure\tp50_ms\t%.4f\n", latency:percentile(50) / 1000))
  io.write(string.format("figure\tp99_ms\t%.4f\n", latency:percentile(99) / 1000))
  io.write(string.format("figure\terrors\t%d\n", e.status + e.connect + e.read + e.write + e.timeout))
end
