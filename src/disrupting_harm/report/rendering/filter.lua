-- What Quarto adds to pandoc's Markdown, for HTML, Typst and DOCX: cross-references, floats,
-- callouts, tabsets, conditional content, numbered headings, alternative text. The parts lie in
-- 'filter/'.
--
-- Python passes the words of the language as the metadata map 'words'. Faults that would leave a
-- wrong document are gathered, told together and end pandoc with status 3.

package.path = pandoc.path.join({pandoc.path.directory(PANDOC_SCRIPT_FILE), "filter", "?.lua"})
  .. ";" .. package.path

local shared = require("shared")
local structure = require("structure")
local floats = require("floats")
local boxes = require("boxes")
local references = require("references")
local contents = require("contents")

local output, words, options, faults = shared.output, shared.words, shared.options, shared.faults
local stringify = pandoc.utils.stringify

local function read_meta(meta)
  for key, value in pairs(meta.words or {}) do
    words[key] = stringify(value)
  end
  options.numbered = meta["number-sections"] == true
  options.toc = meta.toc == true and output == "docx"
  options.toc_depth = tonumber(meta["toc-depth"] and stringify(meta["toc-depth"]) or "3")
  options.toc_title = meta["toc-title"] and stringify(meta["toc-title"])
  if output == "docx" and meta["date-shown"] then
    meta.date = meta["date-shown"]
  end
  -- pandoc would put empty contents of its own before ours.
  if output == "docx" then meta.toc = nil end
  meta.words = nil
  return meta
end

local function finish(doc)
  if options.toc then
    local blocks = contents(doc)
    blocks:extend(doc.blocks)
    doc.blocks = blocks
  end
  if #faults > 0 then
    io.stderr:write(table.concat(faults, "; "), "\n")
    os.exit(3)
  end
  return doc
end

local function math_fault(element)
  shared.fault("the formula '" .. element.text .. "' is TeX: write formulas in Unicode letters")
end

return {
  {Meta = read_meta},
  {Div = structure.conditional, Span = structure.conditional},
  {Div = structure.plain_div},
  structure.numbering,
  {Figure = floats.figure, Table = floats.table_block, Math = math_fault, Cite = references.cite},
  {Div = boxes.div_block, Image = function(image) return floats.picture(image) end},
  {Pandoc = finish},
  {Header = structure.raise_heading},
}
