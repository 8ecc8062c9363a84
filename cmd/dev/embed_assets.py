# SPDX-License-Identifier: Apache-2.0
"""embed_assets.py FILE...: prints build/gen/page/asset_table.c from lib/page's assets, templates and texts, and Leaflet's files.

Templates become arrays of nodes, texts become one table a language, so nothing is parsed and nothing can fail when the service starts.
Stops the build with the file and the key when a text is missing, empty or lacks a placeholder, when a template asks for a text or a
partial that is not there, or when an SMS uses a character that would make it cost twice.
"""
import base64
import hashlib
import mimetypes
import pathlib
import re
import sys

# 3GPP TS 23.038 section 6.2.1: the default alphabet; anything else makes the message UCS-2, 70 characters a segment, not 160.
GSM_7_BIT = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
                "abcdefghijklmnopqrstuvwxyzäöñüà")
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
# The citizen's pages load scripts and a map of our own; data: is for the empty icon that spares a request.
CSP = "default-src 'none'; script-src 'self' '{}'; connect-src 'self'; style-src '{}'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
# What only officers read: a language may do without, and is then not offered at the desk. All else a citizen may read.
OFFICERS = ("account.", "audit.", "band.", "broadcast.", "case_step.", "channel.", "console.", "dashboard.", "delivery.", "delivery_reason.", "fault.cry_for_help",
            "fault.zone_", "give.", "heard.", "intake.", "map.", "merge.", "policy.", "problem.428.", "problem.broadcast_", "problem.conflict.", "problem.csrf.",
            "problem.merge", "problem.no_post_above.", "problem.no_way_to_text.", "problem.not_a_key.", "problem.not_merged.", "problem.not_the_gateway.", "problem.not_yours.",
            "problem.password_", "problem.reset_own.", "problem.totp_due.", "problem.why.", "queue.", "search.", "shift.", "sign_in.", "state.", "stored_via.",
            "theme.", "waiting_on.", "warden.", "wardens.", "why.", "zone.")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
TAG = re.compile(r"\{\{\{\s*(?P<raw>[a-z0-9_]+)\s*\}\}\}|\{\{(?P<sigil>[#^/>@]?)\s*(?P<name>[a-z0-9_.]+)\s*\}\}")


def stop(message):
    sys.exit(f"embed_assets: {message}")


def c_string(data):
    """A C string literal of bytes, broken after line ends."""
    out, line = [], ""
    for byte in data:
        if byte == 0x0A:
            line += "\\n"
            out.append(line)
            line = ""
        elif byte in b'"\\':
            line += "\\" + chr(byte)
        elif byte == 0x3F or not 0x20 <= byte < 0x7F:
            line += f"\\{byte:03o}"  # "?" too: trigraphs
        else:
            line += chr(byte)
    if line or not out:
        out.append(line)
    return "\n        ".join(f'"{part}"' for part in out)


def c_slice(text):
    data = text if isinstance(text, bytes) else text.encode()
    return f"{{{c_string(data)}, {len(data)}}}"


# --- texts ----------------------------------------------------------------------------------------------------------------
def unquote(line, where):
    match = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', line)
    if match is None:
        stop(f"{where}: not a quoted string: {line}")
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), match.group(1))


def read_po(path):
    """The entries of a .po file: msgid to msgstr; the header under ""."""
    entries, part, key, texts = {}, None, None, {}

    def finish():
        if "msgid" in texts:
            if texts["msgid"] in entries:
                stop(f"{path}: {texts['msgid']!r} is there twice")
            entries[texts["msgid"]] = texts.get("msgstr", "")
        texts.clear()

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where, line = f"{path}:{number}", line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith(("msgid ", "msgstr ")):
            key, line = line.split(" ", 1)
            if key == "msgid":
                finish()
            texts[key] = ""
        elif not line.startswith('"') or key is None:
            stop(f"{where}: neither msgid, msgstr nor a string: {line}")
        texts[key] += unquote(line, where)
    finish()
    return entries


def is_for_officers(texts):
    return any(key.startswith(OFFICERS) for key in texts)


def check_texts(path, texts, english, ucs2):
    officers = is_for_officers(texts) or texts is english
    for key in sorted(english.keys() | texts.keys()):
        if key not in english:
            stop(f"{path}: {key} is not in en.po")
        if key.startswith(OFFICERS) and not officers:
            continue
        if not texts.get(key, "").strip():
            stop(f"{path}: {key} has no text")
        if set(PLACEHOLDER.findall(texts[key])) != set(PLACEHOLDER.findall(english[key])):
            stop(f"{path}: {key} has other placeholders than in en.po")
        odd = {c for c in texts[key] if c not in GSM_7_BIT and c not in "{}"} if key.startswith("sms.") and not ucs2 else None
        if odd:
            stop(f"{path}: {key} has {' '.join(sorted(odd))}, not of the GSM 7-bit alphabet")


