const pipelines = /\$\{\{-?\s*(?:github|secrets|env|matrix|vars|needs|runner|inputs|steps\.[\w-]+\.outputs)\b/;

/**
 * The first line whose `${{ }}` belongs to a pipeline of GitHub Actions and would be rendered to nothing; undefined when there is none.
 */
export function pipelineExpression(text: string): { line: number; text: string } | undefined {
  const found = pipelines.exec(text);
  if (!found) return undefined;
  const raw = text.lastIndexOf('{% raw', found.index);
  if (raw >= 0 && text.indexOf('{% endraw', raw) > found.index) return undefined;
  const line = text.slice(0, found.index).split('\n').length;
  return { line, text: text.split('\n')[line - 1]!.trim().slice(0, 120) };
}
