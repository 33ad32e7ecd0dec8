-- No line ends within a short range, such as "12–17" or "16-17": behind its dash stands a word joiner.
--
-- The numbers may have addresses: "[12]{n="…"}–17". A word, an address or a date of figures alone has none; a
-- colon may follow. A range such as "700,000–1,100,000" may be longer than a line of a telephone. As language/isolates.py joins them.

local JOINER = "\u{2060}"
local DASHES = {"–", "%-"}
local LONG = "%d" .. ("[%d.,]"):rep(5)
local DATE = "%d%d%d%d%-%d"

local function is_short(text)
  return not (text:find(LONG) or text:find(DATE) or text:find("\u{a0}") or text:find("\u{202f}"))
end

local function is_number(inline)
  return inline and inline.t == "Span" and inline.attributes.n and is_short(pandoc.utils.stringify(inline))
end

local function join(inlines)
  for at, inline in ipairs(inlines) do
    local is_word = inline.t == "Str" and (inline.text:find("[%a/@]") or inline.text:find(":."))
    if inline.t == "Str" and not is_word and is_short(inline.text) then
      local text, after, before = inline.text, is_number(inlines[at + 1]), is_number(inlines[at - 1])
      for _, dash in ipairs(DASHES) do
        text = text:gsub("(%d%%?" .. dash .. ")(%f[%d])", "%1" .. JOINER)
        if before then text = text:gsub("^(%%?" .. dash .. ")(%f[%d])", "%1" .. JOINER) end
        if after then text = text:gsub("(%d%%?" .. dash .. ")$", "%1" .. JOINER) end
        if before and after then text = text:gsub("^(%%?" .. dash .. ")$", "%1" .. JOINER) end
      end
      inline.text = text
    end
  end
  return inlines
end

return {Inlines = join}
