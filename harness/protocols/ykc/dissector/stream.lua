-- From here on nothing is generated: FRAMES and WORDS above say everything that is peculiar to a type of frame.

local START, HEADER, OVERHEAD, LEAST = 0x68, 6, 8, 4
local bit_library = bit32 or bit -- which one there is depends on the Lua that Wireshark was built with
local bxor = bit_library and bit_library.bxor or load("return function(a, b) return a ~ b end")()

local ykc = Proto("ykc", WORDS.protocol)

-- CRC-16/MODBUS -------------------------------------------------------------------------------------------------------

local CRC_TABLE = {}
for byte = 0, 255 do
  local crc = byte
  for _ = 1, 8 do
    local half = math.floor(crc / 2)
    crc = crc % 2 == 1 and bxor(half, 0xA001) or half
  end
  CRC_TABLE[byte] = crc
end

local function crc_of(data, first, last)
  local crc = 0xFFFF
  for at = first, last do
    crc = bxor(math.floor(crc / 256), CRC_TABLE[bxor(crc % 256, data:byte(at))])
  end
  return crc
end

-- "low" or "high": which byte of the CRC comes first; nil when it is wrong either way.
local function crc_order(data, at, size)
  local due = crc_of(data, at + 2, at + size - 3)
  local first, second = data:byte(at + size - 2, at + size - 1)
  if due == first + second * 256 then return "low" end
  if due == second + first * 256 then return "high" end
  return nil
end

-- Cutting a stream into frames ----------------------------------------------------------------------------------------

-- How long the frame is that begins here; nil when none can, 0 when its bytes are not all there yet.
local function frame_size(data, at)
  if data:byte(at) ~= START then return nil end
  local length = data:byte(at + 1)
  if length == nil then return 0 end
  if length < LEAST then return nil end
  return at + length + 3 <= #data and length + 4 or 0
end

local function is_sound(data, at)
  local size = frame_size(data, at)
  return size ~= nil and size > 0 and crc_order(data, at, size) ~= nil
end

local function next_sound(data, at)
  at = data:find("\104", at, true)
  while at do
    if is_sound(data, at) then return at end
    at = data:find("\104", at + 1, true)
  end
  return nil
end

-- Does a frame begin here or in the bytes after it, before `stop`, that is not all there yet?
local function has_unfinished(data, at, stop)
  at = data:find("\104", at, true)
  while at and at < stop do
    if frame_size(data, at) == 0 then return true end
    at = data:find("\104", at + 1, true)
  end
  return false
end

-- What begins here: its size, and "frame" (sound or not) or "rubbish"; nil when more bytes must come to tell.
-- `sound` is where the next sound frame begins: a frame that claims bytes of it was none. `all` says that no more will come.
local function next_piece(data, at, sound, all)
  local size = frame_size(data, at)
  if sound == at then return size, "frame" end
  local stop = sound or #data + 1
  if size and not sound and not all and has_unfinished(data, at, at + math.max(size, 1)) then return nil end
  if size and size > 0 and (at + size == stop or at + size < stop and data:byte(at + size) == START) then
    return size, "frame"
  end
  local start = data:find("\104", at + 1, true)
  return (start and math.min(start, stop) or stop) - at, "rubbish"
end
