-- Cross-references: word, number and link.

local shared = require("shared")
local word_fields = require("word")
local output = shared.output
local targets = shared.targets
local fault = shared.fault
local word = shared.word
local raw_inline = shared.raw_inline
local typst_text = shared.typst_text
local stringify = pandoc.utils.stringify

local REFERENCE_WORDS = {fig = "crossref-fig-prefix", tbl = "crossref-tbl-prefix",
  sec = "crossref-sec-prefix"}

local function reference(citation)
  local target = targets[citation.id]
  if not target then
    fault("the reference '@" .. citation.id .. "' points to nothing")
    return {}
  end
  if target.number == "" then
    fault("the reference '@" .. citation.id .. "' points to a heading without number")
  end
  if #citation.suffix > 0 then
    fault("text after '@" .. citation.id .. "' within its brackets is not supported")
  end
  local lead = stringify(citation.prefix)
  if lead == "" and citation.mode ~= "SuppressAuthor" then
    lead = word(REFERENCE_WORDS[target.kind])
  end
  if output == "typst" then
    return {raw_inline("typst", "#ref(<" .. citation.id .. ">, supplement: ["
      .. typst_text(lead) .. "])")}
  end
  local shown = (lead == "" and "" or lead .. "\u{a0}") .. target.number
  if output == "docx" and target.kind ~= "sec" then
    if lead == word(shared.FLOAT_WORDS[target.kind]) then
      return {word_fields.reference(citation.id, shown)}
    end
    local inlines = pandoc.Inlines({word_fields.number_reference(citation.id, target.number)})
    if lead ~= "" then inlines:insert(1, pandoc.Str(lead .. "\u{a0}")) end
    return inlines
  end
  return {pandoc.Link({pandoc.Str(shown)}, "#" .. citation.id, "",
    pandoc.Attr("", {"quarto-xref"}))}
end

local function cite(element)
  local inlines = pandoc.Inlines({})
  local references = 0
  for _, citation in ipairs(element.citations) do
    if REFERENCE_WORDS[citation.id:match("^(%a+)%-") or ""] then
      references = references + 1
      if #inlines > 0 then inlines:extend({pandoc.Str(","), pandoc.Space()}) end
      inlines:extend(reference(citation))
    end
  end
  if references == 0 then
    return nil
  end
  if references < #element.citations then
    fault("'" .. stringify(element.content) .. "' mixes references and citations")
  end
  return inlines
end

return {cite = cite}
