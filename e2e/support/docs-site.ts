const parts = Array.from({ length: 14 }, (_, index) => {
  const number = index + 1;
  const ferries = 'The ferries leave the harbour in the morning and return in the evening. '.repeat(6);
  return `## Part ${number}\n\n${ferries}${number === 7 ? 'Ask the lighthouse keeper.' : ''}\n\n### Detail ${number}\n\nMore \`code\` here.\n`;
}).join('\n');

const plan =
  '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="400"><rect width="900" height="400" fill="#cde"/></svg>';

/** A site with each thing that documents can have. */
export const everything: Record<string, string> = {
  'mkdocs.yml': `site_name: Everything
theme:
  name: material
  features: [content.code.annotate]
plugins: [techdocs-core]
markdown_extensions: [admonition, attr_list, def_list, footnotes, md_in_html, pymdownx.details, pymdownx.keys, pymdownx.critic, pymdownx.caret, pymdownx.mark, pymdownx.tilde, pymdownx.emoji, pymdownx.inlinehilite, pymdownx.arithmatex]
nav:
  - Welcome: index.md
  - Guides:
      - guides/index.md
      - First: guides/first.md
      - Deep:
          - Second: guides/deep/second.md
  - Elements: elements.md
  - More: more.md
  - Empty: empty.md
`,
  'docs/index.md': '# Welcome\n\nSee [the first guide](guides/first.md) or [what is not there](nowhere.md).\n',
  'docs/empty.md': '\n',
  'docs/img/plan.svg': plan,
  'docs/guides/index.md': '# Guides\n\nAll of them.\n',
  'docs/guides/first.md': `# First guide\n\n${parts}`,
  'docs/guides/deep/second.md':
    '# Second\n\nBack to [part nine](../first.md#part-9), or to [another site](/docs/default/component/versioned).\n',
  'docs/more.md': '# More\n\n=== "Java"\n\n    More for Java\n\n=== "Go"\n\n    More for Go\n',
  'docs/elements.md': `# Elements

## Notes

!!! note
    A note with \`code\`.

!!! warning "Mind the gap"
    Text.

!!! danger
    Text.

??? tip "Closed"
    Hidden.

> [!IMPORTANT]
> An alert.

## Tabs

=== "Java"

    Text for Java

=== "Go"

    Text for Go

## Code

\`\`\`python title="app.py" linenums="1" hl_lines="2"
import os
x = 1  # (1)!
print(x)
\`\`\`

1.  What the note says

Inline \`#!python range(3)\` and \`plain\`, ++ctrl+alt+del++, ==marked==, {++added++}, {--removed--}, :smile:, :material-account:.

## Tables

| A | B | C | D | E | F | G | H | I | J |
|---|---|---|---|---|---|---|---|---|---|
| some-longer-text | some-longer-text | some-longer-text | some-longer-text | some-longer-text | some-longer-text | some-longer-text | some-longer-text | some-longer-text | some-longer-text |

- [x] done
- [ ] not done

Term
:   Definition

Footnote[^1].

[^1]: The footnote.

<div class="grid cards" markdown>

-   __One__

    Text.

-   __Two__

    Text.

</div>

## Formulas

Inline $a^2 + b^2$ and

$$
\\int_0^1 x\\,dx
$$

## Diagrams

\`\`\`mermaid
graph LR
  A[Start] --> B{Choice}
  B -->|yes| C[Go]
\`\`\`

\`\`\`mermaid
sequenceDiagram
  Alice->>Bob: Hello
\`\`\`

\`\`\`mermaid
graph LR
  A[broken -->
\`\`\`

## Images

![Plan](img/plan.svg)

![gone](missing.png)

DonaudampfschifffahrtselektrizitatenhauptbetriebswerkbauunterbeamtengesellschaftDonaudampfschifffahrtselektrizitaten
`,
};
