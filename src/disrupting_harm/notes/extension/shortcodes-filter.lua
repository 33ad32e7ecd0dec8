-- Shortcodes of published numbers, in Quarto, before the filter of all documents runs.
--
-- At the entry point 'pre-ast' a shortcode is a span of Quarto's reader, with a span for each word
-- of it. Those of this extension become what Python printed for them, so that the filter behind
-- finds the same document as in a filled note: numbers with addresses, figures and tables with
-- labels. Printed forms lie in one JSON file a language and country; nothing is formatted here.
--
-- An id that is not in the file ends the render with status 3.

local FOLDER = "_extensions/disrupting-harm/"
local NAMES = {number = true, interval = true, share = true, sentence = true, figure = true,
  table = true}
local READER = "markdown-raw_html-raw_tex-tex_math_dollars"

local forms, faults = nil, {}

local function text_of(meta)
  return meta and pandoc.utils.stringify(meta) or ""
end

-- The forms of the document's language and country; read when the first shortcode asks for them.
local function read_forms(meta)
  local country = text_of(meta.country)
  local name = FOLDER .. text_of(meta.lang) .. "-" .. (country ~= "" and country or "all") .. ".json"
  local file = io.open(name, "r")
  if not file then
    io.stderr:write("no file '", name, "': run 'disrupting-harm render' on this note once\n")
    os.exit(3)
  end
  local found = pandoc.json.decode(file:read("a"), false)
  file:close()
  return found
end

-- A country of the front matter, and the measure of an estimate, may be left out.
local function ids(name)
  local full = forms.country ~= "" and (forms.country .. "/" .. name) or name
  return {name, full, name .. "/estimate", full .. "/estimate"}
end

local function printed(kind, name)
  for _, id in ipairs(ids(name)) do
    if forms[kind][id] then return forms[kind][id] end
  end
  local why
  for _, id in ipairs(ids(name)) do why = why or forms.refused[kind .. " " .. id] end
  table.insert(faults, "{{< " .. kind .. " " .. name .. " >}}: "
    .. (why or "nothing published is known by this id; 'disrupting-harm render' names the nearest"))
  return ""
end

-- The words of a shortcode of ours; nil for any other span.
local function words_of(span)
  if span.t ~= "Span" or not span.classes:includes("quarto-shortcode__") then return nil end
  local words = pandoc.List()
  for _, inner in ipairs(span.content) do
    if inner.t == "Span" and inner.attributes["data-value"] then
      words:insert(inner.attributes["data-value"])
    end
  end
  return NAMES[words[1]] and words or nil
end

local function blocks(text)
  return pandoc.read(text, READER).blocks
end

-- Figures and tables stand for themselves in a paragraph.
local function of_block(block)
  local words = #block.content == 1 and words_of(block.content[1])
  if words and (words[1] == "figure" or words[1] == "table") then
    return blocks(printed(words[1], words[2] or ""))
  end
end

local function of_span(span)
  local words = words_of(span)
  if words then return pandoc.utils.blocks_to_inlines(blocks(printed(words[1], words[2] or ""))) end
end

local function fill(doc)
  local meta = doc.meta
  local asked = false
  doc.blocks:walk({Span = function(span) asked = asked or words_of(span) ~= nil end})
  if not asked then return nil end
  forms = read_forms(meta)
  doc.blocks = doc.blocks:walk({Para = of_block, Plain = of_block}):walk({Span = of_span})
  if #faults > 0 then
    io.stderr:write(table.concat(faults, "\n"), "\n")
    os.exit(3)
  end
  return doc
end

return {{Pandoc = fill}}
