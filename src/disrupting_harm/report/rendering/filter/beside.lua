-- What stands side by side in Word: a table of one row without lines, whose cells hold paragraphs
-- that an author edits as any others. `compare-docx` reads a table of one row as if they stood below
-- each other.

local shared = require("shared")
local raw = shared.raw

-- The width of the text, in twentieths of a point: margins of a brief are narrower.
local TEXT, OF_BRIEF = 9298, 9638
-- Cells keep this far from each other; pictures bring some air of their own.
local BETWEEN, BETWEEN_PICTURES = 227, 142
-- Two tables in a row without a paragraph between them would be one.
local AFTER = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>'

local function holds_picture(blocks)
  local found = false
  blocks:walk({Image = function() found = true end})
  return found
end

-- A picture is as wide as its cell.
local function as_wide(blocks, width)
  return blocks:walk({Image = function(image)
    image.attributes.width = string.format("%.2fcm", width / 567)
    return image
  end})
end

-- LibreOffice takes margins of cells from the cell alone.
local function cell_properties(width, left, right)
  return '<w:tcPr><w:tcW w:w="' .. width .. '" w:type="dxa"/><w:tcMar><w:left w:w="' .. left
    .. '" w:type="dxa"/><w:right w:w="' .. right .. '" w:type="dxa"/></w:tcMar></w:tcPr>'
end

-- 'cells': the blocks of each; 'shares': of the width; 'style': of the table; 'inner': the margins
-- of cells that have a ground of their own.
local function beside(cells, shares, style, inner)
  local sum, widths, grid = 0, {}, ""
  local text = shared.options.brief and OF_BRIEF or TEXT
  for _, share in ipairs(shares) do sum = sum + share end
  for place, share in ipairs(shares) do
    widths[place] = text * share // sum
    grid = grid .. '<w:gridCol w:w="' .. widths[place] .. '"/>'
  end
  local blocks = pandoc.Blocks({raw("openxml", '<w:tbl><w:tblPr><w:tblStyle w:val="' .. style
    .. '"/><w:tblW w:w="' .. text .. '" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
    .. grid .. "</w:tblGrid><w:tr>")})
  for place, content in ipairs(cells) do
    content = pandoc.Blocks(content)
    local right = inner or holds_picture(content) and BETWEEN_PICTURES or place < #cells and BETWEEN or 0
    blocks:insert(raw("openxml", "<w:tc>" .. cell_properties(widths[place], inner or 0, right)))
    blocks:extend(as_wide(content, widths[place] - right))
    -- A cell ends with a paragraph.
    if #content == 0 or content[#content].t == "Table" then blocks:insert(raw("openxml", AFTER)) end
    blocks:insert(raw("openxml", "</w:tc>"))
  end
  blocks:insert(raw("openxml", "</w:tr></w:tbl>" .. AFTER))
  return blocks
end

return beside
