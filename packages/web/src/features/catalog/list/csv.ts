/** Programs take a cell that begins so for a formula; with an apostrophe in front it stays a text. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const special = /[",\r\n;\t]/;

/** One cell: safe to open in a spreadsheet, and read back whole by a program. */
export function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of a CSV file (RFC 4180). */
export const csvLine = (cells: string[]): string => `${cells.map(csvCell).join(',')}\r\n`;
