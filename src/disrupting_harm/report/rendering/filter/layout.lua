-- The parts of briefs and reports: rows, tiles, boxes, findings. Divs of these classes are calls of
-- the shared Typst template and paragraphs of a style in Word; on a page the style sheet sets them.

local shared = require("shared")
local margins = require("margins")
local beside = require("beside")
local output = shared.output
local raw = shared.raw
local fault = shared.fault

-- Parts side by side, with the shares of the width that each class of row gives them.
local ROWS = {["row-4-8"] = "(4fr, 8fr)", ["row-8-4"] = "(8fr, 4fr)", ["row-6-6"] = "(1fr, 1fr)",
  ["row-4-4-4"] = "(1fr, 1fr, 1fr)"}
local SHARES = {["row-4-8"] = {4, 8}, ["row-8-4"] = {8, 4}, ["row-6-6"] = {1, 1}, ["row-4-4-4"] = {1, 1, 1}}
-- Boxes, with their styles in Word; those without one leave their paragraphs as they are.
local BOXES = {lead = "Lead", sure = "How Sure", small = "Small", ask = false, help = "Callout",
  wide = false, ["two-columns"] = false, halves = false, margin = margins.STYLES.margin, box = margins.STYLES.box, slot = margins.STYLES.slot}
-- A document that has one of these has a margin column.
local BESIDE = {finding = true, opener = true, margin = true, wide = true}

local function class_of(div, known)
  for _, class in ipairs(div.classes) do
    if known[class] ~= nil then return class end
  end
end

local function cells_of(div)
  for _, block in ipairs(div.content) do
    if block.t ~= "Div" then fault("a row holds divs and nothing else") end
  end
  return div.content
end

-- 'before', the cells with 'between' them, 'after': the cells' own divs are left out.
local function joined(cells, before, between, after, content_of)
  local blocks = pandoc.Blocks({raw("typst", before)})
  for position, cell in ipairs(cells) do
    if position > 1 then blocks:insert(raw("typst", between)) end
    blocks:extend(content_of(cell))
  end
  blocks:insert(raw("typst", after))
  return blocks
end

-- What a walk from the top returns is not looked at again: the blocks of a cell are walked here.
local walk

-- What is wide within what is wide is no wider.
local function unwrapped_wide(div)
  return div.classes:includes("wide") and div.content or nil
end

local function box(div, class)
  if output == "html" then return nil end
  if class == "wide" then div.content = div.content:walk({Div = unwrapped_wide}) end
  div.content = walk(div.content)
  if output == "typst" then
    local keep = div.attributes.keep and "(keep: true)" or ""
    local blocks = pandoc.Blocks({raw("typst", "#report-" .. class .. keep .. "[")})
    blocks:extend(div.content)
    blocks:insert(raw("typst", "]"))
    return blocks
  end
  if class == "box" then div.content = shared.one_paragraph(div.content) end
  return BOXES[class] and pandoc.Div(div.content, {["custom-style"] = BOXES[class]}) or div.content
end

local function row(div, class)
  if output == "html" then return nil end
  local cells = cells_of(div)
  local function content_of(cell)
    cell.content = walk(cell.content)
    return cell.classes:includes("ask") and box(cell, "ask") or cell.content
  end
  if output == "typst" then
    return joined(cells, "#report-row(" .. ROWS[class] .. ", [", "], [", "])", content_of)
  end
  return beside(pandoc.List(cells):map(content_of), SHARES[class], "SideBySide")
end

-- A tile holds two paragraphs: the number, and the words that end the sentence.
local function tile_typst(cell)
  local a = cell.attributes
  local bar = a.low and string.format("low: %s, estimate: %s, high: %s, ", a.low, a.estimate, a.high) or ""
  return {raw("typst", "#report-tile(" .. bar .. "["), cell.content[1], raw("typst", "], ["),
    cell.content[2], raw("typst", "])")}
end

local function tile_html(cell)
  local a, content = cell.attributes, pandoc.Blocks({})
  content:insert(pandoc.Div({cell.content[1]}, {class = "tile-number"}))
  if a.low then
    content:insert(raw("html", string.format('<svg class="tile-bar" viewBox="0 0 100 6" '
      .. 'preserveAspectRatio="none" aria-hidden="true"><rect class="track" y="2" width="100" height="2"/>'
      .. '<rect class="interval" x="%s" y="1" width="%s" height="4"/>'
      .. '<rect class="estimate" x="%s" width="1" height="6"/></svg>',
      a.low, a.high - a.low, a.estimate - 0.5)))
  end
  content:insert(cell.content[2])
  return pandoc.Div(content, {class = "tile"})
