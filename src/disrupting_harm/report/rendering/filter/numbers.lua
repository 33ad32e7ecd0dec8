-- Addresses of numbers: [17]{n="KEN/clear_examples/estimate"} says where a number was published.
--
-- Pages hand the addresses of a block on to the whole block, as 'data-n' with spaces between them:
-- a span around each number would cut sentences into pieces, at which screen readers stop. Word
-- gets a locked content control around each number. On paper nothing is left of them; the PDF file
-- has a list of them attached, for machines and for whoever saves it.

local shared = require("shared")
local output = shared.output
local xml_text = shared.xml_text

local ADDRESS = "n"
-- pandoc and the fields of captions count their own marks from smaller numbers.
local FIRST_ID = 40001
-- Word refuses longer tags: a longer one ends in a hash, and its name is cut.
local LONGEST = 64

local function is_number(span)
  return span.attributes[ADDRESS] ~= nil
end

-- A block, or blocks, without the spans of its numbers, and their addresses in the order of the text.
local function without_spans(content, found)
  return content:walk({
    Span = function(span)
      if is_number(span) then
        found:insert(span.attributes[ADDRESS])
        return span.content
      end
    end,
  })
end

local function joined(addresses)
  return table.concat(addresses, " ")
end

-- A block of text: its words stay in one piece.
local function of_block(block)
  local found = pandoc.List()
  block = without_spans(block, found)
  if #found == 0 then
    return nil, false
  end
  if block.t == "Header" then
    block.attributes["data-n"] = joined(found)
  else
    block.content = {pandoc.Span(block.content, pandoc.Attr("", {}, {{"data-n", joined(found)}}))}
  end
  return block, false
end

local function of_cell(cell)
  local found = pandoc.List()
  local contents = without_spans(cell.contents, found)
  if #found > 0 then
    cell.contents, cell.attr.attributes["data-n"] = contents, joined(found)
  end
end

local HTML_BLOCKS

local function of_table(element)
  local parts = pandoc.List({element.head, element.foot})
  for _, part in ipairs(parts) do
    for _, row in ipairs(part.rows) do
      for _, cell in ipairs(row.cells) do of_cell(cell) end
    end
  end
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do
      for _, cell in ipairs(row.cells) do of_cell(cell) end
    end
  end
  element.caption.long = element.caption.long:walk(HTML_BLOCKS)
  return element, false
end

HTML_BLOCKS = {traverse = "topdown", Para = of_block, Plain = of_block, Header = of_block,
  Table = of_table}

local next_id = FIRST_ID

local function control(span)
  if not is_number(span) then
    return nil
  end
  local address = span.attributes[ADDRESS]
  local tag, name = address, address
  if #address > LONGEST then
    tag = address:sub(1, LONGEST - 13) .. "~" .. pandoc.utils.sha1(address):sub(1, 12)
    name = tag
  end
  local id = next_id
  next_id = next_id + 1
  local content = pandoc.Inlines({pandoc.RawInline("openxml", '<w:sdt><w:sdtPr><w:alias w:val="'
    .. xml_text(name) .. '"/><w:tag w:val="' .. xml_text(tag) .. '"/><w:id w:val="' .. id
    .. '"/><w:lock w:val="sdtContentLocked"/></w:sdtPr><w:sdtContent>')})
  content:extend(span.content)
  content:insert(pandoc.RawInline("openxml", "</w:sdtContent></w:sdt>"))
  return content
end

local listed = pandoc.List()

local function bare(span)
  if is_number(span) then
    listed:insert({span.attributes[ADDRESS], pandoc.utils.stringify(span.content)})
    return span.content
  end
end

local function typst_text(text)
  return '"' .. text:gsub("[\\\"]", "\\%0") .. '"'
end

-- Address and printed text of each number in the order of the text.
local function attached(doc)
  if #listed > 0 then
    doc.blocks:insert(pandoc.RawBlock("typst", '#pdf.attach("numbers.json", bytes('
      .. typst_text(pandoc.json.encode({numbers = listed})) .. '), relationship: "data", '
      .. 'mime-type: "application/json", description: "Numbers of this document, each with its '
      .. 'address")'))
  end
  return doc
end

local PASSES = {html = HTML_BLOCKS, docx = {Span = control},
  typst = {Span = bare, Pandoc = attached}}

return PASSES[output]
