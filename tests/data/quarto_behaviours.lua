-- Says on standard error what a filter sees at Quarto's entry point 'pre-ast', and makes a paragraph of
-- a figure of class 'alone', and one that ends with an empty raw inline of a figure of class 'ended'.

local function say(words)
  io.stderr:write("SEES ", words, "\n")
end

local function names_of(map)
  local names = pandoc.List()
  for name in pairs(map or {}) do names:insert(name) end
  names:sort()
  return table.concat(names, ",")
end

local function last_of(caption)
  local block = caption.long[#caption.long]
  local word = block and block.content[#block.content]
  return word and word.t .. ":" .. (word.text or "") or "none:"
end

local function paragraph(figure)
  local picture = figure.content[1].content[1]
  if picture.classes:includes("alone") then return pandoc.Para({picture}) end
  if picture.classes:includes("ended") then
    return pandoc.Para({picture, pandoc.RawInline("html", "")})
  end
end

return {{
  Meta = function(meta) say("report=" .. names_of(meta.report)) end,
  Table = function(element)
    say("table id=[" .. element.identifier .. "] last=" .. last_of(element.caption))
  end,
  Figure = paragraph,
}}