end

local function tile_docx(cell)
  return {pandoc.Div({cell.content[1]}, {["custom-style"] = "Tile Number"}),
    pandoc.Div({cell.content[2]}, {["custom-style"] = "Tile Text"})}
end

-- The tiles of a row, and the groups that they are of: '.base' says whom the tiles behind it are of.
local function parts_of_tiles(div)
  local cells, groups = {}, {}
  for _, cell in ipairs(cells_of(div)) do
    if cell.classes:includes("base") then
      groups[#groups + 1] = {base = cell.content, cells = {}}
    else
      if #cell.content ~= 2 then fault("a tile holds a number and its words, two paragraphs") end
      cells[#cells + 1] = cell
      if #groups > 0 then table.insert(groups[#groups].cells, cell) end
    end
  end
  return cells, groups
end

-- The bases stand above their tiles, as wide as these are together.
local function heads_typst(groups)
  local blocks = pandoc.Blocks({})
  for position, group in ipairs(groups) do
    blocks:insert(raw("typst", (position == 1 and "heads: (" or "") .. "(" .. #group.cells .. ", ["))
    blocks:extend(walk(group.base))
    blocks:insert(raw("typst", "])," .. (position == #groups and ")," or "")))
  end
  return blocks
end

local function tiles_html(cells)
  return pandoc.Div(pandoc.Blocks(cells):map(tile_html), {class = "tile-row"})
end

local function groups_html(groups)
  local blocks = pandoc.Blocks({})
  for _, group in ipairs(groups) do
    local head = pandoc.Div(group.base, {class = "tile-base"})
    blocks:insert(pandoc.Div({head, tiles_html(group.cells)}, {class = "tile-group"}))
  end
  return pandoc.Div(blocks, {class = "tile-groups"})
end

local function tiles(div)
  local cells, groups = parts_of_tiles(div)
  if output == "typst" then
    local blocks = joined(cells, "[", "], [", "])",
      function(cell) cell.content = walk(cell.content); return tile_typst(cell) end)
    for position, block in ipairs(heads_typst(groups)) do blocks:insert(position, block) end
    blocks:insert(1, raw("typst", "#report-tiles("))
    return blocks
  end
  if output == "html" then return #groups > 0 and groups_html(groups) or tiles_html(cells) end
  local contents, shares, bases, widths = {}, {}, {}, {}
  for place, cell in ipairs(cells) do
    contents[place], shares[place] = tile_docx(cell), 1
  end
  for place, group in ipairs(groups) do
    bases[place] = {pandoc.Div(group.base, {["custom-style"] = "Tile Base"})}
    widths[place] = #group.cells
  end
  local blocks = pandoc.Blocks(#bases > 0 and beside(bases, widths, "SideBySide") or {})
  blocks:extend(beside(contents, shares, "Tiles", 113))
  return blocks
end

local function div(element)
  if element.classes:includes("tiles") then return tiles(element) end
  if element.classes:includes("space") then
    return output == "typst" and {raw("typst", "#report-space()")} or {}
  end
  if class_of(element, BESIDE) then shared.options.margin_column = true end
  local class = class_of(element, margins.CONTAINERS)
  if class then return margins.container(element, class, walk), false end
  -- What a row or a box holds has been walked, but on a page, which leaves both as they are.
  class = class_of(element, ROWS)
  if class then return row(element, class), output == "html" end
  class = class_of(element, BOXES)
  if class then return box(element, class), output == "html" end
end

-- What stands small beside a number on paper: the limits of a tile, and words such as "at least".
local SMALL = {limits = "#report-limits[", small = "#text(size: 0.85em)["}

local function small_words(element)
  local opening = SMALL[element.classes[1]]
  if output ~= "typst" or not opening then return nil end
  local inlines = pandoc.Inlines({shared.raw_inline("typst", opening)})
  inlines:extend(element.content)
  inlines:insert(shared.raw_inline("typst", "]"))
  return inlines
end

local parts = {traverse = "topdown", Div = div}
walk = function(blocks) return pandoc.Blocks(blocks):walk(parts) end

return {parts = parts, small_words = small_words}
