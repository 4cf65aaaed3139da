
-- From here on nothing is generated: FRAMES and WORDS above say everything that is peculiar to a type of frame.

local START, HEADER, OVERHEAD, LEAST = 0x68, 6, 8, 4
local bit_library = bit32 or bit -- which one there is depends on the Lua that Wireshark was built with
local bxor = bit_library and bit_library.bxor or load("return function(a, b) return a ~ b end")()

local ykc = Proto("ykc", WORDS.protocol)

-- CRC-16/MODBUS --------------------------------------------------------------------------------------------------

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

-- Cutting a stream into frames -----------------------------------------------------------------------------------

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

-- What a filter can name -----------------------------------------------------------------------------------------

local FIELDS = {}
local NUMBERS = { [1] = ProtoField.uint8, [2] = ProtoField.uint16, [3] = ProtoField.uint24, [4] = ProtoField.uint32 }

local function declare(name, field)
  FIELDS[name] = field
end

local function declare_number(name, field)
  if field.places or (field.offset and field.size >= 4) or field.size > 4 then
    declare(name, ProtoField.double(name, field.title))
  elseif field.offset then
    declare(name, ProtoField.int32(name, field.title))
  else
    declare(name, NUMBERS[field.size](name, field.title, base.DEC, field.choices))
  end
end

local function declare_bits(name, field)
  declare(name, NUMBERS[field.size](name, field.title, base.HEX))
  for _, part in ipairs(field.bits) do
    part.size = field.size
    declare_number(name .. "." .. part.name, part)
  end
end

local declare_all

local function declare_items(name, field)
  declare(name, ProtoField.bytes(name, field.title))
  declare_all(name, field.fields)
end

function declare_all(path, fields)
  for _, field in ipairs(fields) do
    local name = path .. "." .. field.name
    if field.kind == "number" then
      declare_number(name, field)
    elseif field.kind == "bits" then
      declare_bits(name, field)
    elseif field.kind == "items" then
      declare_items(name, field)
    else
      declare(name, ProtoField.string(name, field.title))
    end
  end
end

local KINDS = {}
for code, frame in pairs(FRAMES) do
  KINDS[code] = frame.title
  declare("ykc." .. frame.name, ProtoField.bytes("ykc." .. frame.name, frame.title))
  declare_all("ykc." .. frame.name, frame.fields)
end

declare("ykc.start", ProtoField.uint8("ykc.start", WORDS.start, base.HEX))
declare("ykc.length", ProtoField.uint8("ykc.length", WORDS.length))
declare("ykc.frame_serial", ProtoField.string("ykc.frame_serial", WORDS.frame_serial))
declare("ykc.encryption_flag", ProtoField.uint8("ykc.encryption_flag", WORDS.encryption_flag))
declare("ykc.frame_type", ProtoField.uint8("ykc.frame_type", WORDS.frame_type, base.HEX, KINDS))
declare("ykc.body", ProtoField.bytes("ykc.body", WORDS.body))
declare("ykc.surplus", ProtoField.bytes("ykc.surplus", WORDS.surplus))
declare("ykc.crc", ProtoField.uint16("ykc.crc", WORDS.crc, base.HEX))
declare("ykc.rubbish", ProtoField.bytes("ykc.rubbish", WORDS.rubbish))
declare("ykc.sender", ProtoField.string("ykc.sender", WORDS.sender))
declare("ykc.summary", ProtoField.string("ykc.summary", WORDS.summary))

-- The same in every frame that has them, so that one filter finds all of a pile, a gun, a charge.
local COMMON = { "pile_code", "gun_no", "transaction_serial" }
for _, name in ipairs(COMMON) do
  declare("ykc." .. name, ProtoField.string("ykc." .. name, WORDS[name]))
end

for _, field in pairs(FIELDS) do
  table.insert(ykc.fields, field)
end

-- What is odd: expert information ----------------------------------------------------------------------------------

local EXPERTS = {}

local function expect(name, group, severity)
  EXPERTS[name] = ProtoExpert.new("ykc.expert." .. name, WORDS.expert[name], group, severity)
  table.insert(ykc.experts, EXPERTS[name])
end

ykc.experts = {}
expect("crc_wrong", expert.group.CHECKSUM, expert.severity.ERROR)
expect("crc_high_first", expert.group.CHECKSUM, expert.severity.NOTE)
expect("unknown_type", expert.group.UNDECODED, expert.severity.WARN)
expect("encrypted", expert.group.UNDECODED, expert.severity.NOTE)
expect("body_short", expert.group.MALFORMED, expert.severity.ERROR)
expect("rubbish", expert.group.MALFORMED, expert.severity.ERROR)
expect("tolerated_length", expert.group.PROTOCOL, expert.severity.NOTE)
expect("surplus", expert.group.PROTOCOL, expert.severity.NOTE)
expect("read_as", expert.group.PROTOCOL, expert.severity.NOTE)
expect("odd_value", expert.group.PROTOCOL, expert.severity.NOTE)

