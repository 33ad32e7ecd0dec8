-- What Quarto adds to pandoc's Markdown, for HTML, Typst and DOCX: cross-references, floats,
-- callouts, tabsets, conditional content, numbered headings, alternative text.
--
-- The parts of this folder are bundled into one file, which lies beside the documents. Quarto runs
-- it 'at: pre-ast', where its own tree is still plain pandoc; the embedded renderer runs it as a
-- filter of pandoc. It leaves plain blocks and raw code of the format, which neither changes.
--
-- Faults that would leave a wrong document are gathered, told together and end with status 3.

local shared = require("shared")
local allowed = require("allowed")
local metadata = require("metadata")
local ranges = require("ranges")
local direction = require("direction")
local numbers = require("numbers")
local structure = require("structure")
local authored = require("authored")
local margins = require("margins")
local layout = require("layout")
local floats = require("floats")
local boxes = require("boxes")
local references = require("references")
local contents = require("contents")
local cover = require("cover")

local options, faults = shared.options, shared.faults

local function finish(doc)
  local headed = false
  doc.blocks:walk({Header = function() headed = true end})
  doc.meta["without-headings"] = not headed or nil
  doc.meta["margin-column"] = options.margin_column and not doc.meta.brief or nil
  local blocks = cover.blocks(doc.meta)
  if options.contents then
    -- Below a cover the contents begin a page.
    if #blocks > 0 then blocks:extend(boxes.page_break()) end
    local entries, marked = contents(doc)
    blocks:extend(entries)
    doc.blocks = marked
  end
  blocks:extend(doc.blocks)
  doc.blocks = blocks
  if #faults > 0 then
    io.stderr:write(table.concat(faults, "; "), "\n")
    os.exit(3)
  end
  return doc
end

local function words_of_format(span)
  return metadata.rendered_by(span) or layout.small_words(span)
end

local function math_fault(element)
  shared.fault("the formula '" .. element.text .. "' is TeX: write formulas in Unicode letters")
end

local function check_front_matter(doc)
  pandoc.Pandoc({}, doc.meta):walk(allowed)
end

return {
  shared.checked and {Pandoc = check_front_matter} or allowed,
  {Meta = metadata.read},
  {
    Div = shared.conditional and structure.conditional or nil,
    Span = shared.conditional_words and structure.conditional or nil,
  },
  -- While it is seen which words are numbers with an address.
  ranges,
  direction,
  -- Before the numbers, which wrap a caption as a whole.
  {Table = structure.table_label},
  numbers,
  {Div = function(div) return authored(div) or structure.plain_div(div) end},
  {Pandoc = margins.begin_pages},
  layout.parts,
  structure.numbering,
  {
    Figure = floats.figure,
    Table = floats.table_block,
    -- Pandoc's reader makes none, as it is started here.
    Math = not EMBEDDED and math_fault or nil,
    Cite = shared.references and references.cite or nil,
  },
  {Div = boxes.div_block, Image = floats.inline_picture, Span = words_of_format},
  {Pandoc = finish},
  {Header = structure.raise_heading},
}
