import type { JsonValue } from '@callboard/model';
import type { KnownHost } from '../formats/backstage/repo-url.ts';
import type { Computation } from './compute.ts';

/** Why an expression could not be rendered, and where it stands in its text. */
export type RenderFault = { message: string; line: number; column: number; hint: string };

/** How skeleton files are rendered. */
export type TextOptions = { cookiecutter?: boolean; trimBlocks?: boolean; lstripBlocks?: boolean };

/** What the language knows besides the context: code hosts, and the time when it must not pass. */
export type LanguageSettings = { hosts: KnownHost[]; time?: string };

/** Values are rendered as a whole, texts one after the other so that each has its own result. */
export type RenderTask = LanguageSettings &
  (
    | { kind: 'value'; input: JsonValue; context: Record<string, JsonValue>; failed: boolean }
    | { kind: 'compute'; computation: Computation }
    | { kind: 'texts'; texts: string[]; from: number; context: Record<string, JsonValue>; options: TextOptions }
  );

/** A value whose expression failed keeps its text, and says so. */
export type ValueResult = {
  value: JsonValue | undefined;
  faults: (RenderFault & { path: string; text: string })[];
  /** whether `always()` or `failure()` was asked */
  asksStatus: boolean;
};

export type TextResult = { text: string } | { fault: RenderFault };

export type RenderAnswer =
  | { value: ValueResult }
  | { index: number; result: TextResult }
  | { done: true }
  | { computed: JsonValue }
  | { failure: string };