local function remark(item, name, text)
  item:add_proto_expert_info(EXPERTS[name], text or WORDS.expert[name])
end

-- Reading values: each kind gives the value a filter compares, how people read it, and what is odd about it ---------

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

-- A body into its fields -------------------------------------------------------------------------------------------

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

-- One line that says the values that count -------------------------------------------------------------------------

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

-- Into the tree ------------------------------------------------------------------------------------------------------

local add_field

local function label(title, reading)
  return title .. WORDS.colon .. reading
end

local function add_remarks(item, title, odd)
  for _, text in ipairs(odd) do
    remark(item, "odd_value", label(title, text))
  end
end

local function add_bits(item, range, name, field, number)
  for _, part in ipairs(field.bits) do
    local raw = bit_of(part, number)
    local value, reading = number_shown(part, raw)
    local text = picture(part, number) .. " = " .. label(part.title, reading)
    local own = item:add(FIELDS[name .. "." .. part.name], range, value, text)
    add_remarks(own, part.title, number_odd(part, raw))
    if part.reserved and raw > 0 then add_remarks(own, part.title, { WORDS.odd.reserved_set }) end
  end
end

local function add_items(item, tvb, at, name, field, raw)
  local place = 0
  for number = 1, math.floor(#raw / field.item_length) do
    for _, each in ipairs(field.fields) do
      local which = field.labels and field.labels[number] or tostring(number)
      local bytes = raw:sub(place + 1, place + each.size)
      add_field(item, tvb, at + place, name .. "." .. each.name, each, bytes, each.title .. " " .. which)
      place = place + each.size
    end
  end
end

function add_field(tree, tvb, at, name, field, raw, title)
  local range = tvb(at, #raw)
  local value, reading, odd = READ[field.kind](field, raw)
  local item
  if field.kind == "items" then
    item = tree:add(FIELDS[name], range):set_text(label(title, reading))
    add_items(item, tvb, at, name, field, raw)
  else
    item = tree:add(FIELDS[name], range, value, label(title, reading))
  end
  if field.kind == "bits" then add_bits(item, range, name, field, value) end
  add_remarks(item, title, odd)
end

-- Hidden: a filter finds it, the tree does not say it twice.
local function add_common(tree, tvb, at, parts)
  for _, name in ipairs(COMMON) do
    local part = parts[name]
    if part then
      local value = READ[part.field.kind](part.field, part.raw)
      local text = part.field.kind == "number" and string.format("%02d", value) or value
      tree:add(FIELDS["ykc." .. name], tvb(at + part.at, #part.raw), text):set_hidden()
    end
  end
end

-- The fields of a body; gives what one line says of it.
local function add_body(tree, tvb, at, frame, body)
  local parts, size = parts_of(frame, body)
  if not parts then
    remark(tree:add(FIELDS["ykc.body"], tvb(at, #body)), "body_short")
    return string.format(WORDS.bytes, #body + OVERHEAD), WORDS.expert.body_short
  end
  local item = tree:add(FIELDS["ykc." .. frame.name], tvb(at, size)):set_text(label(WORDS.body, frame.title))
  for _, part in ipairs(parts) do
    add_field(item, tvb, at + part.at, "ykc." .. frame.name .. "." .. part.field.name, part.field, part.raw,
      part.field.title)
  end
  if frame.tolerated[size] or frame.length and size < frame.length then
    remark(item, "tolerated_length", string.format(WORDS.bytes_short, frame.length - size))
  end
  if size < #body then
    local surplus = tree:add(FIELDS["ykc.surplus"], tvb(at + size, #body - size))
    remark(surplus, "surplus", string.format(WORDS.bytes_surplus, #body - size))
  end
  add_common(tree, tvb, at, parts)
  return summary_of(frame, parts)
end

local function add_head(tree, tvb, at, data, frame)
  local length, _, _, flag, code = data:byte(2, 6)
  tree:add(FIELDS["ykc.start"], tvb(at, 1), START, label(WORDS.start, "0x68"))
  tree:add(FIELDS["ykc.length"], tvb(at + 1, 1), length, label(WORDS.length, string.format("%d", length)))
  local serial = hex(data:sub(3, 4))
  tree:add(FIELDS["ykc.frame_serial"], tvb(at + 2, 2), serial, label(WORDS.frame_serial, serial))
  local encrypted = string.format("%d %s", flag, flag == 0 and WORDS.not_encrypted or WORDS.encrypted)
  tree:add(FIELDS["ykc.encryption_flag"], tvb(at + 4, 1), flag, label(WORDS.encryption_flag, encrypted))
  local kind = string.format("0x%02X %s", code, frame and frame.title or WORDS.unknown_type)
  return tree:add(FIELDS["ykc.frame_type"], tvb(at + 5, 1), code, label(WORDS.frame_type, kind)), kind
end

local function add_crc(tree, tvb, at, data)
  local order = crc_order(data, 1, #data)
  local first, second = data:byte(#data - 1, #data)
  local value = order == "high" and first * 256 + second or first + second * 256
  local text = string.format("0x%04X %s", value, order and WORDS.crc_right or WORDS.crc_wrong)
  local item = tree:add(FIELDS["ykc.crc"], tvb(at + #data - 2, 2), value, label(WORDS.crc, text))
  if order == "high" then remark(item, "crc_high_first") end
  if order then return nil end
  local due = crc_of(data, 3, #data - 2)
  local bytes = string.format("%02X %02X", due % 256, math.floor(due / 256))
  remark(item, "crc_wrong", string.format(WORDS.crc_due, string.format("%02X %02X", first, second), bytes))
  return WORDS.expert.crc_wrong
end

-- What a frame is read as: some bodies belong to another type than the one that is said.
local function frame_of(data)
  local frame = FRAMES[data:byte(6)]
  local size = #data - OVERHEAD
  local other = frame and size ~= frame.length and frame.read_as[size]
  return FRAMES[other] or frame, other
end

-- What stands between head and CRC; gives one line and what is wrong, if anything.
local function add_inside(tree, tvb, at, data, kind, frame, other)
  local body = data:sub(HEADER + 1, #data - 2)
  if data:byte(5) ~= 0 then
    if #body > 0 then tree:add(FIELDS["ykc.body"], tvb(at + HEADER, #body)) end
    remark(kind, "encrypted")
    return string.format(WORDS.bytes, #data), WORDS.expert.encrypted
  end
  if not frame then
    if #body > 0 then tree:add(FIELDS["ykc.body"], tvb(at + HEADER, #body)) end
    remark(kind, "unknown_type")
    return string.format(WORDS.not_in_catalogue, #body)
  end
  if other then remark(kind, "read_as", string.format(WORDS.type_read_as, data:byte(6), other)) end
  return add_body(tree, tvb, at + HEADER, frame, body)
end

-- Codes of the pile are odd, those of the platform even.
local function is_up(code)
  local frame = FRAMES[code]
  if frame then return frame.up end
  return code % 2 == 1
end

local function add_frame(tree, tvb, at, data)
  local item = tree:add(ykc, tvb(at, #data))
  local frame, other = frame_of(data)
  local kind, name = add_head(item, tvb, at, data, frame)
  local summary, wrong = add_inside(item, tvb, at, data, kind, frame, other)
  wrong = add_crc(item, tvb, at, data) or wrong
  local up = is_up(data:byte(6))
  item:add(FIELDS["ykc.sender"], tvb(at, 0), up and WORDS.pile or WORDS.platform):set_generated()
  item:add(FIELDS["ykc.summary"], tvb(at, 0), summary, label(WORDS.summary, summary)):set_generated()
  local said = (wrong and wrong .. " · " or "") .. summary
  item:set_text(string.format("%s %s · %s", WORDS.short, name, said))
  return string.format("%s %s · %s", up and "↑" or "↓", name, said)
end

local function add_rubbish(tree, tvb, at, size)
  local text = string.format(WORDS.bytes, size)
  local item = tree:add(ykc, tvb(at, size)):set_text(string.format("%s %s · %s", WORDS.short, WORDS.rubbish, text))
  remark(item:add(FIELDS["ykc.rubbish"], tvb(at, size)), "rubbish")
  return string.format("✕ %s · %s", WORDS.rubbish, text)
end

-- All pieces of the bytes at hand; `at` counts from 1. Gives where an unfinished frame begins, nil when none does.
local function cut(data, found, all)
  local at, sound = 1, next_sound(data, 1)
  while at <= #data do
    if sound and sound < at then sound = next_sound(data, at) end
    local size, what = next_piece(data, at, sound, all)
    if not size then return at end
    local last = found[#found]
    if what == "rubbish" and last and last.what == what then
      last.size = last.size + size
    else
      table.insert(found, { at = at, size = size, what = what })
    end
    at = at + size
  end
  return nil
end

-- How Wireshark puts segments together ---------------------------------------------------------------------------------
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

-- Which connections are ours ---------------------------------------------------------------------------------------

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
