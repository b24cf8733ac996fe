/** How bad a problem is: an error keeps data out or old, a warning does not, information asks for nothing. */
export type ProblemSeverity = 'error' | 'warning' | 'information';

/** One thing that is wrong with an input or a source, written for the person who must act. */
export type Problem = {
  code: string;
  severity: ProblemSeverity;
  message: string;
  fix: string;
  /** `file:/path` or `url:https://…` */
  location?: string;
  /** 1-based */
  line?: number;
  /** 1-based */
  column?: number;
  /** JSON pointer within the document, such as `/spec/owner` */
  path?: string;
  expected?: string;
  found?: string;
  entityRef?: string;
  /** ref of the owner that the document names, where it is not in the catalog and so cannot be asked */
  owner?: string;
};

/** A problem of one document before it is known where the document stands. */
export type Fault = Pick<Problem, 'code' | 'message' | 'fix' | 'expected' | 'found'> & {
  path: string;
  severity?: ProblemSeverity;
};

/** Shows a value in a message: as JSON, cut to a readable length. */
export function showValue(value: unknown, limit = 100): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