def read_languages(paths):
    """[(tag, name, direction, texts, whether the desk speaks it)], English first, then the desk's."""
    languages, read = [], {path: read_po(path) for path in paths}
    for path in sorted(paths, key=lambda p: (p.stem != "en", not is_for_officers(read[p]), p.stem)):
        texts = read[path]
        header = dict(line.split(": ", 1) for line in texts.pop("", "").splitlines() if ": " in line)
        if header.get("Language") != path.stem or "X-Name" not in header or header.get("X-Direction") not in ("ltr", "rtl"):
            stop(f"{path}: its header must name Language: {path.stem}, X-Name and X-Direction: ltr or rtl")
        english = languages[0][3] if languages else texts
        check_texts(path, texts, english, header.get("X-Sms") == "ucs-2")
        languages.append((path.stem, header["X-Name"], header["X-Direction"], {**english, **texts}, is_for_officers(texts)))
    if not languages or languages[0][0] != "en":
        stop("texts/en.po is missing")
    return languages


# --- assets ---------------------------------------------------------------------------------------------------------------
def squeeze_css(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s*([{};,])\s*|(?<=:) ", lambda m: m.group(1) or "", text).replace(";}", "}").strip()


def squeeze_js(text):
    """Without indentation and lines that only say why; for scripts that citizens' phones fetch. No text of theirs runs over lines."""
    text = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*\n", "", text, flags=re.S | re.M)
    text = re.sub(r"([;{}),])[ \t]+// .*$", r"\1", text, flags=re.M)
    return re.sub(r"^([ \t]*//.*)?\s+", "", text, flags=re.M)


