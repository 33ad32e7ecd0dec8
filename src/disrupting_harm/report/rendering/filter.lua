-- What Quarto adds to pandoc's Markdown, for HTML, Typst and DOCX: cross-references, floats,
-- callouts, tabsets, conditional content, numbered headings, alternative text.
--
-- Python passes the words of the language as the metadata map 'words'. Faults that would leave a
-- wrong document are gathered, told together and end pandoc with status 3.

-- Quarto's names of the formats, which 'when-format' uses.
local output = FORMAT:match("^html") and "html" or FORMAT:match("^typst") and "typst" or "docx"
local words, options = {}, {}
local targets = {}        -- label -> {kind = "fig", number = "3"}
local faults = pandoc.List()
local tabset_count, callout_count = 0, 0

local stringify = pandoc.utils.stringify
local CALLOUTS = {note = true, tip = true, warning = true, important = true, caution = true}
local FLOAT_WORDS = {fig = "crossref-fig-title", tbl = "crossref-tbl-title"}

local function fault(message)
  faults:insert(message)
end

local function word(key)
  return words[key] or fault("the language file has no '" .. key .. "'") or key
end

local function raw(format, text)
  return pandoc.RawBlock(format, text)
end

local function raw_inline(format, text)
  return pandoc.RawInline(format, text)
end

local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", " ") .. '"'
end

local function typst_text(text)
  return (text:gsub("[\\#%[%]*_`$<>@]", "\\%0"))
end

local function float_kind(label)
  local kind = label:match("^(%a+)%-")
  return FLOAT_WORDS[kind] and kind or nil
end

-- 1. Metadata ------------------------------------------------------------------------------------

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
  meta.words = nil
  return meta
end

-- 2. Content for some formats only ---------------------------------------------------------------

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

-- 3. Numbers -------------------------------------------------------------------------------------

local counters = {fig = 0, tbl = 0}
local sections = {}

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

-- Headings begin at level 2: level 1 is the title.
local function number_heading(heading)
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
  traverse = "topdown",
  Header = number_heading,
  Figure = number_float,
  Table = number_float,
}

-- Headings within a tabset name its tabs: they take no number and no place in the contents.
local function mark_tabs(div)
  if not div.classes:includes("panel-tabset") then
    return nil
  end
  for _, block in ipairs(div.content) do
    if block.t == "Header" then
      block.classes:extend({"unnumbered", "unlisted"})
    end
  end
  return div
end

-- 4. Figures and tables --------------------------------------------------------------------------

-- The alternative text of an image: fig-alt of the image or of its float, alt, else its own text.
local function alternative(image, float)
  local alt = image.attributes["fig-alt"] or image.attributes["alt"]
      or (float and float.attributes["fig-alt"]) or stringify(image.caption)
  if alt == "" then
    fault("the picture '" .. image.src .. "' has no alternative text (fig-alt)")
  end
  return alt
end

local function picture(image, float)
  local alt = alternative(image, float)
  local width = image.attributes.width or (float and float.attributes.width)
  if output == "typst" then
    local size = width and ", width: " .. width or ""
    return raw_inline("typst", "#box(image(" .. typst_string(image.src) .. ", alt: "
      .. typst_string(alt) .. size .. "))")
  end
  if output == "docx" then
    image.src = image.src:gsub("%.svg$", ".png")
  end
  local attributes = width and {{"width", width}} or {}
  return pandoc.Image({pandoc.Str(alt)}, image.src, "", pandoc.Attr("", image.classes, attributes))
end

local function numbered_caption(label, caption)
  local target = targets[label]
  if not target then
    return caption
  end
  local lead = pandoc.List({pandoc.Str(word(FLOAT_WORDS[target.kind]) .. "\u{a0}" .. target.number)})
  if #caption > 0 then
    lead:extend({pandoc.Str(":"), pandoc.Space()})
  end
  lead:extend(caption)
  return lead
end

local function caption_inlines(blocks)
  return pandoc.utils.blocks_to_inlines(blocks, {pandoc.Space()})
end

local function typst_float(label, kind, content, caption)
  local target = targets[label]
  local position = kind == "tbl" and "top" or "bottom"
  local close = pandoc.Inlines({raw_inline("typst", "], caption: figure.caption(position: "
    .. position .. ", [")})
  close:extend(caption)
  local name = target and ", supplement: [" .. typst_text(word(FLOAT_WORDS[kind])) .. "])\n<"
    .. label .. ">" or ", numbering: none)"
  close:insert(raw_inline("typst", "]), kind: " .. typst_string("quarto-float-" .. kind) .. name))
  local blocks = pandoc.Blocks({raw("typst", "#figure([")})
  blocks:extend(content)
  blocks:insert(pandoc.Plain(close))
  return blocks
end

local function html_float(label, kind, content, caption)
  local id = targets[label] and ' id="' .. label .. '"' or ""
  local opening = raw("html", "<figure" .. id .. ' class="quarto-float quarto-float-' .. kind .. '">')
  local shown = pandoc.Inlines(numbered_caption(label, caption))
  shown:insert(1, raw_inline("html", '<figcaption id="' .. label .. '-caption">'))
  shown:insert(raw_inline("html", "</figcaption>"))
  local blocks = pandoc.Blocks({opening})
  if kind == "tbl" then blocks:insert(pandoc.Plain(shown)) end
  blocks:extend(content)
  if kind == "fig" then blocks:insert(pandoc.Plain(shown)) end
  blocks:insert(raw("html", "</figure>"))
  return blocks
