-- What authors may write: an allow-list of attributes, of addresses, and nothing raw.
--
-- It looks at the tree that the reader made, before this filter adds anything of its own: both
-- engines read Markdown by themselves, Quarto raw HTML, too, and all formats come from this tree.
-- Whatever is not on the list is a fault, so that no author wonders where it went.

local shared = require("shared")

local SCHEMES = pandoc.List({"https", "http", "mailto", "tel"})
local ATTRIBUTES = pandoc.List({
  "alt", "collapse", "dir", "estimate", "fig-align", "fig-alt", "fig-cap", "file", "height", "high",
  "hreflang", "keep", "lang", "low", "n", "phone", "role", "scope", "start", "tbl-colwidths", "title",
  "unless-format", "when-format", "width",
})

local function shown(text)
  return #text > 60 and text:sub(1, 57) .. "..." or text
end

-- Browsers leave out blanks and control characters, take '\' for '/', and know no letter case here.
local function is_allowed(address, schemes)
  local plain = address:gsub("[%c%s]", ""):gsub("\\", "/"):lower()
  local scheme = plain:match("^(%a[%w+.-]*):")
  return scheme and schemes:includes(scheme) or not scheme and plain:sub(1, 2) ~= "//"
end

local function check_address(address)
  if not is_allowed(address, SCHEMES) then
    shared.fault("the address '" .. shown(address) .. "': write one with https, http, mailto or tel, or "
      .. "the way to a file")
  end
end

local function check_attributes(element)
  for name, _ in pairs(element.attributes) do
    -- What begins so runs nothing and brings nothing in.
    local inert = name:match("^data%-[%w-]+$") or name:match("^aria%-%a+$")
    if not inert and not ATTRIBUTES:includes(name) then
      shared.fault("the attribute '" .. shown(name) .. "': take it out; a document may have "
        .. table.concat(ATTRIBUTES, ", ") .. ", data-... and aria-...")
    end
  end
end

local function check_link(link)
  check_attributes(link)
  check_address(link.target)
end

local function check_picture(picture)
  check_attributes(picture)
  if not is_allowed(picture.src, pandoc.List()) then
    shared.fault("the picture '" .. shown(picture.src) .. "': put the file beside the document")
  end
end

-- Comments are all that Quarto's reader may leave as HTML.
local function check_raw(element)
  if not (element.format:match("^html") and element.text:match("^%s*<!%-%-.*%-%->%s*$")
      and not element.text:match("%-%->.*%-%->")) then
    shared.fault("raw " .. element.format .. " '" .. shown(element.text) .. "': write Markdown")
  end
end

-- A list of works makes links, too.
local function check_works(doc)
  if doc.meta.bibliography or doc.meta.references then
    local read, works = pcall(pandoc.utils.references, doc)
    for _, work in ipairs(read and works or {}) do
      for _, key in ipairs({"url", "URL"}) do
        if work[key] then check_address(pandoc.utils.stringify(work[key])) end
      end
    end
  end
end

return {
  Link = check_link, Image = check_picture, RawBlock = check_raw, RawInline = check_raw,
  Span = check_attributes, Div = check_attributes, Header = check_attributes,
  Code = check_attributes, CodeBlock = check_attributes, Table = check_attributes,
  Figure = check_attributes, Pandoc = check_works,
}
