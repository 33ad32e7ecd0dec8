-- The contents of a Word document, filled in: Word itself fills them only when asked.

local shared = require("shared")
local options = shared.options
local raw_inline = shared.raw_inline

local function openxml(text)
  return raw_inline("openxml", "<w:r>" .. text .. "</w:r>")
end

local function nothing()
  return {}
end

local function contents(doc)
  local entries = pandoc.Blocks({})
  doc.blocks:walk({Header = function(heading)
    if heading.level - 1 <= options.contents_depth and not heading.classes:includes("unlisted") then
      -- Neither notes nor the controls of numbers stand here a second time.
      local text = heading.content:walk({Note = nothing, RawInline = nothing})
      local entry = pandoc.Para({pandoc.Link(text, "#" .. heading.identifier)})
      entries:insert(pandoc.Div({entry}, {["custom-style"] = "toc " .. heading.level - 1}))
    end
  end})
  if #entries == 0 then
    return entries
  end
  local first, last = entries[1].content[1], nil
  first.content:insert(1, openxml('<w:fldChar w:fldCharType="separate"/>'))
  first.content:insert(1, openxml('<w:instrText xml:space="preserve">TOC \\o "1-'
    .. options.contents_depth .. '" \\h \\z \\u</w:instrText>'))
  first.content:insert(1, openxml('<w:fldChar w:fldCharType="begin"/>'))
  entries[1].content = {first}
  last = entries[#entries].content[1]
  last.content:insert(openxml('<w:fldChar w:fldCharType="end"/>'))
  entries[#entries].content = {last}
  local title = pandoc.Para(pandoc.Str(shared.word("toc-title-document")))
  entries:insert(1, pandoc.Div({title}, {["custom-style"] = "TOC Heading"}))
  return entries
end

return contents
