-- What a filter can name ----------------------------------------------------------------------------------------------

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

-- What is odd: expert information -------------------------------------------------------------------------------------

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
