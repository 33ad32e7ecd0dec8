-- Callouts, tabsets and page breaks.

local shared = require("shared")
local output = shared.output
local CALLOUTS = shared.CALLOUTS
local fault = shared.fault
local word = shared.word
local raw = shared.raw
local raw_inline = shared.raw_inline
local typst_string = shared.typst_string
local typst_text = shared.typst_text
local callout_kind = shared.callout_kind

local tabset_count, callout_count = 0, 0

local function callout_title(div)
  if div.attributes.title then
    return pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title, "markdown").blocks)
  end
  if div.content[1] and div.content[1].t == "Header" then
    return div.content:remove(1).content
  end
end

local function html_callout(div, kind, label, title)
  callout_count = callout_count + 1
  local id = "callout-" .. callout_count
  local collapse = div.attributes.collapse
  local head = pandoc.Inlines({raw_inline("html", '<span class="callout-label">'),
    pandoc.Str(title and label .. ":" or label), raw_inline("html", "</span>")})
  if title then
    head:extend({pandoc.Space()})
    head:extend(title)
  end
  local opening, tag, closing
  if collapse then
    local open = collapse == "false" and " open" or ""
    opening = '<details class="callout callout-' .. kind .. '"' .. open .. ">"
    tag, closing = "summary", "</details>"
  else
    opening = '<div class="callout callout-' .. kind .. '" role="note" aria-labelledby="' .. id .. '">'
    tag, closing = "p", "</div>"
  end
  head:insert(1, raw_inline("html", "<" .. tag .. ' class="callout-title" id="' .. id .. '">'))
  head:insert(raw_inline("html", "</" .. tag .. ">"))
  return {raw("html", opening), pandoc.Plain(head),
    pandoc.Div(div.content, {class = "callout-body"}), raw("html", closing)}
end

local function typst_callout(div, kind, label, title)
  local head = pandoc.Inlines({raw_inline("typst", "#report-callout(kind: " .. typst_string(kind)
    .. ", label: [" .. typst_text(title and label .. ":" or label) .. "], title: [")})
  head:extend(title or {})
  head:insert(raw_inline("typst", "])["))
  local blocks = pandoc.Blocks({pandoc.Plain(head)})
  blocks:extend(div.content)
  blocks:insert(raw("typst", "]"))
  return blocks
end

local function docx_callout(div, kind, label, title)
  local head = pandoc.Inlines({pandoc.Str(label)})
  if title then
    head:extend({pandoc.Str(":"), pandoc.Space()})
    head:extend(title)
  end
  local style = (kind == "note" or kind == "tip") and "Callout" or "Callout Alert"
  div.content:insert(1, pandoc.Para({pandoc.Span(head, {["custom-style"] = style .. " Title"})}))
  return pandoc.Div(shared.one_paragraph(div.content), {["custom-style"] = style})
end

local CALLOUT_WRITERS = {html = html_callout, typst = typst_callout, docx = docx_callout}

local function callout(div)
  local kind = callout_kind(div)
  if kind and CALLOUTS[kind] then
    local title = callout_title(div)
    return CALLOUT_WRITERS[output](div, kind, word("callout-" .. kind .. "-title"), title)
  end
end

-- Radio buttons choose the tab: no script, and the style sheet shows all tabs on paper.
local function html_tabset(tabs)
  tabset_count = tabset_count + 1
  local blocks = pandoc.Blocks({raw("html", '<div class="tabset" role="group">')})
  for position, tab in ipairs(tabs) do
    local id = "tabset-" .. tabset_count .. "-" .. position
    local checked = position == 1 and " checked" or ""
    local choice = pandoc.Inlines({raw_inline("html", '<input type="radio" name="tabset-'
      .. tabset_count .. '" id="' .. id .. '"' .. checked .. '><label for="' .. id .. '">')})
    choice:extend(tab.title)
    choice:insert(raw_inline("html", "</label>"))
    blocks:extend({pandoc.Plain(choice), pandoc.Div(tab.blocks, {class = "tab-panel"})})
  end
  blocks:insert(raw("html", "</div>"))
  return blocks
end

local function tabset(div)
  if not div.classes:includes("panel-tabset") then
    return nil
  end
  -- On paper the tabs stand below each other; without a div Quarto leaves them so, too.
  if output ~= "html" then
    return div.content
  end
  local tabs = {}
  for _, block in ipairs(div.content) do
    if block.t == "Header" then
      tabs[#tabs + 1] = {title = block.content, blocks = {}}
    elseif #tabs == 0 then
      fault("a tabset begins with a heading: the name of its first tab")
    else
      table.insert(tabs[#tabs].blocks, block)
    end
  end
  return html_tabset(tabs)
end

local PAGE_BREAKS = {
  html = raw("html", '<div class="page-break"></div>'),
  typst = raw("typst", "#pagebreak(weak: true)"),
  -- A low paragraph: on a full page a line of text would begin an empty one.
  docx = raw("openxml", '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'),
}

local function div_block(div)
  if div.classes:includes("page-break") then
    -- In Word letters may be larger: behind a sheet that overflows the break would leave a page nearly empty.
    return (output == "docx" and div.classes:includes("of-paper")) and {} or PAGE_BREAKS[output]
  end
  return callout(div) or tabset(div)
end

return {div_block = div_block, page_break = function() return {PAGE_BREAKS[output]} end}
