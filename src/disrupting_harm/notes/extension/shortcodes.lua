
-- The same for documents in which the filter does not run: those of other projects of Quarto.
-- Numbers and sentences are those of notes; figures and tables become Quarto's own.

local function shortcode(kind)
  return function(arguments, _, meta)
    read_forms(meta)
    local text, fault = printed(kind, text_of(arguments[1]))
    if fault then stop(fault) end
    local found = blocks(text)
    if kind == "figure" or kind == "table" then return found end
    return pandoc.utils.blocks_to_inlines(found)
  end
end

local handlers = {}
for _, kind in ipairs(NAMES) do handlers[kind] = shortcode(kind) end
return handlers
