-- The contents of a Word document: its headings, each with the page that it stands on. There is no
-- field round them: LibreOffice keeps the pages inside one as they were written, which nobody knows.

local shared = require("shared")
local word = require("word")
local options = shared.options
local raw_inline = shared.raw_inline

local function openxml(text)
  return raw_inline("openxml", "<w:r>" .. text .. "</w:r>")
end

-- Dots, and the page of a heading: a field of its own, which a program fills when it lays out pages.
local function page_number(name)
  return {
    openxml("<w:tab/>"),
    openxml('<w:fldChar w:fldCharType="begin" w:dirty="true"/>'),
    openxml('<w:instrText xml:space="preserve"> PAGEREF ' .. name
      .. " \\h </w:instrText>"),
    openxml('<w:fldChar w:fldCharType="separate"/>'),
    openxml("<w:t></w:t>"),
    openxml('<w:fldChar w:fldCharType="end"/>'),
  }
end

local function nothing()
  return {}
end

-- Pandoc's own bookmark reaches round a whole section, and LibreOffice finds none that ends with a
-- table. So each heading gets a bookmark round its words alone.
local function mark_heading(heading, label)
  local start, finish = word.opened(label)
  heading.content:insert(1, raw_inline("openxml", start))
  heading.content:insert(raw_inline("openxml", finish))
  return heading
end

-- The contents, and the blocks of the document with the headings that the contents point to.
local function contents(doc)
  local entries = pandoc.Blocks({})
  local blocks = doc.blocks:walk({Header = function(heading)
    if heading.level - 1 <= options.contents_depth and not heading.classes:includes("unlisted") then
      -- Neither notes nor the controls of numbers stand here a second time.
      local text = heading.content:walk({Note = nothing, RawInline = nothing})
      local label = "heading-" .. heading.identifier
      local name = word.bookmark(label)
      local entry = pandoc.Para({pandoc.Link(text, "#" .. name)})
      entry.content:extend(page_number(name))
      entries:insert(pandoc.Div({entry}, {["custom-style"] = "toc " .. heading.level - 1}))
      return mark_heading(heading, label)
    end
  end})
  if #entries == 0 then
    return entries, blocks
  end
  local title = pandoc.Para(pandoc.Str(shared.word("toc-title-document")))
  entries:insert(1, pandoc.Div({title}, {["custom-style"] = "TOC Heading"}))
  return entries, blocks
end

return contents
