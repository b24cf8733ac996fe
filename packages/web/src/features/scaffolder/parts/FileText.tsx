import { Copyable } from '../../../core/ui/index.ts';
import { bytesOf, size, textOf } from './files.ts';
import classes from './Files.module.css';

type FileTextProps = { path: string; base64Content: string; executable?: boolean };

const most = 5000;

/** What is in a file, with the numbers of its lines. */
export function FileText({ path, base64Content, executable = false }: FileTextProps) {
  const text = textOf(base64Content);
  const bytes = bytesOf(base64Content).length;
  const lines = text?.replace(/\n$/, '').split('\n') ?? [];
  return (
    <section className={classes.file} aria-label={path}>
      <div className={classes.head}>
        <code>{path}</code>
        <span className={classes.dim}>
          {size(bytes)}
          {executable ? ', executable' : ''}
        </span>
        {text === undefined ? null : (
          <Copyable text={text} label="Copy the file">
            <span />
          </Copyable>
        )}
      </div>
      {text === undefined ? (
        <p className={classes.dim}>This is not a text.</p>
      ) : text === '' ? (
        <p className={classes.dim}>The file is empty.</p>
      ) : (
        // A region that scrolls must be reachable by the keyboard.
        <pre className={classes.text} tabIndex={0} role="region" aria-label={`Text of ${path}`}>
          <code>
            {lines.slice(0, most).map((line, index) => (
              <span key={index} className={classes.line}>
                <span className={classes.number} aria-hidden="true">
                  {index + 1}
                </span>
                {line}
                {'\n'}
              </span>
            ))}
          </code>
          {lines.length > most ? <p className={classes.dim}>{lines.length - most} more lines</p> : null}
        </pre>
      )}
    </section>
  );
}
