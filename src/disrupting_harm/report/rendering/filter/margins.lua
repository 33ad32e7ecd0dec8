-- A report has a margin column: findings and openers of chapters hold text and notes beside it.

local shared = require("shared")
local raw = shared.raw

-- The paragraphs of a note, of a box of words, of a place for an author: their styles in Word.
local STYLES = {margin = "Margin Note", box = "Box", slot = "Author Slot"}

local function is(block, class)
  return block.t == "Div" and block.classes:includes(class)
end

-- The title and the opener of a chapter that begins with it; the headings; the text; the notes that stand beside it;
-- and what begins with a wide part, which takes the room of the notes, too.
local function split(blocks)
  local parts = {}
  for _, name in ipairs({"opening", "head", "text", "notes", "rest"}) do parts[name] = pandoc.Blocks({}) end
  local place = parts.head
  for _, block in ipairs(blocks) do
    if is(block, "margin") then
      parts.notes:extend(block.content)
    elseif is(block, "opening") then
      parts.opening:extend(block.content)
    else
      if place == parts.head and block.t ~= "Header" then place = parts.text end
      if is(block, "wide") then place = parts.rest end
      place:insert(block)
    end
  end
  return parts
end

local function joined(...)
  local blocks = pandoc.Blocks({})
  for _, part in ipairs({...}) do
    if pandoc.utils.type(part) == "Blocks" then blocks:extend(part) else blocks:insert(part) end
  end
  return blocks
end

-- The paragraphs above the figure stay together where a page ends below them.
local function together(blocks)
  local before = pandoc.Blocks({})
  while blocks[1] and blocks[1].t == "Para" do before:insert(blocks:remove(1)) end
  if #before == 0 then return blocks end
  return joined(raw("typst", "#report-together["), before, raw("typst", "]"), blocks)
end

-- A call of a function of the template: what is named by 'key', unless it is nothing, and what else it takes.
local function call(name, key, named, ...)
  local blocks = joined(raw("typst", "#report-" .. name .. (#named > 0 and "(" .. key .. ": [" or "[")))
  if #named > 0 then blocks = joined(blocks, named, raw("typst", "])[")) end
  for at, part in ipairs({...}) do
    if at > 1 then blocks:insert(raw("typst", "][")) end
    blocks:extend(part)
  end
  return joined(blocks, raw("typst", "]"))
end

local function typst(class, parts)
  local text = class == "finding" and together(parts.text) or parts.text
  local beside = #parts.notes > 0 and call("beside", "head", parts.head, parts.notes, text)
    or joined(parts.head, text)
  return call(class, "opening", parts.opening, joined(beside, parts.rest))
end

local function html(class, parts)
  local text = parts.text
  if #parts.notes > 0 then
    text = pandoc.Blocks({pandoc.Div({pandoc.Div(text),
      pandoc.Div(parts.notes, pandoc.Attr("", {"margin"}, {{"role", "note"}}))}, {class = "beside"})})
  end
  return {pandoc.Div(joined(parts.head, text, parts.rest), pandoc.Attr("", {"section", class}))}
end

-- The text above a figure stays with it; the note of an opener stays with what follows.
local function docx(class, parts)
  local finding = class == "finding"
  local notes = #parts.notes > 0 and pandoc.Blocks({pandoc.Div(parts.notes,
    {["custom-style"] = finding and STYLES.margin or "Opener Note"})}) or parts.notes
  local before = pandoc.Blocks({})
  while finding and parts.text[2] and parts.text[1].t == "Para" do before:insert(parts.text:remove(1)) end
  if finding and #parts.rest > 0 then before:extend(parts.text); parts.text = pandoc.Blocks({}) end
  if #before > 0 then before = pandoc.Blocks({pandoc.Div(before, {["custom-style"] = "Kept Text"})}) end
  return joined(parts.head, before, parts.text, parts.rest, notes)
end

local WRITERS = {typst = typst, html = html, docx = docx}

-- A finding or an opener. 'walk' does to each part what the filter does to all blocks; the first
-- paragraph of an opener is the message of its chapter.
local function container(div, class, walk)
  local parts = split(div.content)
  -- On paper how sure a finding is stays with its wide figure.
  for at, block in ipairs(shared.output == "typst" and parts.rest or {}) do
    if is(block, "wide") and at < #parts.rest then block.attributes.keep = "true" end
  end
  if class == "opener" and parts.text[1] then
    parts.text[1] = pandoc.Div({parts.text[1]}, {class = "lead"})
  end
  for name, blocks in pairs(parts) do parts[name] = walk(blocks) end
  return WRITERS[shared.output](class, parts)
end

-- What a chapter of findings holds, and what sets a chapter apart that may have none.
local FINDINGS, OPENER = {"finding", "tiles"}, {"opener"}
-- Chapters are of this level in the source: level 1 is the title.
local CHAPTER = 2

local function is_chapter(block)
  return block.t == "Header" and block.level == CHAPTER
end

local function is_any(block, classes)
  for _, class in ipairs(classes) do
    if is(block, class) then return true end
  end
  return false
end

-- The sheets of a brief: what stands between its page breaks.
local function sheets(doc)
  local blocks = pandoc.Blocks({raw("typst", "#brief-sheet[")})
  for _, block in ipairs(doc.blocks) do
    local ends = is(block, "page-break")
    if ends then blocks:insert(raw("typst", "]")) end
    blocks:insert(block)
    if ends then blocks:insert(raw("typst", "#brief-sheet[")) end
  end
  blocks:insert(raw("typst", "]"))
  doc.blocks = blocks
  return doc
end

-- On paper the title of a chapter and its opener stand above its first finding, as one. Other chapters with an opener
-- begin a page, and so does what comes after findings, unless little stands on the page; chapters of text alone follow
-- each other.
local function begin_pages(doc)
  if shared.output ~= "typst" then return nil end
  if doc.meta.brief then return sheets(doc) end
  local findings, opened, at = {}, {}, 0
  for _, block in ipairs(doc.blocks) do
    if is_chapter(block) then at = at + 1 end
    findings[at] = findings[at] or is_any(block, FINDINGS)
    opened[at] = opened[at] or is_any(block, OPENER)
  end
  local blocks, opening = pandoc.Blocks({}), nil
  at = 0
  -- What precedes the first chapter is the contents.
  local function begin()
    local apart = findings[at] or opened[at] or findings[at - 1] or opened[at - 1]
    if opening and apart and at == 1 then blocks:insert(raw("typst", "#pagebreak(weak: true)")) end
    blocks:extend(opening and apart and at > 1 and call("chapter", "", {}, opening) or opening or {})
    opening = nil
  end
  for _, block in ipairs(doc.blocks) do
    local first = opening and at > 1 and is(block, "finding")
    if first then
      block.content:insert(1, pandoc.Div(opening, {class = "opening"}))
      opening = nil
    end
    if is_chapter(block) then
      begin()
      at, opening = at + 1, pandoc.Blocks({block})
    elseif opening and is(block, "opener") then
      opening:insert(block)
    else
      begin()
      blocks:insert(block)
    end
  end
  begin()
  doc.blocks = blocks
  return doc
end

return {container = container, begin_pages = begin_pages, CONTAINERS = {finding = true, opener = true}, STYLES = STYLES}