def squeeze_html(text):
    """Without indentation and without lines that hold nothing but a section's tag."""
    text = re.sub(r"\{\{!.*?\}\}", "", text, flags=re.S)
    text = re.sub(r"^[ \t]*(\{\{[#^/>@][^}]*\}\})[ \t]*\n", r"\1", text, flags=re.M)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def source_hash(text):
    """CSP Level 3 section 2.3.1: the source that allows exactly this inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def check_script(path, keys):
    """The words that a script asks for by name are there; each script has a function of its own for them."""
    prefixes = {"words": ("console.{}",), "mapWords": ("map.{}",), "accountWords": ("account.{}",), "auditWords": ("audit.{}",), "tell": ("broadcast.{}",),
                "plural": ("broadcast.{}_one", "broadcast.{}_other"), "term": ("search.{}",), "take": ("intake.{}",), "rule": ("policy.{}",),
                "zoneWords": ("zone.{}",), "shiftWords": ("shift.{}",), "joined": ("merge.{}",), "told": ("heard.{}",), "ward": ("warden.{}",),
                "listWords": ("wardens.{}",), "giveWords": ("give.{}",), "countOf": ("wardens.{}_one", "wardens.{}_other")}
    for function, name in re.findall(rf'\b({"|".join(prefixes)})\("([a-z_]+)"', path.read_text(encoding="utf-8")):
        for key in (prefix.format(name) for prefix in prefixes[function]):
            if key not in keys:
                stop(f"{path}: no text {key} in en.po")


# --- templates ------------------------------------------------------------------------------------------------------------
class Templates:
    def __init__(self, paths, keys, assets):
        self.names = sorted(path.stem for path in paths)
        self.keys, self.assets, self.path = keys, assets, None
        self.nodes = {}
        for path in paths:
            self.path = path
            self.nodes[path.stem] = self.parse(squeeze_html(path.read_text(encoding="utf-8")))
        for name in self.names:
            self.check_depth(name, ())

    def check_depth(self, name, above):
        if name in above or len(above) > 6:
            stop(f"templates/{name}.html: includes itself, or is included too deep: {' > '.join(above)}")
        for kind, _, index in self.nodes[name]:
            if kind == "PARTIAL":
                self.check_depth(self.names[index], (*above, name))

    def parse(self, text):
        nodes, opened, end = [], [], 0
        for match in TAG.finditer(text):
            self.words(nodes, text[end:match.start()])
            end = match.end()
            if match["raw"]:
                nodes.append(["RAW", match["raw"], 0])
            elif match["sigil"] in ("#", "^"):
                opened.append(len(nodes))
                nodes.append(["SECTION" if match["sigil"] == "#" else "INVERTED", match["name"], 0])
            elif match["sigil"] == "/":
                if not opened or nodes[opened[-1]][1] != match["name"]:
                    stop(f"{self.path}: {match[0]} closes nothing")
                start = opened.pop()
                nodes[start][2] = len(nodes) - start - 1  # how many nodes are inside
            else:
                self.leaf(nodes, match["sigil"], match["name"])
        self.words(nodes, text[end:])
        if opened:
            stop(f"{self.path}: {{{{#{nodes[opened[-1]][1]}}}}} is not closed")
        return nodes

    def words(self, nodes, text):
        if "{{" in text or "}}" in text:
            stop(f"{self.path}: a tag nobody understands near {text[-60:]!r}")
        self.literal(nodes, text)

    @staticmethod
    def literal(nodes, text):
        if text:
            nodes.append(["LITERAL", text, 0])

    def leaf(self, nodes, sigil, name):
        if sigil == "@":
            self.literal(nodes, self.assets[name])
        elif sigil == ">":
            if name not in self.names:
                stop(f"{self.path}: no template {name}")
            nodes.append(["PARTIAL", name, self.names.index(name)])
        elif name.startswith("t."):
            if name[2:] not in self.keys:
                stop(f"{self.path}: no text {name[2:]} in en.po")
            nodes.append(["TEXT", name[2:], self.keys.index(name[2:])])
        else:
            nodes.append(["VALUE", name, 0])


# --- output ---------------------------------------------------------------------------------------------------------------
def print_assets(paths, minified):
    print("const struct page_asset page_asset_table[] = {")
    for path in paths:
        if path.name.startswith("leaflet"): # as Debian has it, but for the line that names a map of its source
            minified[path.name] = re.sub(r"(?m)^(//|/\*)# sourceMappingURL=.*$", "", path.read_text(encoding="utf-8"))
        data = minified[path.name].encode() if path.name in minified else path.read_bytes()
        kind = MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        tag = '"' + hashlib.sha256(data).hexdigest()[:24] + '"'
        print(f"    {{{c_slice(path.name)}, {c_slice(kind)},\n     {c_slice(data)},\n     {c_slice(tag)}}},")
    print("};\nconst size_t page_asset_table_count = sizeof(page_asset_table) / sizeof(page_asset_table[0]);\n")


def print_texts(languages, keys):
    print(f"const size_t page_text_key_count = {len(keys)};\nconst struct slice page_text_keys[] = {{")
    print("".join(f"    {c_slice(key)},\n" for key in keys) + "};\n")
    for tag, _, _, texts, _ in languages:
        print(f"static const struct slice texts_{tag}[] = {{")
        print("".join(f"    {c_slice(texts[key])},\n" for key in keys) + "};\n")
    print("const struct page_language page_language_table[] = {")
    for tag, name, direction, _, officers in languages:
        print(f"    {{{c_slice(tag)}, {c_slice(name)}, {c_slice(direction)}, texts_{tag}, {str(officers).lower()}}},")
    print("};\nconst size_t page_language_table_count = sizeof(page_language_table) / sizeof(page_language_table[0]);\n")


def print_templates(templates):
    for name in templates.names:
        print(f"static const struct page_node nodes_{name}[] = {{")
        for kind, text, index in templates.nodes[name]:
            print(f"    {{PAGE_NODE_{kind}, {index}, {c_slice(text)}}},")
        print("};\n")
    print("const struct page_template page_template_table[] = {")
    for name in templates.names:
        print(f"    {{{c_slice(name)}, nodes_{name}, sizeof(nodes_{name}) / sizeof(nodes_{name}[0])}},")
    print("};\nconst size_t page_template_table_count = sizeof(page_template_table) / sizeof(page_template_table[0]);")


def main():
    paths = [pathlib.Path(name) for name in sys.argv[1:]]
    of = {folder: sorted(path for path in paths if path.parent.name == folder) for folder in ("assets", "templates", "texts")}
    of["assets"] = sorted(of["assets"] + [path for path in paths if path.name.startswith("leaflet")])
    languages = read_languages(of["texts"])
    keys = sorted(languages[0][3])
    minified = {path.name: squeeze_css(path.read_text(encoding="utf-8")) for path in of["assets"]
                if path.suffix == ".css" and not path.name.startswith("leaflet")}
    minified |= {path.name: squeeze_js(path.read_text(encoding="utf-8")) for path in of["assets"] if path.name in ("offline.js", "more.js")}
    for path in of["assets"]:
        if path.suffix == ".js":
            check_script(path, keys)
    templates = Templates(of["templates"], keys, minified)
    print("/* SPDX-License-Identifier: Apache-2.0\n * Made by cmd/dev/embed_assets.py from lib/page; do not edit. */")
    print('#include "page/table.h"\n')
    print(f"const char page_csp_public[] = \"{CSP.format(source_hash(minified['offline.js']), source_hash(minified['muster.css']))}\";\n")
    print_assets(of["assets"], minified)
    print_texts(languages, keys)
    print_templates(templates)


main()
