-- What the parts of the filter share: the output format, words, options, labels and faults.

-- What formats.lua says besides, where it runs the filter: nothing under Quarto.
local own_renderer = EMBEDDED or {}

local shared = {
  -- Quarto's names of the formats, which 'when-format' uses.
  output = FORMAT:match("^html") and "html" or FORMAT:match("^typst") and "typst" or "docx",
  -- Whether some content, and some words, may be for some formats only; whether the text may refer
  -- to anything; whether it was checked before, with another format. To look is a walk over every word.
  conditional = own_renderer.conditional ~= false,
  conditional_words = own_renderer.conditional_words ~= false,
  references = own_renderer.references ~= false,
  checked = own_renderer.checked == true,
  -- Of pictures that the source names without one, where the reader has not added it.
  extension = own_renderer.extension,
  words = {},       -- words of the layout in the document's language
  options = {},     -- linked, numbered, contents, contents_depth, programs
  targets = {},     -- label -> {kind = "fig", number = "3"}
  faults = pandoc.List(),
  CALLOUTS = {note = true, tip = true, warning = true, important = true, caution = true},
  FLOAT_WORDS = {fig = "crossref-fig-title", tbl = "crossref-tbl-title"},
}

function shared.fault(message)
  shared.faults:insert(message)
end

function shared.word(key)
  return shared.words[key] or key
end

function shared.raw(format, text)
  return pandoc.RawBlock(format, text)
end

function shared.raw_inline(format, text)
  return pandoc.RawInline(format, text)
end

function shared.typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", " ") .. '"'
end

function shared.typst_text(text)
  return (text:gsub("[\\#%[%]*_`$<>@]", "\\%0"))
end

function shared.xml_text(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

function shared.float_kind(label)
  local kind = label:match("^(%a+)%-")
  return shared.FLOAT_WORDS[kind] and kind or nil
end

-- The lines of a paragraph, or of a list whose items are one paragraph each; nothing of another block.
local function lines_of(block)
  if block.t == "Para" then return {block.content} end
  local lines = {}
  for _, item in ipairs(block.t == "BulletList" and block.content or {}) do
    if #item ~= 1 or not item[1].content then return {} end
    lines[#lines + 1] = pandoc.Inlines({pandoc.Str("•\u{a0}")}) .. item[1].content
  end
  return lines
end

-- A box of words is one paragraph in Word, which no page tears; what has no lines stays below it.
function shared.one_paragraph(blocks)
  local whole = pandoc.Para({})
  while blocks[1] and #lines_of(blocks[1]) > 0 do
    for _, line in ipairs(lines_of(blocks:remove(1))) do
      if #whole.content > 0 then whole.content:insert(pandoc.LineBreak()) end
      whole.content:extend(line)
    end
  end
  if #whole.content > 0 then blocks:insert(1, whole) end
  return blocks
end

function shared.callout_kind(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if kind then
      if not shared.CALLOUTS[kind] then shared.fault("unknown callout '" .. kind .. "'") end
      return kind
    end
  end
end

return shared
