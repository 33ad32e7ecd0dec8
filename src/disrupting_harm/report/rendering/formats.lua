-- All formats of one document in one run of pandoc: its Markdown is read once. Started as
-- `pandoc lua formats.lua`, with a job as JSON on standard input (see embedded.py):
--
--   reader, text     pandoc's name of the Markdown, and the body
--   abbreviations    words after which no line ends
--   filter           the shared filter
--   outputs          a list: 'to' (pandoc's name of the format), 'into' (the file to write),
--                    'metadata', and what holds for some formats: 'template', 'css', 'toc-depth',
--                    'reference-doc', 'extension', 'bibliography', 'csl'

-- Pandoc's command line has this width; it decides which tables take the whole width of the text.
local COLUMNS = 72

local function read_file(name)
  local file = assert(io.open(name, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

-- The front matter, with what a block of metadata within the body says in its place.
local function metadata(job, output, reading, within)
  local block = "---\n" .. pandoc.json.encode(output.metadata) .. "\n---\n"
  local meta = pandoc.read(block, job.reader, reading).meta
  for key, value in pairs(within) do meta[key] = value end
  meta.bibliography, meta.csl = output.bibliography, output.csl
  return meta
end

local function has_conditional(text)
  return text:find("content%-visible") ~= nil or text:find("content%-hidden") ~= nil
end

-- A filter knows its format by the name FORMAT, and keeps nothing from one format to the next. What
-- it finds under EMBEDDED spares it walks over every word.
local function filtered(doc, job, output)
  local embedded = {
    conditional = has_conditional(job.text),
    conditional_words = has_conditional((job.text:gsub("\n:::[^\n]*", ""))),
    references = job.text:find("@") ~= nil,
    checked = output ~= job.outputs[1],
    extension = output.extension,
  }
  local own = setmetatable({FORMAT = output.to, EMBEDDED = embedded}, {__index = _G})
  for _, pass in ipairs(assert(loadfile(job.filter, "t", own))()) do
    if next(pass) then doc = doc:walk(pass) end
  end
  return doc
end

local function cited(doc, output)
  return output.bibliography and pandoc.utils.citeproc(doc) or doc
end

-- Fonts are put into a page when it is written (see embedding.py): to read them as parts of a
-- template would take longer than all the rest of it.
local function template(name)
  local text = read_file(name):gsub("%$(fonts%-%a+%.html)%(%)%$\n", "<!-- %1 -->")
  return pandoc.template.compile(text, name)
end

local function options(output)
  return pandoc.WriterOptions({
    wrap_text = "none",
    highlight_method = "none",
    template = output.template and template(output.template),
    table_of_contents = output["toc-depth"] ~= nil,
    toc_depth = output["toc-depth"],
    reference_doc = output["reference-doc"],
    variables = output.css and {css = output.css},
  })
end

-- Typst would write the list of works, and the references to it, by itself.
local function writer(output)
  return output.to .. (output.to == "typst" and output.bibliography and "-citations" or "")
end

local job = pandoc.json.decode(io.read("a"), false)
local reading = pandoc.ReaderOptions({columns = COLUMNS, abbreviations = job.abbreviations})
local source = pandoc.read(job.text, job.reader, reading)
for _, output in ipairs(job.outputs) do
  local doc = pandoc.Pandoc(source.blocks, metadata(job, output, reading, source.meta))
  doc = cited(filtered(doc, job, output), output)
  local file = assert(io.open(output.into, "wb"))
  file:write(pandoc.write(doc, writer(output), options(output)))
  file:close()
end
