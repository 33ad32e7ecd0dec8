-- What stands beside a title on a page, and below it in Word: on the cover of a report a hundred
-- dots, and the QR code of the study's address. On paper the template draws both. The words below
-- the dots say what they show: dots are for the eye alone.

local shared = require("shared")
local output = shared.output
local stringify = pandoc.utils.stringify

local ROW, DOTS = 10, 100
-- In Word: the distance of dots and their width, in units of which a millimetre has 36,000.
local STEP, WIDTH = 216000, 144000
-- Fill and line of each kind of dot there, on white.
local LOOKS = {
  sure = {"B5471B", "B5471B"}, likely = {"E0A58C", "B5471B"},
  possible = {"FFFFFF", "B5471B"}, rest = {"D5DBDF", "D5DBDF"},
}
local DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
local WORD = "http://schemas.microsoft.com/office/word/2010/wordprocessing"
-- pandoc counts its own drawings from small numbers.
local FIRST_ID = 30001
local DECORATIVE = '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
  .. 'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'

-- The kinds of all dots: filled to the lower limit, tinted to the estimate, outlined to the upper.
local function kinds(cover)
  local low, estimate, high = tonumber(stringify(cover.low)), tonumber(stringify(cover.estimate)),
    tonumber(stringify(cover.high))
  local found = {}
  for at = 0, DOTS - 1 do
    found[at + 1] = at < low and "sure" or at < estimate and "likely" or at < high and "possible" or "rest"
  end
  return found
end

local function place(at)
  return (at - 1) % ROW, (at - 1) // ROW
end

local function svg(cover)
  local parts = {'<svg viewBox="0 0 100 100" aria-hidden="true">'}
  for at, kind in ipairs(kinds(cover)) do
    local column, row = place(at)
    parts[#parts + 1] = string.format('<circle class="%s" cx="%d" cy="%d" r="3.4"/>',
      kind, 10 * column + 5, 10 * row + 5)
  end
  return table.concat(parts, "\n") .. "\n</svg>"
end

local function colour(value)
  return '<a:solidFill><a:srgbClr val="' .. value .. '"/></a:solidFill>'
end

local function dot(at, kind)
  local column, row = place(at)
  return string.format(
    '<wps:wsp><wps:cNvPr id="%d" name="Dot %d"/><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="%d" y="%d"/>'
    .. '<a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom>%s'
    .. '<a:ln w="12700">%s</a:ln></wps:spPr><wps:bodyPr/></wps:wsp>',
    FIRST_ID + at, at, STEP * column + (STEP - WIDTH) // 2, STEP * row + (STEP - WIDTH) // 2,
    WIDTH, WIDTH, colour(LOOKS[kind][1]), colour(LOOKS[kind][2]))
end

local function drawing(cover)
  local side = STEP * ROW
  local size = string.format('cx="%d" cy="%d"', side, side)
  local parts = {
    '<w:r><w:drawing><wp:inline xmlns:wp="' .. DRAWING .. 'wordprocessingDrawing" xmlns:a="' .. DRAWING
    .. 'main" xmlns:wpg="' .. WORD .. 'Group" xmlns:wps="' .. WORD .. 'Shape"><wp:extent ' .. size
    .. '/><wp:docPr id="' .. FIRST_ID .. '" name="Dots" descr="">' .. DECORATIVE
    .. '</wp:docPr><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="' .. WORD
    .. 'Group"><wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext ' .. size
    .. '/><a:chOff x="0" y="0"/><a:chExt ' .. size .. "/></a:xfrm></wpg:grpSpPr>",
  }
  for at, kind in ipairs(kinds(cover)) do parts[#parts + 1] = dot(at, kind) end
  parts[#parts + 1] = "</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
  return table.concat(parts)
end

-- For the templates of pages and paper.
local function read(meta)
  local cover, address = meta.cover, meta.address
  if address then
    local code, alt = stringify(address.code) .. ".svg", stringify(address.alt)
    if output == "typst" then
      address.code = shared.raw_inline("typst", shared.typst_string(code))
      address.alt = shared.raw_inline("typst", shared.typst_string(alt))
    elseif output == "html" then
      address.code = shared.raw_inline("html", shared.xml_text(code))
    end
  end
  if output == "html" and cover and cover.estimate then
    cover.dots = shared.raw_inline("html", svg(cover))
  end
end

-- What follows the title in Word.
local function blocks(meta)
  local cover, address, found = meta.cover, meta.address, pandoc.Blocks({})
  if output ~= "docx" then return found end
  local function small(words)
    found:insert(pandoc.Div({pandoc.Para(pandoc.Inlines(words))},
      pandoc.Attr("", {}, {{"custom-style", "Small"}})))
  end
  if cover and cover.estimate then
    found:insert(pandoc.Para({shared.raw_inline("openxml", drawing(cover))}))
    small(cover.words)
  end
  if address then
    found:insert(pandoc.Para({pandoc.Image({pandoc.Str(stringify(address.alt))},
      stringify(address.code) .. ".png", "", pandoc.Attr("", {}, {{"width", "24mm"}}))}))
    small(address.text)
  end
  return found
end

return {read = read, blocks = blocks}
