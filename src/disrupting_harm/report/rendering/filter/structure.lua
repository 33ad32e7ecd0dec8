-- Content for some formats only, floats written as divs, and the numbers of headings and floats.

local shared = require("shared")
local output = shared.output
local options = shared.options
local targets = shared.targets
local fault = shared.fault
local float_kind = shared.float_kind
local callout_kind = shared.callout_kind

local function conditional(element)
  local visible = element.classes:includes("content-visible")
  local hidden = element.classes:includes("content-hidden")
  if not (visible or hidden) then
    return nil
  end
  local wanted, unwanted = element.attributes["when-format"], element.attributes["unless-format"]
  local applies = (not wanted or wanted == output) and unwanted ~= output
  if applies == visible then
    return element.content
  end
  return {}
end

-- A head is repeated on every page of a table, and PDF/UA allows no link in what is repeated.
local function plain_head(element)
  local function refuse()
    shared.fault("the head of a table holds a reference, link or note: write it above the table")
  end
  for _, row in ipairs(element.head.rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents:walk({Cite = refuse, Link = refuse, Note = refuse})
    end
  end
end

-- Quarto reads tables without attributes: the label is then the last word of the caption.
local function table_label(element)
  plain_head(element)
  local last = element.caption.long[#element.caption.long]
  local words = last and last.content
  local label = words and #words > 0 and words[#words].t == "Str"
    and words[#words].text:match("^{#([%w_-]+)}$")
  if not label then
    return nil
  end
  words:remove()
  while #words > 0 and (words[#words].t == "Space" or words[#words].t == "SoftBreak") do
    words:remove()
  end
  last.content = words
  element.identifier = label
  element.caption = {long = #words > 0 and element.caption.long or {}}
  return element
end

-- '::: {#fig-x}' and '::: {#tbl-x}' with the caption as last paragraph become the plain forms.
local function float_div(div)
  local kind = float_kind(div.identifier)
  if not kind then
    return nil
  end
  local caption = div.content:remove()
  if not caption or caption.t ~= "Para" or #div.content == 0 then
    fault("the float '" .. div.identifier .. "' needs its content, then a paragraph as caption")
    return nil
  end
  local long = {pandoc.Plain(caption.content)}
  if kind == "fig" then
    return pandoc.Figure(div.content, {long = long}, div.attr)
  end
  local content = div.content[1]
  if #div.content ~= 1 or content.t ~= "Table" then
    fault("the float '" .. div.identifier .. "' must hold one table and its caption")
    return nil
  end
  content.identifier = div.identifier
  content.caption = {long = long}
  return content
end

-- '::: {.stacked}' around tables: their cells stand below each other where they do not fit.
local function stacked_div(div)
  if not div.classes:includes("stacked") then
    return nil
  end
  return div.content:walk({
    Table = function(element)
      element.classes:insert("stacked")
      return element
    end,
  })
end

local counters = {fig = 0, tbl = 0}
local sections = {}
local above = ""

local function register(label, kind, number)
  if targets[label] then
    fault("the label '" .. label .. "' is used twice")
  end
  targets[label] = {kind = kind, number = tostring(number)}
end

local function number_float(element)
  local kind = float_kind(element.identifier)
  if kind then
    counters[kind] = counters[kind] + 1
    register(element.identifier, kind, counters[kind])
  end
end

-- On a page a table without a caption has the name of the heading above it.
local function number_table(element)
  number_float(element)
  if output == "html" and above ~= "" then
    element.attributes["aria-labelledby"] = above
    return element
  end
end

-- Headings begin at level 2: level 1 is the title.
local function number_heading(heading)
  above = heading.identifier
  if heading.classes:includes("unnumbered") then
    if heading.identifier:match("^sec%-") then
      register(heading.identifier, "sec", "")
    end
    return nil
  end
  local depth = math.max(heading.level - 1, 1)
  sections[depth] = (sections[depth] or 0) + 1
  for deeper = depth + 1, 6 do sections[deeper] = nil end
  local parts = {}
  for level = 1, depth do parts[level] = tostring(sections[level] or 0) end
  local number = table.concat(parts, ".")
  if heading.identifier:match("^sec%-") then
    register(heading.identifier, "sec", options.numbered and number or "")
  end
  if options.numbered and output ~= "typst" then
    local gap = output == "docx" and pandoc.Str("\u{2002}") or pandoc.Space()
    heading.content:insert(1, gap)
    heading.content:insert(1, pandoc.Span(pandoc.Str(number), {class = "header-section-number"}))
    return heading
  end
end

local numbering = {
  Header = number_heading,
  Figure = number_float,
  Table = number_table,
}

-- Headings that name tabs or callouts take no number and no place in the contents.
local function mark_titles(div)
  if not (div.classes:includes("panel-tabset") or callout_kind(div)) then
    return nil
  end
  for _, block in ipairs(div.content) do
    if block.t == "Header" then
      block.classes:extend({"unnumbered", "unlisted"})
    end
  end
  return div
end

-- On paper, where the title is not a heading, headings begin at level 1.
local function raise_heading(heading)
  if output ~= "html" then
    heading.level = math.max(heading.level - 1, 1)
    return heading
  end
end

return {
  conditional = conditional,
  table_label = table_label,
  plain_div = function(div) return mark_titles(div) or float_div(div) or stacked_div(div) end,
  numbering = numbering,
  raise_heading = raise_heading,
}
