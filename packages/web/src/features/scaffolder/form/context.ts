import type { JsonObject } from '@callboard/model';
import type { TemplateKey } from '../api.ts';

/** What fields may use beside their own value; the form builder hands it on to every field. */
export type FormContext = {
  /** The template as the portal knows it; none while it is being written. */
  template?: TemplateKey | undefined;
  /** Values of the whole form, all pages. */
  values: JsonObject;
  /** Secrets that were typed in; they live in this page only and are gone with it. */
  secrets: Record<string, string>;
  setSecret: (name: string, value: string) => void;
};
