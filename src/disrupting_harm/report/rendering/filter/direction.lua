-- Where lines begin at the right: numbers keep their order, and columns of numbers end where lines end.
--
-- "22 (17–28)" has no direction: between words of such a script its parts would stand as "(28–17) 22". So a number
-- with a sign, a range or brackets is an isolate, from U+2066 to U+2069. Word may not know these: there it is a run of
-- letters from left to right, between two marks of this direction, by which LibreOffice goes.

local shared = require("shared")
local output, options = shared.output, shared.options

-- As language/isolates.py knows numbers. A word in Latin letters, an address or a name of a file has none.
local PARTS = re.compile([=[
  text     <- {| (number / word / .)* |}
  number   <- {| {:start: {} :} (joined (space? brackets)? / brackets) {:stop: {} :} |} !letter
  brackets <- '(' joined (',' space joined)* ')' / '[' joined (',' space joined)* ']'
  joined   <- signed (join? ([-:/] / '–' / '—' / '×') join? signed)*
  signed   <- (([-+<>~] / '−' / '≤' / '≥' / '≈' / '±') space?)? digits (space? '%')? ([*] / '†' / '‡' / '§')*
  digits   <- [0-9]+ (([.,] / group) [0-9]+ / ' ' [0-9] [0-9]+)*
  word     <- letter [-A-Za-z0-9_/@.:#%&?=]*
  letter   <- [A-Za-z_/@]
  space    <- ' ' / group
  group    <- %nobreak / %narrow
  join     <- %joiner
]=], {nobreak = lpeg.P("\u{a0}"), narrow = lpeg.P("\u{202f}"), joiner = lpeg.P("\u{2060}")})
local MARK = "\u{200e}"
local FIRST = output == "docx" and MARK or "\u{2066}"
local LAST = output == "docx" and MARK or "\u{2069}"
-- Of a word that is no part of a number.
local NONE = "\n"

-- The letters of what a number may be made of.
local function letters_of(inline)
  if inline.t == "Str" then return inline.text end
  if inline.t == "Space" or inline.t == "SoftBreak" then return " " end
  if inline.t == "Span" and inline.attributes.n then return pandoc.utils.stringify(inline) end
  return NONE
end

local isolate

-- What has words of its own, such as a link, is looked into.
local function with_isolates_inside(inline)
  if inline.t ~= "Image" and pandoc.utils.type(inline.content) == "Inlines" then
    inline.content = isolate(inline.content)
  end
  return inline
end

-- An inline in up to two pieces, at a place within its letters; only words are cut.
local function cut(inline, at)
  return pandoc.Str(inline.text:sub(1, at - 1)), pandoc.Str(inline.text:sub(at))
end

-- The inlines with an end of one of them at each place; what is no word is not cut.
local function cut_at(inlines, places)
  local pieces, start = pandoc.Inlines({}), 1
  for _, inline in ipairs(inlines) do
    local stop = start + #letters_of(inline)
    while inline.t == "Str" and places[1] and places[1] < stop do
      local place = table.remove(places, 1)
      if place > start then
        local before
        before, inline = cut(inline, place - start + 1)
        pieces:insert(before)
        start = place
      end
    end
    while places[1] and places[1] < stop do table.remove(places, 1) end
    pieces:insert(inline)
    start = stop
  end
  return pieces
end

local function as_isolate(inlines)
  inlines:insert(1, pandoc.Str(FIRST))
  inlines:insert(pandoc.Str(LAST))
  return output == "docx" and {pandoc.Span(inlines, {dir = "ltr"})} or inlines
end

local function numbers_of(text)
  local numbers, places = pandoc.List(), pandoc.List()
  for _, part in ipairs(PARTS:match(text)) do
    if text:sub(part.start, part.stop - 1):find("[^0-9.,]") then
      numbers:insert(part)
      places:extend({part.start, part.stop})
    end
  end
  return numbers, places
end

isolate = function(inlines)
  local numbers, places = numbers_of(table.concat(inlines:map(letters_of)))
  if #numbers == 0 then return inlines:map(with_isolates_inside) end
  local isolated, start = pandoc.Inlines({}), 1
  local number, held = table.remove(numbers, 1), pandoc.Inlines({})
  for _, inline in ipairs(cut_at(inlines, places)) do
    local stop = start + #letters_of(inline)
    if number and stop > number.start then
      held:insert(inline)
      if stop >= number.stop then
        isolated:extend(as_isolate(held))
        number, held = table.remove(numbers, 1), pandoc.Inlines({})
      end
    else
      isolated:insert(with_isolates_inside(inline))
    end
    start = stop
  end
  return isolated
end

local MIRRORED = {AlignLeft = "AlignRight", AlignRight = "AlignLeft"}

local function mirror_rows(rows)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do cell.alignment = MIRRORED[cell.alignment] or cell.alignment end
  end
end

-- Word itself takes left for the side where lines begin.
local function mirror(element)
  if output == "docx" then return nil end
  element.colspecs = element.colspecs:map(function(column) return {MIRRORED[column[1]] or column[1], column[2]} end)
  mirror_rows(element.head.rows)
  mirror_rows(element.foot.rows)
  for _, body in ipairs(element.bodies) do mirror_rows(body.body) end
  return element
end

local function read(doc)
  if not options.rtl then return nil end
  return doc:walk({traverse = "topdown", Inlines = function(inlines) return isolate(inlines), false end})
    :walk({Table = mirror})
end

return {Pandoc = read}
