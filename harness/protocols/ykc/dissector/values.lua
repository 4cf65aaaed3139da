-- Reading values: each kind gives the value a filter compares, how people read it, and what is odd about it -----------

-- Signs that cannot be seen are named; all else is shown as it is.
local function visible(text)
  return (text:gsub("%c", function(sign) return string.format("\\x%02X", sign:byte()) end))
end

local function hex(raw)
  return (raw:gsub(".", function(sign) return string.format("%02X", sign:byte()) end))
end

-- A whole number, low byte first.
local function whole(raw)
  local number = 0
  for at = #raw, 1, -1 do
    number = number * 256 + raw:byte(at)
  end
  return number
end

local function with_unit(text, unit)
  return unit and text .. " " .. unit or text
end

local function meaning(choices, number)
  return choices[number] or string.format(WORDS.unlisted, number)
end

-- The value and the reading of a number that has been taken from its bytes.
local function number_shown(field, number)
  number = number + (field.shift or 0)
  if field.choices then
    return number, string.format("%d %s", number, meaning(field.choices, number))
  end
  if field.places then
    local value = number / 10 ^ field.places
    return value, with_unit(string.format("%." .. field.places .. "f", value), field.unit)
  end
  return number, with_unit(string.format("%d", number), field.unit)
end

local function number_odd(field, number)
  if field.choices and not field.choices[number] then
    return { string.format(WORDS.odd.unlisted, number) }
  end
  local odd = {}
  if field.const and number ~= field.const then
    table.insert(odd, string.format(WORDS.odd.not_const, field.const))
  end
  if field.low and (number < field.low or number > field.high) then
    table.insert(odd, string.format(WORDS.odd.out_of_range, field.low, field.high))
  end
  return odd
end

local READ = {}

function READ.number(field, raw)
  local value, reading = number_shown(field, whole(raw))
  return value, reading, number_odd(field, value)
end

