/** Each keeps memory on every connection. */
const mostStatements = 200;

/**
 * Names for statements that a connection prepares once and then only runs: parsing and planning a long one takes as long as running it.
 * Those that come when there are many already go without.
 */
export function createStatementNames() {
  const names = new Map<string, string>();
  let given = 0;
  let isOn = true;
  return {
    nameOf(text: string): string | undefined {
      const known = names.get(text);
      if (known || !isOn || names.size >= mostStatements) return isOn ? known : undefined;
      given += 1;
      const name = `callboard_${given}`;
      names.set(text, name);
      return name;
    },
    /** Whether a statement failed for its name only, so that the same may be asked without. */
    isAtFault(error: unknown, text: string): boolean {
      const { code, message } = error as { code?: string; message?: string };
      // Its tables have other columns now. It is prepared anew under another name, which who failed at the same time may have done already.
      if (code === '0A000' && message?.includes('cached plan')) {
        names.delete(text);
        return true;
      }
      if (code !== '26000' && code !== '42P05') return false;
      // Some poolers give every transaction another connection, which does not know what the one before has prepared.
      isOn = false;
      return true;
    },
  };
}

export type StatementNames = ReturnType<typeof createStatementNames>;