end

local function docx_float(label, kind, content, caption)
  local style = kind == "tbl" and "Table Caption" or "Image Caption"
  local shown = pandoc.Div({pandoc.Para(numbered_caption(label, caption))},
    {["custom-style"] = style})
  local blocks = pandoc.Blocks(content)
  blocks:insert(kind == "tbl" and 1 or #blocks + 1, shown)
  return pandoc.Div(blocks, pandoc.Attr(targets[label] and label or ""))
end

local FLOATS = {typst = typst_float, html = html_float, docx = docx_float}

local function float(label, kind, content, caption)
  return FLOATS[output](label, kind, content, caption)
end

local function figure(element)
  local image, count = nil, 0
  element:walk({Image = function(found) image, count = found, count + 1 end})
  if count ~= 1 then
    fault("the figure '" .. element.identifier .. "' must hold exactly one picture")
    return nil
  end
  local shown = picture(image, element)
  local holder = pandoc.Plain(shown)
  if output == "docx" then
    holder = pandoc.Div({pandoc.Para(shown)}, {["custom-style"] = "Captioned Figure"})
  end
  return float(element.identifier, "fig", {holder}, caption_inlines(element.caption.long))
end

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

local function table_block(element)
  local label, caption = element.identifier, caption_inlines(element.caption.long)
  element.identifier = ""
  element.caption = {long = {}}
  if output == "html" then
    element = with_scopes(element)
  elseif output == "typst" then
    -- pandoc would wrap the table in a second figure.
    element.classes:insert("typst:no-figure")
  end
  if label == "" and #caption == 0 then
    if output == "html" then
      return pandoc.Div({element}, {class = "table-scroll", tabindex = "0"})
    end
    return element
  end
  local content = {element}
  if output == "html" then
    content = {pandoc.Div(content, {class = "table-scroll", tabindex = "0", role = "region",
      ["aria-labelledby"] = label .. "-caption"})}
  end
  return float(label, "tbl", content, caption)
end

-- 5. Callouts, tabsets, page breaks --------------------------------------------------------------

local function callout_kind(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if kind then
      if not CALLOUTS[kind] then fault("unknown callout '" .. kind .. "'") end
      return kind
    end
  end
end

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
    pandoc.Str(label), raw_inline("html", "</span>")})
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
    .. ", label: [" .. typst_text(label) .. "], title: [")})
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
  return {pandoc.Div({pandoc.Para(head)}, {["custom-style"] = style .. " Title"}),
    pandoc.Div(div.content, {["custom-style"] = style})}
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
  if not div.classes:includes("panel-tabset") or output ~= "html" then
    return nil
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
  docx = raw("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
}

local function div_block(div)
  if div.classes:includes("page-break") then
    return PAGE_BREAKS[output]
  end
  return callout(div) or tabset(div)
end

-- 6. References ----------------------------------------------------------------------------------

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

-- 7. The contents of a Word document, filled in: Word itself fills them only when asked ----------

local function openxml(text)
  return raw_inline("openxml", "<w:r>" .. text .. "</w:r>")
end

local function contents(doc)
  local entries = pandoc.Blocks({})
  doc.blocks:walk({Header = function(heading)
    local level = heading.level - 1
    if level <= options.toc_depth and level >= 1 and not heading.classes:includes("unlisted") then
      local text = heading.content:walk({Note = function() return {} end})
      local entry = pandoc.Para({pandoc.Link(text, "#" .. heading.identifier)})
      entries:insert(pandoc.Div({entry}, {["custom-style"] = "toc " .. level}))
    end
  end})
  if #entries == 0 then
    return entries
  end
  local first, last = entries[1].content[1], nil
  first.content:insert(1, openxml('<w:fldChar w:fldCharType="separate"/>'))
  first.content:insert(1, openxml('<w:instrText xml:space="preserve">TOC \\o "1-'
    .. options.toc_depth .. '" \\h \\z \\u</w:instrText>'))
  first.content:insert(1, openxml('<w:fldChar w:fldCharType="begin"/>'))
  entries[1].content = {first}
  last = entries[#entries].content[1]
  last.content:insert(openxml('<w:fldChar w:fldCharType="end"/>'))
  entries[#entries].content = {last}
  local title = pandoc.Para(pandoc.Str(options.toc_title or word("toc-title-document")))
  entries:insert(1, pandoc.Div({title}, {["custom-style"] = "TOC Heading"}))
  return entries
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
  fault("the formula '" .. element.text .. "' is TeX: write formulas in Unicode letters")
end

return {
  {Meta = read_meta},
  {Div = conditional, Span = conditional},
  {Div = function(div) return mark_tabs(div) or float_div(div) end},
  numbering,
  {Figure = figure, Table = table_block, Math = math_fault, Cite = cite},
  {Div = div_block, Image = function(image) return picture(image) end},
  {Pandoc = finish},
}
