"""Renders the pages of a MkDocs site with the MkDocs of this machine: reference.py CONFIG PROFILE, JSON lines on standard output.

Plugins and hooks are left out, extensions that are not installed too; each is named in the first line. With the profile `techdocs` the
extensions of mkdocs-techdocs-core are switched on as that plugin does; truly sane lists, alerts and variables of the macros plugin, which
no package here brings, are done by what their documentation says.
"""
import importlib
import json
import logging
import os
import re
import sys
import tempfile

import yaml
from markdown import Extension
from markdown.blockprocessors import ListIndentProcessor, OListProcessor, UListProcessor

logging.disable(logging.CRITICAL)
config_path, profile = os.path.abspath(sys.argv[1]), sys.argv[2]
dropped = []


class Loader(yaml.SafeLoader):
    """Reads any tag: what a tag names is kept as text where it can be."""


def tagged(loader, suffix, node):
    if suffix.startswith('python/name:'):
        return {'!name': suffix.split(':', 1)[1]}
    if isinstance(node, yaml.MappingNode):
        return {'!object': suffix, **loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


Loader.add_multi_constructor('!', tagged)
Loader.add_multi_constructor('tag:yaml.org,2002:', tagged)


def named(value):
    """The function behind a name, as far as it is installed."""
    name = value.replace('material.extensions.emoji', 'pymdownx.emoji').replace('materialx.emoji', 'pymdownx.emoji')
    module, attribute = name.rsplit('.', 1)
    return getattr(importlib.import_module(module), attribute)


def plain(value):
    """The same as data, a tag as its text."""
    if isinstance(value, dict):
        if '!name' in value:
            return value['!name']
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def resolve(value):
    if isinstance(value, dict):
        if '!name' in value:
            return named(value['!name'])
        if '!object' in value:
            function = named(value['!object'].split(':', 1)[1])
            return function(**(value.get('kwds') or {}))
        return {key: resolve(one) for key, one in value.items()}
    if isinstance(value, list):
        return [resolve(one) for one in value]
    return value


class SaneLists(Extension):
    """Two spaces nest, kinds do not mix, a blank line ends a list of bullets."""

    def extendMarkdown(self, md):
        class Ordered(OListProcessor):
            SIBLING_TAGS = ['ol']

            def __init__(self, parser):
                super().__init__(parser)
                self.tab_length = 2
                self.RE = re.compile(r'^[ ]{0,1}\d+\.[ ]+(.*)')
                self.CHILD_RE = re.compile(r'^[ ]{0,1}((\d+\.))[ ]+(.*)')
                self.INDENT_RE = re.compile(r'^[ ]{2,3}((\d+\.)|[*+-])[ ]+.*')

        class Bullets(UListProcessor):
            SIBLING_TAGS = []

            def __init__(self, parser):
                super().__init__(parser)
                self.tab_length = 2
                self.RE = re.compile(r'^[ ]{0,1}[*+-][ ]+(.*)')
                self.CHILD_RE = re.compile(r'^[ ]{0,1}(([*+-]))[ ]+(.*)')
                self.INDENT_RE = re.compile(r'^[ ]{2,3}((\d+\.)|[*+-])[ ]+.*')

        class Indent(ListIndentProcessor):
            def __init__(self, parser):
                super().__init__(parser)
                self.tab_length = 2
                self.INDENT_RE = re.compile(r'^(([ ]{2})+)')

        md.parser.blockprocessors.register(Ordered(md.parser), 'olist', 50)
        md.parser.blockprocessors.register(Bullets(md.parser), 'ulist', 40)
        md.parser.blockprocessors.register(Indent(md.parser), 'indent', 95)


alert = re.compile(r'> {,3}\[!(\w+)]\s*\n((?:>.*(?:\n|$))+)', re.I)


def alerts(text):
    fences = re.split(r'(```.*?```)', text, flags=re.S)

    def change(match):
        kind = {'caution': 'danger', 'important': 'warning'}.get(match[1].lower(), match[1])
        body = ''.join('    ' + re.sub(r'^> ?', '', line) for line in match[2].splitlines(keepends=True))
        return f'!!! {kind} "{match[1].title()}"\n{body}'

    return ''.join(part if part.startswith('```') else alert.sub(change, part) for part in fences)


header = re.compile(r'^([> \t]*)(`{3,})[ \t]*(\.?[\w#.+:/-]*)[ \t]*(\{?[^`\n]*)$', re.M)
known = re.compile(r'^(?:(?:hl_lines|linenums|title)=(?:"[^"]*"|\'[^\']*\')[ \t]*)*$')


def readable(text):
    """Takes from fence headers what pymdownx refuses, so that the code is code in both."""
    def change(match):
        indent, fence, language, rest = match.groups()
        if known.match(rest) and not re.search('[:/]', language) or (rest.startswith('{') and not language and rest.rstrip().endswith('}')):
            return match[0]
        return f'{indent}{fence}{language}' + ''.join(f' {one}' for one in re.findall(r'(?:hl_lines|linenums|title)="[^"]*"', rest))
    return header.sub(change, text)


def merged(base, over):
    """Maps are merged, everything else is replaced."""
    both = {**base, **over}
    for key in base.keys() & over.keys():
        if isinstance(base[key], dict) and isinstance(over[key], dict):
            both[key] = merged(base[key], over[key])
    return both


def read_config(path):
    """A configuration with what it inherits."""
    with open(path, encoding='utf-8') as file:
        own = yaml.load(file.read(), Loader) or {}
    parent = own.pop('INHERIT', None)
    if not isinstance(parent, str):
        return own
    parent = os.path.join(os.path.dirname(path), parent)
    if not os.path.exists(parent):
        dropped.append(f'INHERIT: {parent}')
        return own
    return merged(read_config(parent), own)


config = read_config(config_path)
listed = config.get('plugins') or []
plugins = [name for entry in ([listed] if isinstance(listed, dict) else listed) for name in (entry if isinstance(entry, dict) else [str(entry)])]
dropped.extend(f'plugin {name}' for name in plugins if name not in ('search', 'techdocs-core', 'macros'))
dropped.extend(f'hook {hook}' for hook in config.get('hooks') or [])


def with_variables(text):
    """What the macros plugin makes of variables; functions of the site, which are not here, stay as written."""
    import jinja2
    extra = plain(config.get('extra') or {})
    site = {key: config.get(key) or '' for key in ('site_name', 'repo_url', 'site_url')}
    known = {'config': {**site, 'extra': extra}, **(extra if isinstance(extra, dict) else {})}

    def render(part):
        return jinja2.Environment(undefined=jinja2.DebugUndefined, keep_trailing_newline=True).from_string(part).render(known)

    def alone(match):
        try:
            return match[1] if match[1] is not None else render(match[0])
        except Exception:
            return match[0]

    try:
        return render(text)
    except Exception:
        return re.sub(r'\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}|\{\{.*?\}\}|\{#(?!\w).*?#\}', alone, text, flags=re.S)


extensions, options = [], {}


def add(name, own=None):
    try:
        own = resolve(own or {})
    except Exception as error:  # An option that names something that is not installed.
        dropped.append(f'{name}: {error}')
        own = {}
    if name not in extensions:
        extensions.append(name)
    options.setdefault(name, {}).update(own)


if profile == 'techdocs':
    import pymdownx.emoji
    add('admonition')
    add('toc', {'permalink': True})
    for name in ('caret', 'critic', 'details'):
        add('pymdownx.' + name)
    add('pymdownx.emoji', {'emoji_generator': pymdownx.emoji.to_svg})
    for name in ('inlinehilite', 'magiclink', 'mark', 'smartsymbols'):
        add('pymdownx.' + name)
    add('pymdownx.snippets')
    add('pymdownx.superfences')
    add('pymdownx.highlight', {'linenums': True, 'pygments_lang_class': True})
    add('pymdownx.extra', {'pymdownx.betterem': {'smart_enable': 'all'}})
    add('pymdownx.tabbed', {'alternate_style': True})
    add('pymdownx.tasklist', {'custom_checkbox': True})
    add('pymdownx.tilde')

listed = config.get('markdown_extensions') or []
if isinstance(listed, dict):
    listed = [{name: own} for name, own in listed.items()]
written = [
    {'name': name, 'options': plain(own) or {}}
    for entry in listed
    for name, own in (entry.items() if isinstance(entry, dict) else [(entry, None)])
]
for entry in listed:
    pairs = entry.items() if isinstance(entry, dict) else [(entry, None)]
    for name, own in pairs:
        short = name.replace('markdown.extensions.', '')
        try:
            try:
                importlib.import_module('markdown.extensions.' + short)
            except ImportError:
                importlib.import_module(short)
        except Exception:
            dropped.append(name)
            continue
        add(short, own)

if any(name in extensions for name in ('pymdownx.superfences', 'pymdownx.extra', 'pymdownx.highlight', 'pymdownx.inlinehilite')):
    add('pymdownx.highlight', {'pygments_lang_class': True})

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import get_files
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page
import markdown
from mkdocs.structure.pages import _RelativePathTreeprocessor, _RelativePathExtension

root = os.path.dirname(config_path)
docs_dir = config.get('docs_dir', 'docs')
docs_dir = os.path.join(root, docs_dir)
os.chdir(root)
mkdocs_config = MkDocsConfig(config_path)
mkdocs_config.load_dict({
    'site_name': str(config.get('site_name', 'Site')),
    'docs_dir': docs_dir,
    'site_dir': tempfile.mkdtemp(),
    'plugins': [],
    # A portal's pages are folders, whatever the site says of its own.
    'use_directory_urls': True,
    'markdown_extensions': [],
})
errors, warnings = mkdocs_config.validate()
if errors:
    print(json.dumps({'failed': str(errors)}))
    sys.exit(0)
# Extensions that refuse their options are left out too, one by one.
builtin = ['toc', 'tables', 'fenced_code']


def instance(names):
    return markdown.Markdown(extensions=names, extension_configs={name: options.get(name, {}) for name in names if isinstance(name, str)})


names = []
for name in builtin + [one for one in extensions if one not in builtin]:
    try:
        instance([*names, name])
        names.append(name)
    except Exception as error:
        try:
            options[name] = {}
            instance([*names, name])
            names.append(name)
            dropped.append(f'options of {name}: {error}')
        except Exception as second:
            dropped.append(f'{name}: {second}')
print(json.dumps({'dropped': dropped, 'docs': docs_dir, 'extensions': written}))
files = get_files(mkdocs_config)
for file in files.documentation_pages():
    page = Page(None, file, mkdocs_config)
    page.read_source(mkdocs_config)
    own = [SaneLists(), ] if profile == 'techdocs' else []
    text = with_variables(page.markdown) if 'macros' in plugins else page.markdown
    text = alerts(text) if profile == 'techdocs' else text
    text = readable(text)
    if 'emoji_index' in options.get('pymdownx.emoji', {}):
        # Material's icons are no part of what Debian packages.
        text = re.sub(r':(?:material|octicons|fontawesome|simple)-[\w-]+:', '', text)
    try:
        md = markdown.Markdown(
            extensions=[_RelativePathExtension(file, files), *names, *own],
            extension_configs={name: options.get(name, {}) for name in names},
        )
        print(json.dumps({'path': file.src_path, 'html': md.convert(text)}))
    except Exception as error:
        print(json.dumps({'path': file.src_path, 'failed': repr(error)}))
