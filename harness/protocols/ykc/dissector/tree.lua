-- Into the tree -------------------------------------------------------------------------------------------------------

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
