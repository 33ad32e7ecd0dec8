-- Places of authors: '{.authored file="KEN/en/foreword.md"}' holds what one wrote, and '.slot' says what
-- is to be written. Word gets a bookmark round it, by which an edited text finds its file again.

local shared = require("shared")
local word_fields = require("word")

local function authored(div)
  local file = div.attributes.file
  if not file then
    return nil
  end
  div.attributes.file = nil
  local content = div.classes:includes("authored") and div.content or pandoc.Blocks({div})
  if shared.output == "docx" then
    local first, last = word_fields.opened("slot-" .. file)
    content:insert(1, shared.raw("openxml", first))
    content:insert(shared.raw("openxml", last))
  end
  return content
end

return authored
