type StreamOptions = {
  /** where the stream is, from after the last message that was heard on */
  address: (last: string | undefined) => string;
  /** the events that are heard */
  kinds: readonly string[];
  /** @returns what to ask for after this message, and whether it is the last one */
  onMessage: (data: string, kind: string) => { last: string; isEnd: boolean } | undefined;
  onState: (isOpen: boolean) => void;
};

const again = 2000;

/**
 * Follows a stream of the portal to its end. One that breaks off goes on after the last message that was heard.
 *
 * @returns what ends it
 */
export function followStream({ address, kinds, onMessage, onState }: StreamOptions): () => void {
  let last: string | undefined;
  let source: EventSource | undefined;
  let retry: number | undefined;
  const hear = (message: MessageEvent<string>) => {
    const heard = onMessage(message.data, message.type);
    if (!heard) return;
    last = heard.last;
    if (heard.isEnd) source?.close();
  };
  const open = () => {
    source = new EventSource(address(last));
    for (const kind of kinds) source.addEventListener(kind, hear);
    source.addEventListener('open', () => onState(true));
    source.addEventListener('error', () => {
      // The browser would ask for everything again.
      source?.close();
      onState(false);
      retry = window.setTimeout(open, again);
    });
  };
  open();
  return () => {
    source?.close();
    window.clearTimeout(retry);
  };
}
