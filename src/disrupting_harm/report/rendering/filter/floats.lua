-- Figures and tables with number, caption and alternative text.

local shared = require("shared")
local tables = require("tables")
local word_fields = require("word")
local output = shared.output
local targets = shared.targets
local FLOAT_WORDS = shared.FLOAT_WORDS
local fault = shared.fault
local word = shared.word
local raw = shared.raw
local raw_inline = shared.raw_inline
local typst_string = shared.typst_string
local typst_text = shared.typst_text
local stringify = pandoc.utils.stringify

-- Word's names of the sequences that number captions.
local SEQUENCES = {fig = "Figure", tbl = "Table"}

-- The alternative text of an image: fig-alt of the image or of its float, alt, else its own text.
local function alternative(image, float)
  local alt = image.attributes["fig-alt"] or image.attributes["alt"]
      or (float and float.attributes["fig-alt"]) or stringify(image.caption)
  if alt == "" then
    fault("the picture '" .. image.src .. "' has no alternative text (fig-alt)")
  end
  return alt
end

local function with_extension(source)
  local _, own = pandoc.path.split_extension(source)
  return own == "" and shared.extension and source .. "." .. shared.extension or source
end

local function is_file(name)
  local file = io.open(name, "rb")
  if file then file:close() end
  return file ~= nil
end

-- Word takes pixels: those beside the picture, else those made for the document (word_pictures.py).
-- Without either it gets the drawing.
local function of_pixels(source)
  local beside = source:gsub("%.svg$", ".png")
  local made = "word-pictures/" .. beside:gsub("^[%./]+", "")
  local drawing = beside:gsub("%.png$", ".svg")
  for _, file in ipairs({beside, made, drawing}) do
    if is_file(file) then return file end
  end
  return beside
end

local function picture(image, float)
  image.src = with_extension(image.src)
  local alt = alternative(image, float)
  local width = image.attributes.width or (float and float.attributes.width)
  if output == "typst" then
    local size = width and ", width: " .. width or ""
    return {raw_inline("typst", "#box(report-picture(" .. typst_string(image.src) .. ", alt: "
      .. typst_string(alt) .. size .. "))")}
  end
  if output == "docx" then
    image.src = of_pixels(image.src)
  end
  local attributes = width and {{"width", width}} or {}
  -- A picture of a figure is visited twice, the second time without its float.
  local addresses = image.attributes.n or image.attributes["data-n"]
      or (float and float.attributes.n)
  if output == "html" and addresses then
    table.insert(attributes, {"data-n", addresses})
  end
  if output == "html" and shared.options.linked then
    -- Neither Quarto nor pandoc then puts the picture into the page: it lies on the site, too.
    table.insert(attributes, {"data-external", "1"})
  end
  local attr = pandoc.Attr("", image.classes, attributes)
  local shown = pandoc.Image({pandoc.Str(alt)}, image.src, "", attr)
  -- Quarto makes a float of its own of a paragraph that holds a picture and nothing else.
  return {shown, output == "docx" and word_fields.beside_picture() or raw_inline("html", "")}
end

-- The caption behind its word and number. Pages and Word print both; Typst numbers by itself.
local function numbered_caption(label, caption)
  local target = targets[label]
  if not target then
    return caption
  end
  local name, delimiter = word(FLOAT_WORDS[target.kind]), #caption > 0 and ":" or ""
  local lead
  if output == "docx" then
    lead = pandoc.Strong({word_fields.caption_number(label, name, SEQUENCES[target.kind],
      target.number), pandoc.Str(delimiter)})
  else
    lead = pandoc.Span(name .. "\u{a0}" .. target.number .. delimiter, {class = "float-label"})
  end
  local inlines = pandoc.Inlines({lead, pandoc.Space()})
  inlines:extend(caption)
  return inlines
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

-- No div carries the label: Quarto would make a float of its own of it, a table round the picture.
local function docx_float(label, kind, content, caption)
  local style = kind == "tbl" and "Table Caption" or "Image Caption"
  local shown = pandoc.Div({pandoc.Para(numbered_caption(label, caption))},
    {["custom-style"] = style})
  local blocks = pandoc.Blocks(content)
  blocks:insert(kind == "tbl" and 1 or #blocks + 1, shown)
  return blocks
end

local FLOATS = {typst = typst_float, html = html_float, docx = docx_float}

local function float(label, kind, content, caption)
  return FLOATS[output](label, kind, content, caption)
end

-- A picture that has a drawing of its own for narrow windows.
local function for_phones(shown, phone)
  local external = shared.options.linked and ' data-external="1"' or ""
  table.insert(shown, 1, raw_inline("html", '<picture><source media="(max-width: 40rem)" srcset="'
    .. phone .. '"' .. external .. ">"))
  table.insert(shown, raw_inline("html", "</picture>"))
  return shown
end

local function figure(element)
  local image, count = nil, 0
  element:walk({Image = function(found) image, count = found, count + 1 end})
  if count ~= 1 then
    fault("the figure '" .. element.identifier .. "' must hold exactly one picture")
    return nil
  end
  local shown = picture(image, element)
  local phone = output == "html" and image.attributes.phone
  if phone then
    shown = for_phones(shown, phone)
  end
  local holder = pandoc.Plain(shown)
  if output == "docx" then
    holder = pandoc.Div({pandoc.Para(shown)}, {["custom-style"] = "Captioned Figure"})
  end
  return float(element.identifier, "fig", {holder}, caption_inlines(element.caption.long))
end

local function table_block(element)
  local label, caption = element.identifier, caption_inlines(element.caption.long)
  local captioned = label ~= "" or #caption > 0
  element.identifier = ""
  element.caption = {long = {}}
  local content = tables[output](element, captioned and label)
  return captioned and float(label, "tbl", content, caption) or content
end

local function inline_picture(image)
  local phone = output == "html" and image.attributes.phone
  local shown = picture(image)
  return phone and for_phones(shown, phone) or shown
end

return {figure = figure, inline_picture = inline_picture, table_block = table_block}
