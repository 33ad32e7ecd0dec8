-- The body of a table in each format.

local shared = require("shared")
local raw = shared.raw
local stringify = pandoc.utils.stringify

-- A table of so few rows and letters is short.
local FEW_ROWS, FEW_LETTERS = 6, 1500
local LAST_ROWS = 3
-- In the letters of tables: what a line on a telephone has, and the room between two cells.
local TELEPHONE_LETTERS, LETTERS_BETWEEN_CELLS = 38, 2.5
local MANY_COLUMNS = 6

-- Header cells say what they head: columns in the head, rows in the first column.
local function with_scopes(element)
  for _, row in ipairs(element.head.rows) do
    for _, cell in ipairs(row.cells) do cell.attr.attributes.scope = "col" end
  end
  for _, body in ipairs(element.bodies) do
    body.row_head_columns = 1
    for _, row in ipairs(body.body) do
      if row.cells[1] then row.cells[1].attr.attributes.scope = "row" end
    end
  end
  return element
end

-- A row with a first cell alone names the rows below it.
local function names_rows(row)
  if #row.cells < 2 or stringify(row.cells[1].contents) == "" then return false end
  for column = 2, #row.cells do
    if stringify(row.cells[column].contents) ~= "" then return false end
  end
  return true
end

-- Its cell takes the whole width. On a page, where it heads a row, pandoc would cut it to its column.
local function with_spans(element)
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do
      if names_rows(row) then
        row.cells[1].col_span = #row.cells
        row.cells = {row.cells[1]}
      end
    end
  end
  return element
end

local function with_named_rows(element)
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do
      if names_rows(row) then row.attr.classes:insert("names-rows") end
    end
  end
end

-- On a telephone the cells of a row stand below each other: each says what its column is.
local function with_labels(element)
  local labels = pandoc.List(element.head.rows[1].cells):map(function(cell) return stringify(cell.contents) end)
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do
      for column = 2, #row.cells do
        if labels[column] ~= "" then row.cells[column].attr.attributes["data-label"] = labels[column] end
      end
    end
  end
end

-- Letters of the longest part of a cell that stays on one line; numbers have no breaks.
local function unbroken_letters(cell, is_number)
  local text, longest = stringify(cell.contents):gsub("\u{200B}", " "), 0
  if is_number then return utf8.len(text) end
  for word in text:gmatch("%S+") do longest = math.max(longest, utf8.len(word)) end
  return longest
end

-- Whether the columns of a table find room beside each other on a telephone.
local function fits_telephone(element)
  local columns = {}
  local function measure(row, is_body)
    for column, cell in ipairs(row.cells) do
      local is_number = is_body and element.colspecs[column][1] ~= element.colspecs[1][1]
      columns[column] = math.max(columns[column] or 0, unbroken_letters(cell, is_number))
    end
  end
  for _, row in ipairs(element.head.rows) do measure(row, false) end
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do
      if not names_rows(row) then
        measure(row, true)
      elseif utf8.len(stringify(row.cells[1].contents)) > TELEPHONE_LETTERS then
        return false
      end
    end
  end
  local letters = 0
  for _, longest in ipairs(columns) do letters = letters + longest + LETTERS_BETWEEN_CELLS end
  return letters <= TELEPHONE_LETTERS
end

-- A wide table scrolls in its own region. Attributes are pairs: Lua's tables have no fixed order.
local function html(element, label)
  local attributes = {{"tabindex", "0"}}
  if label then
    element.attributes["aria-labelledby"] = label .. "-caption"
  end
  if #element.head.rows > 0 and not fits_telephone(element) then element.classes:insert("stacked") end
  if element.classes:includes("stacked") then with_labels(element) end
  if #element.colspecs > MANY_COLUMNS then element.classes:insert("many") end
  with_named_rows(element)
  local name = element.attributes["aria-labelledby"]
  if name then
    attributes = {{"tabindex", "0"}, {"role", "region"}, {"aria-labelledby", name}}
  end
  return {pandoc.Div({with_scopes(element)}, pandoc.Attr("", {"table-scroll"}, attributes))}
