/** The line that a place of a text is in; the first one when there is no such place. */
export const lineAt = (text: string, at: number): number => (at < 0 ? 1 : text.slice(0, at).split('\n').length);

/** The first line that has some words. */
export const lineOf = (text: string, words: string): number => lineAt(text, words === '' ? -1 : text.indexOf(words));

const plantuml = /^[ \t>]*(?:[`~]{3,}\s*\{?\s*\.?(?:plantuml|puml)\b|@start[a-z]+)/m;

/** Where the first PlantUML diagram of a page begins. */
export const lineOfPlantuml = (text: string): number => lineAt(text, text.search(plantuml));
