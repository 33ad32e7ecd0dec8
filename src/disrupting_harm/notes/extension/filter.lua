
-- A filter for Quarto's entry point 'pre-ast', before the filter of all documents.
--
-- There a shortcode is a span of Quarto's reader, with a span for each word of it. Those of this
-- extension become what Python printed for them, so that the filter behind finds the same document
-- as in a filled note: numbers with addresses, figures and tables with labels. Ids that are not
-- known are gathered, told together, and end the render with status 3.

local faults = {}

-- The words of a shortcode of ours; nil for any other inline element.
local function words_of(span)
  if span.t ~= "Span" or not span.classes:includes("quarto-shortcode__") then return nil end
  local words = pandoc.List()
  for _, inner in ipairs(span.content) do
    if inner.t == "Span" and inner.attributes["data-value"] then
      words:insert(inner.attributes["data-value"])
    end
  end
  return pandoc.List(NAMES):includes(words[1]) and words or nil
end

local function content(words)
  local text, fault = printed(words[1], words[2] or "")
  if fault then table.insert(faults, fault) end
  return blocks(text or "")
end

-- Figures and tables stand for themselves in a paragraph.
local function of_block(block)
  local words = #block.content == 1 and words_of(block.content[1])
  if words and (words[1] == "figure" or words[1] == "table") then return content(words) end
end

local function of_span(span)
  local words = words_of(span)
  if words then return pandoc.utils.blocks_to_inlines(content(words)) end
end

-- Each page says what our command would let it say, whatever the author wrote; only another date than that
-- of our last render has no words yet.
local function mark(meta)
  local date = text_of(meta.date)
  for key, text in pairs(forms.front) do
    local of_another_day = key == "date-shown" and date:match("^%d%d%d%d%-") and date ~= forms.front.date
    if key ~= "date" and not of_another_day and not (key == "date-shown" and meta[key]) then
      meta[key] = pandoc.MetaInlines(pandoc.utils.blocks_to_inlines(blocks(text)))
    end
  end
end

local function fill(doc)
  -- A filled note has neither of these keys, and nothing to look up.
  local asked = doc.meta.results ~= nil or doc.meta.country ~= nil
  doc.blocks:walk({Span = function(span) asked = asked or words_of(span) ~= nil end})
  if not asked then return nil end
  read_forms(doc.meta)
  mark(doc.meta)
  doc.blocks = doc.blocks:walk({Para = of_block, Plain = of_block}):walk({Span = of_span})
  if #faults > 0 then stop(table.concat(faults, "\n")) end
  return doc
end

return {{Pandoc = fill}}