function READ.bits(field, raw)
  local number = whole(raw)
  return number, string.format("0x%0" .. 2 * #raw .. "X", number), {}
end

function READ.bcd(field, raw)
  local digits = hex(raw)
  return digits, with_unit(digits, field.unit), digits:find("%D") and { WORDS.odd.bcd_hex } or {}
end

function READ.hex(field, raw)
  return hex(raw), with_unit(hex(raw), field.unit), {}
end

function READ.text(field, raw)
  local text = field.counted and raw or raw:gsub("\0+$", "")
  if field.reversed then text = text:reverse() end
  local odd = text:find("[\0\128-\255]") and { WORDS.odd.odd_text } or {}
  text = text:gsub("\0.*", ""):gsub("[\128-\255]", "\239\191\189")
  return text, '"' .. visible(text) .. '"', odd
end

function READ.items(field, raw)
  return nil, string.format(WORDS.items, math.floor(#raw / field.item_length)), {}
end

local DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function is_date(year, month, day)
  if month < 1 or month > 12 or day < 1 then return false end
  local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return day <= (month == 2 and leap and 29 or DAYS[month])
end

local function time_odd(raw, possible)
  local odd = {}
  local _, _, minute, hour, _, month, year = raw:byte(1, 7)
  if not possible then
    table.insert(odd, raw == string.rep("\0", 7) and WORDS.odd.zero_time or WORDS.odd.impossible_time)
  end
  if minute >= 0x80 then table.insert(odd, WORDS.odd.time_invalid) end
  if hour >= 0x80 then table.insert(odd, WORDS.odd.summer_time) end
  if minute % 0x80 >= 0x40 or hour % 0x80 >= 0x20 or month >= 0x10 or year >= 0x80 then
    table.insert(odd, WORDS.odd.reserved_set)
  end
  return odd
end

-- CP56Time2a: milliseconds, minute, hour, day and weekday, month, year, with flags above them.
function READ.time(field, raw)
  local low, high, minute, hour, day, month, year = raw:byte(1, 7)
  local milliseconds = low + high * 256
  local second = math.floor(milliseconds / 1000)
  minute, hour, day, month, year = minute % 64, hour % 32, day % 32, month % 16, 2000 + year % 128
  local possible = is_date(year, month, day) and hour < 24 and minute < 60 and second < 60
  local text = possible
    and string.format("%04d-%02d-%02d %02d:%02d:%02d.%03d", year, month, day, hour, minute, second, milliseconds % 1000)
  return text or "", text or "—", time_odd(raw, possible)
end

local function bit_of(part, number)
  return math.floor(number / 2 ^ part.lsb) % 2 ^ part.width
end

-- Which bits of a number are meant: .... ..01
local function picture(part, number)
  local signs = {}
  for at = part.size * 8 - 1, 0, -1 do
    local mine = at >= part.lsb and at < part.lsb + part.width
    table.insert(signs, mine and (math.floor(number / 2 ^ at) % 2 >= 1 and "1" or "0") or ".")
    if at % 4 == 0 and at > 0 then table.insert(signs, " ") end
  end
  return table.concat(signs)
end

-- A body into its fields ----------------------------------------------------------------------------------------------

-- How many bytes of a body the table describes; nil when they are too few.
local function described(frame, body)
  local size = #body
  if frame.tolerated[size] then return size end
  if not frame.tail then
    if size >= frame.length then return frame.length end
    local last = frame.fields[#frame.fields]
    return last.shrinks and size > frame.length - last.size and size or nil
  end
  local unit = frame.fields[#frame.fields].item_length or 1
  if size < frame.head then return nil end
  if frame.tail == "rest" then return size - (size - frame.head) % unit end
  local wanted = frame.head + unit * body:byte(frame.count_at + 1)
  return size >= wanted and wanted or nil
end

-- Each field that is there with its place in the body and its bytes; nil when the body is too short.
local function parts_of(frame, body)
  local size = described(frame, body)
  if not size then return nil end
  local absent = frame.tolerated[size] or {}
  local parts, at = {}, 0
  for number, field in ipairs(frame.fields) do
    if not absent[field.name] then
      local length = field.size
      if number == #frame.fields and not frame.tolerated[size] then length = size - at end
      local part = { field = field, at = at, raw = body:sub(at + 1, at + length) }
      table.insert(parts, part)
      parts[field.name] = part
      at = at + length
    end
  end
  return parts, at
end

-- One line that says the values that count ----------------------------------------------------------------------------

local function brief_of(text)
  local cut = text:find(WORDS.cut, 1, true)
  return cut and cut > 1 and text:sub(1, cut - 1) or text
end

local function says_nothing(field, raw)
  if raw == "" or field.name == "fail_reason" and whole(raw) == 0 then return true end
  if field.kind == "text" then return (READ.text(field, raw)) == "" end
  local zero = not raw:find("[^\0]")
  return zero and (field.kind == "bits" or (field.kind == "bcd" or field.kind == "hex") and #raw >= 8)
end

local function said_value(field, raw)
  local value, reading = READ[field.kind](field, raw)
  if field.kind == "text" then return visible(value) end
  if field.choices and field.choices[value] then return brief_of(field.choices[value]) end
  if field.kind ~= "bits" then return reading end
  local raised = {}
  for _, part in ipairs(field.bits) do
    if bit_of(part, value) > 0 then table.insert(raised, part.said) end
  end
  return table.concat(raised, WORDS.comma)
end

local function said_gun(parts)
  local part = parts.gun_no
  if not part then return nil end
  local _, reading = READ[part.field.kind](part.field, part.raw)
  local number = reading:gsub("^0+", "")
  return number ~= "" and string.format(WORDS.gun, number) or nil
end

local function titled(title, text)
  return title ~= "" and title .. " " .. text or text
end

local function summary_of(frame, parts)
  local gun = said_gun(parts)
  local said = { gun }
  for _, each in ipairs(frame.said) do
    local part = parts[each.name]
    if part and not says_nothing(part.field, part.raw) then
      table.insert(said, titled(each.title, said_value(part.field, part.raw)))
    end
  end
  if #said == 0 and parts.pile_code then
    said = { titled(parts.pile_code.field.title, hex(parts.pile_code.raw)) }
  end
  local text = table.concat(said, " · ")
  return WORDS.capital and text:sub(1, 1):upper() .. text:sub(2) or text
end
