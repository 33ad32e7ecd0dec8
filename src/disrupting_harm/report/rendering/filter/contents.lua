-- The contents of a Word document: its headings, each with the page that it stands on. There is no
-- field round them: LibreOffice keeps the pages inside one as they were written, which nobody knows.

local shared = require("shared")
local options = shared.options
local raw_inline = shared.raw_inline

local function openxml(text)
  return raw_inline("openxml", "<w:r>" .. text .. "</w:r>")
end

-- The name that Pandoc gives to the bookmark of an identifier: a long one is digested.
local function bookmark(identifier)
  if #identifier <= 40 and identifier:match("^%a[%w_-]*$") then
    return identifier
  end
  return "X" .. pandoc.utils.sha1(identifier):sub(2)
end

-- Dots, and the page of a heading: a field of its own, which a program fills when it lays out pages.
local function page_number(identifier)
  return {
    openxml("<w:tab/>"),
    openxml('<w:fldChar w:fldCharType="begin" w:dirty="true"/>'),
    openxml('<w:instrText xml:space="preserve"> PAGEREF ' .. bookmark(identifier)
      .. " \\h </w:instrText>"),
    openxml('<w:fldChar w:fldCharType="separate"/>'),
    openxml("<w:t></w:t>"),
    openxml('<w:fldChar w:fldCharType="end"/>'),
  }
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
      entry.content:extend(page_number(heading.identifier))
      entries:insert(pandoc.Div({entry}, {["custom-style"] = "toc " .. heading.level - 1}))
    end
  end})
  if #entries == 0 then
    return entries
  end
  local title = pandoc.Para(pandoc.Str(shared.word("toc-title-document")))
  entries:insert(1, pandoc.Div({title}, {["custom-style"] = "TOC Heading"}))
  return entries
end

return contents