end

local function is_short(element)
  local rows, letters = 0, 0
  for _, body in ipairs(element.bodies) do
    rows = rows + #body.body
  end
  if rows > FEW_ROWS then
    return false
  end
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do
      for _, cell in ipairs(row.cells) do
        letters = letters + utf8.len(stringify(cell.contents))
      end
    end
  end
  return letters <= FEW_LETTERS
end

-- Typst keeps the rows of a foot on one page: no fewer of them stand alone at the end of a table.
local function last_rows_together(element)
  local rows = element.bodies[#element.bodies].body
  if #element.foot.rows > 0 or #rows <= LAST_ROWS then return end
  for _ = 1, LAST_ROWS do
    element.foot.rows:insert(1, rows:remove())
  end
end

-- A short table stays whole; a longer one may run over pages, whose heads then say so.
local function typst(element)
  -- pandoc would wrap the table in a second figure.
  element.classes:insert("typst:no-figure")
  local short = is_short(element)
  last_rows_together(element)
  if not short then return {element} end
  return {raw("typst", "#block(breakable: false)["), element, raw("typst", "]")}
end

-- In Word a column is as wide as its longest word, else Word breaks it anywhere. The width of the text
-- in letters and what the margins of a cell take of it: in the letters of tables, and in those of a
-- narrow one; how many letters a capital and one of a head, which is bold, are wide. Of longer words,
-- such as addresses, the rest may break.
local WORD = {text = 93, margins = 2.2}
local NARROW = {text = 104, margins = 0.6, style = "NarrowTable"}
local CAPITAL, BOLD, LONGEST_WORD = 1.6, 1.25, 18

-- Words part behind hyphens and strokes, too.
local function word_letters(cell, letter)
  local longest = 0
  local text = stringify(cell.contents):gsub("\u{200B}", " "):gsub("[-/]", "%0 ")
  for word in text:gmatch("%S+") do
    local _, capitals = word:gsub("%u", "")
    longest = math.max(longest, letter * (utf8.len(word) - capitals) + CAPITAL * capitals)
  end
  return math.min(longest, LONGEST_WORD)
end

local function longest_words(element)
  local columns = {}
  for column = 1, #element.colspecs do columns[column] = 0 end
  local function measure(row, letter)
    if names_rows(row) or #row.cells < #columns then return end
    for column, cell in ipairs(row.cells) do
      columns[column] = math.max(columns[column], word_letters(cell, letter))
    end
  end
  for _, row in ipairs(element.head.rows) do measure(row, BOLD) end
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do measure(row, 1) end
  end
  return columns
end

-- What columns lack for their longest words is taken from those with room to spare, in proportion.
local function widths_for_words(shares, words, look)
  local lacking, spare, widths = 0, 0, {}
  for column, share in ipairs(shares) do
    local over = share * look.text - words[column] - look.margins
    lacking, spare = lacking - math.min(over, 0), spare + math.max(over, 0)
  end
  if lacking > spare then return nil end
  for column, share in ipairs(shares) do
    local least = (words[column] + look.margins) / look.text
    widths[column] = share > least and share - (share - least) * lacking / math.max(spare, 1) or least
  end
  return widths
end

local function docx(element)
  local shares, sum = {}, 0
  for column, spec in ipairs(element.colspecs) do
    shares[column] = type(spec[2]) == "number" and spec[2] or 1 / #element.colspecs
    sum = sum + shares[column]
  end
  for column, share in ipairs(shares) do shares[column] = share / sum end
  local words = longest_words(element)
  local look = WORD
  local widths = widths_for_words(shares, words, look)
  if not widths then
    look = NARROW
    widths = widths_for_words(shares, words, look) or shares
    element.attributes["custom-style"] = look.style
  end
  for column, spec in ipairs(element.colspecs) do element.colspecs[column] = {spec[1], widths[column]} end
  return {element}
end

return {
  html = html,
  typst = function(element) return typst(with_spans(element)) end,
  docx = function(element) return docx(with_spans(element)) end,
}
