-- The printed forms of published numbers, as Python wrote them; nothing is formatted here.
--
-- Stands at the head of both files of this extension. They lie in one JSON file a language and
-- country: 'country', 'front' (watermark, status and date of the note), then the Markdown by shortcode and
-- id, and under 'refused' why there is none.

local NAMES = {"number", "interval", "share", "sentence", "figure", "table"}
local FOLDER = "_extensions/disrupting-harm/"
local READER = "markdown-raw_html-raw_tex-tex_math_dollars"
local UNKNOWN = "it is not among the printed forms beside this note; 'disrupting-harm render' adds what is "
  .. "published of other countries and tables, or names the nearest id"

local forms

local function text_of(meta)
  return meta and pandoc.utils.stringify(meta) or ""
end

local function stop(message)
  io.stderr:write(message, "\n")
  os.exit(3)
end

-- The file beside the document or, in a project of another kind, beside this script.
local function open(name)
  local file = io.open(FOLDER .. name, "r")
  if not file and quarto and quarto.utils and quarto.utils.resolve_path then
    file = io.open(quarto.utils.resolve_path(name), "r")
  end
  return file
end

-- Read the forms of a document's language and country when its first shortcode asks for them.
local function read_forms(meta)
  if forms then return end
  local country = text_of(meta.country)
  local name = text_of(meta.lang) .. "-" .. (country ~= "" and country or "all") .. ".json"
  local file = open(name)
  if not file then
    stop("no file '" .. name .. "' in " .. FOLDER .. ": run 'disrupting-harm render' on this note once")
  end
  forms = pandoc.json.decode(file:read("a"), false)
  file:close()
end

-- A country of the front matter, and the measure of an estimate, may be left out.
local function ids(name)
  local full = forms.country ~= "" and (forms.country .. "/" .. name) or name
  return {name, full, name .. "/estimate", full .. "/estimate", name:gsub("/estimate$", ""),
    (full:gsub("/estimate$", ""))}
end

-- The Markdown of a shortcode; without one, nil and why.
local function printed(kind, name)
  local why = UNKNOWN
  for _, id in ipairs(ids(name)) do
    if forms[kind][id] then return forms[kind][id] end
    why = forms.refused[kind .. " " .. id] or why
  end
  return nil, "{{< " .. kind .. " " .. name .. " >}}: " .. why
end

-- Read as the document was read: pictures get the ending of its format.
local function blocks(text)
  return pandoc.read(text, READER, PANDOC_READER_OPTIONS).blocks
end
