-- The front matter: words of the language, options of the report, who renders it.
--
-- At Quarto's entry point 'pre-ast' its own keys (toc, number-sections, format) are not to be seen, a
-- key of a document hides that of the project, and 'toc-title' is Quarto's where a document has none.
-- What this filter needs stands therefore under the key 'report', in the project 'report-defaults'.

local shared = require("shared")
local languages = require("languages")
local scripts = require("scripts")
local families = require("families")
local tags = require("tags")
local cover = require("cover")
local output, words, options = shared.output, shared.words, shared.options
local stringify = pandoc.utils.stringify

local function read_words(language, own)
  for key, value in pairs(languages[language] or {}) do words[key] = value end
  for key, value in pairs(own or {}) do words[key] = stringify(value) end
  for key, _ in pairs(languages.en) do
    if not words[key] then
      shared.fault("no words for the language '" .. language .. "': '" .. key
        .. "' is missing under 'report: words:'")
    end
  end
end

-- The programs of this very rendering: Quarto names itself, the embedded renderer says what it is.
local function programs()
  local pandoc_version = "pandoc " .. tostring(PANDOC_VERSION)
  if quarto and quarto.version then
    local version = quarto.version
    local numbers = type(version) == "table" and table.concat(version, ".") or tostring(version)
    return "Quarto " .. numbers .. ", " .. pandoc_version
  end
  return pandoc_version
end

-- The day of the document as Typst wants it; a date in other words stays out.
local function typst_date(meta)
  local year, month, day = stringify(meta.date or ""):match("^(%d%d%d%d)%-(%d%d)%-(%d%d)")
  return year and pandoc.RawInline("typst", string.format("datetime(year: %d, month: %d, day: %d)",
    tonumber(year), tonumber(month), tonumber(day)))
end

local function read_options(meta)
  local found = meta["report-defaults"] or {}
  for key, value in pairs(meta.report or {}) do found[key] = value end
  meta.report, meta["report-defaults"] = nil, nil
  return found
end

-- The language as the format wants it, with the country whose customs it follows: 'pt-MZ'.
local function set_language(meta, language)
  local tag = tags[language] or stringify(meta.lang or "en")
  meta.lang = tag
  if output == "typst" then
    meta.lang = tag:match("^%a+")
    meta.region = tag:match("%-(%u%u)$")
  end
  for _, way in ipairs(meta.ways and meta.ways.others or {}) do
    if way.lang then way.lang = tags[stringify(way.lang)] or way.lang end
  end
end

local function read(meta)
  local report = read_options(meta)
  local language = (stringify(meta.lang or "en")):match("^%a+")
  read_words(language, report.words)
  set_language(meta, language)
  options.brief = meta.brief and true or false
  options.linked = report["linked-pictures"] == true
  options.numbered = report["number-sections"] == true
  options.contents = report.contents == true and output == "docx"
  options.contents_depth = tonumber(report["contents-depth"]
    and stringify(report["contents-depth"]) or "2")
  options.programs = programs()
  meta["contents-title"] = words["toc-title-document"]
  meta["skip-link"] = meta["skip-link"] or words["skip-link"]
  meta["numbered"] = options.numbered or nil
  meta["rendered-by"] = options.programs
  -- Which letters a page carries, and what they need.
  for name, _ in pairs(scripts[language] or {}) do meta[name] = true end
  options.rtl = meta.rtl ~= nil
  -- Pandoc marks each paragraph in Word by it.
  if options.rtl and output == "docx" then meta.dir = "rtl" end
  cover.read(meta)
  if output == "typst" then
    meta["date-typst"] = typst_date(meta)
    meta["families"] = pandoc.MetaInlines{pandoc.RawInline("typst", families)}
    meta["continued-word"] = words["crossref-tbl-continued"]
  end
  if output == "docx" then
    meta.date = meta["date-shown"] or meta.date
    if meta.status then
      meta.date = pandoc.MetaInlines(
        pandoc.Inlines(meta.date) .. { pandoc.LineBreak(), pandoc.Strong(pandoc.Inlines(meta.status)) }
      )
    end
    -- Below the title stand those who publish.
    local authors = meta.author or {}
    if meta.organisation and #authors == 0 then meta.author = {meta.organisation} end
    -- pandoc would put empty contents of its own before ours.
    meta.toc = nil
    -- Word shows it among the properties of the file.
    meta.description = meta.description or options.programs
  end
  return meta
end

-- '[]{.rendered-by}' becomes the names and versions of the programs; Typst names itself.
local function rendered_by(span)
  if span.classes:includes("rendered-by") then
    local typst = output == "typst" and {shared.raw_inline("typst", ", Typst #str(sys.version)")} or {}
    return {pandoc.Str(options.programs), table.unpack(typst)}
  end
end

return {read = read, rendered_by = rendered_by}
