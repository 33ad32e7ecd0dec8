-- Word's own fields and bookmarks: numbers of captions and references that Word can update.

local shared = require("shared")
local raw_inline = shared.raw_inline
local xml_text = shared.xml_text

local BOLD = "<w:rPr><w:b/><w:bCs/></w:rPr>"
local LINK = '<w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr>'
-- pandoc counts its own bookmarks from small numbers.
local FIRST_ID = 20001
-- Word cuts longer names of bookmarks.
local LONGEST = 40

local names, taken, next_id = {}, {}, FIRST_ID

-- The bookmark of a label: letters, digits and '_', unique, at most 40 characters.
local function bookmark(label)
  if not names[label] then
    local name = label:gsub("[^%w_]", "_")
    if #name > LONGEST or taken[name] then
      name = name:sub(1, LONGEST - 9) .. "_" .. pandoc.utils.sha1(label):sub(1, 8)
    end
    names[label], taken[name] = name, true
  end
  return names[label]
end

local function opened(label)
  local id = next_id
  next_id = next_id + 1
  return '<w:bookmarkStart w:id="' .. id .. '" w:name="' .. bookmark(label) .. '"/>',
    '<w:bookmarkEnd w:id="' .. id .. '"/>'
end

local function text_run(text, properties)
  return "<w:r>" .. properties .. '<w:t xml:space="preserve">' .. xml_text(text) .. "</w:t></w:r>"
end

local function character(kind, properties)
  return "<w:r>" .. properties .. '<w:fldChar w:fldCharType="' .. kind .. '"/></w:r>'
end

local function field(instruction, result, properties)
  return character("begin", properties) .. "<w:r>" .. properties
    .. '<w:instrText xml:space="preserve"> ' .. instruction .. " </w:instrText></w:r>"
    .. character("separate", properties) .. text_run(result, properties)
    .. character("end", properties)
end

-- 'Figure 3' in front of a caption: one bookmark round word and number, one round the number.
local function caption_number(label, word, sequence, number)
  local whole, whole_end = opened(label)
  local alone, alone_end = opened(label .. "-number")
  return raw_inline("openxml", whole .. text_run(word .. "\u{a0}", BOLD) .. alone
    .. field("SEQ " .. sequence .. " \\* ARABIC", number, BOLD) .. alone_end .. whole_end)
end

-- A reference to it. 'shown' is what stands there until Word updates the field.
local function reference(label, shown)
  return raw_inline("openxml", field("REF " .. bookmark(label) .. " \\h \\* MERGEFORMAT", shown, LINK))
end

local function number_reference(label, number)
  return reference(label .. "-number", number)
end

-- What a paragraph holds besides a picture, without being seen.
local function beside_picture()
  return raw_inline("openxml", "<w:r/>")
end

return {bookmark = bookmark, caption_number = caption_number, opened = opened,
  reference = reference, number_reference = number_reference, beside_picture = beside_picture}
