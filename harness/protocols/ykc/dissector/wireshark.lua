-- How Wireshark puts segments together --------------------------------------------------------------------------------
--
-- The bytes of an unfinished frame come again with those of the next segment before them. When what is unfinished
-- begins among bytes that came again, all of them will come once more: nothing may be shown yet, or it is shown twice.
-- When a packet is looked at again later, Wireshark gives no more bytes than were taken the first time.

local held, taken = {}, {}

function ykc.init()
  held, taken = {}, {}
end

local function direction(pinfo)
  return string.format("%s %d %s %d", tostring(pinfo.src), pinfo.src_port, tostring(pinfo.dst), pinfo.dst_port)
end

-- How many of the bytes have come before.
local function came_before(pinfo, data)
  local before = held[direction(pinfo)]
  return before and #data > #before and data:sub(1, #before) == before and #before or 0
end

-- Where to go on when more has come, counted from 1; nil when all is taken. Without pieces when they will come again.
local function take(pinfo, data, found)
  local last_look = pinfo.visited and taken[pinfo.number] == #data
  local unfinished = cut(data, found, last_look)
  if pinfo.visited then return unfinished end
  if unfinished and unfinished > 1 and unfinished - 1 <= came_before(pinfo, data) then unfinished = 1 end
  held[direction(pinfo)] = unfinished and data:sub(unfinished)
  taken[pinfo.number] = unfinished and unfinished - 1
  return unfinished
end

function ykc.dissector(tvb, pinfo, tree)
  local data, found = tvb:raw(), {}
  local unfinished = take(pinfo, data, found)
  if unfinished then
    pinfo.desegment_offset = unfinished - 1
    pinfo.desegment_len = DESEGMENT_ONE_MORE_SEGMENT
    if unfinished == 1 then return tvb:len() end
  end
  pinfo.cols.protocol = WORDS.short
  pinfo.cols.info:clear()
  for _, piece in ipairs(found) do
    local at = piece.at - 1
    local said = piece.what == "frame" and add_frame(tree, tvb, at, data:sub(piece.at, at + piece.size))
      or add_rubbish(tree, tvb, at, piece.size)
    pinfo.cols.info:append(said .. "  ")
    pinfo.cols.info:fence()
  end
  return tvb:len()
end

-- Which connections are ours ------------------------------------------------------------------------------------------

-- A frame that has only begun: nobody can check its CRC yet, but its type and length have to fit together.
local function begins_well(data)
  if #data < HEADER or frame_size(data, 1) ~= 0 then return false end
  local frame = FRAMES[data:byte(6)]
  return frame ~= nil and data:byte(5) <= 1 and frame.length == data:byte(2) - LEAST
end

local function recognise(tvb, pinfo, tree)
  local data = tvb:raw()
  if not next_sound(data, 1) and not begins_well(data) then return false end
  pinfo.conversation = ykc
  ykc.dissector(tvb, pinfo, tree)
  return true
end

ykc:register_heuristic("tcp", recognise)

ykc.prefs.ports = Pref.range(WORDS.ports, PORTS, WORDS.ports_help, 65535)

local ports = PORTS
DissectorTable.get("tcp.port"):add(ports, ykc)

function ykc.prefs_changed()
  if ports ~= ykc.prefs.ports then
    if ports ~= "" then DissectorTable.get("tcp.port"):remove(ports, ykc) end
    ports = ykc.prefs.ports
    if ports ~= "" then DissectorTable.get("tcp.port"):add(ports, ykc) end
  end
end
