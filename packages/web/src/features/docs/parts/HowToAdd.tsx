import classes from './HowToAdd.module.css';

const descriptor = `metadata:
  annotations:
    backstage.io/techdocs-ref: dir:.`;

/** How an entity gets documents, in three steps. */
export function HowToAdd() {
  return (
    <ol className={classes.steps}>
      <li>
        Write Markdown in a folder <code>docs</code> beside the descriptor, beginning with <code>docs/index.md</code>.
        An existing <code>mkdocs.yml</code> is read as it is; a README alone is enough.
      </li>
      <li>
        Name the place in <code>catalog-info.yaml</code>:<pre>{descriptor}</pre>
      </li>
      <li>Commit. The page is here when the catalog has read the descriptor; nothing has to be built.</li>
    </ol>
  );
}
