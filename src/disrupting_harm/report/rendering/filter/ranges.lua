-- No line ends within a range, such as "12–17" or "16-17": behind its dash stands a word joiner.
--
-- The numbers may have addresses: "[12]{n="…"}–17". A word, an address or the name of a file has no range.

local JOINER = "\u{2060}"
local DASHES = {"–", "%-"}

local function is_number(inline)
  return inline and inline.t == "Span" and inline.attributes.n
end

local function join(inlines)
  for at, inline in ipairs(inlines) do
    if inline.t == "Str" and not inline.text:find("[%a/@:]") then
      local text = inline.text
      for _, dash in ipairs(DASHES) do
        text = text:gsub("(%d%%?" .. dash .. ")(%f[%d])", "%1" .. JOINER)
        if is_number(inlines[at - 1]) then text = text:gsub("^(%%?" .. dash .. ")(%f[%d])", "%1" .. JOINER) end
        if is_number(inlines[at + 1]) then
          text = text:gsub("(%d%%?" .. dash .. ")$", "%1" .. JOINER)
          if is_number(inlines[at - 1]) then text = text:gsub("^(%%?" .. dash .. ")$", "%1" .. JOINER) end
        end
      end
      inline.text = text
    end
  end
  return inlines
end

return {Inlines = join}
