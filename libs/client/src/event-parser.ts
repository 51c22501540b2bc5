export interface ServerSentEvent {
  name: string;
  data: string;
}

/** Maximum number of characters in one event: twice the size of an order of 20,000 lines with the longest ids. */
const EVENT_LENGTH_MAX = 32_000_000;

/**
 * Parses server-sent events from text that arrives in arbitrary pieces. Comments, ids and retry times are ignored.
 * Source: WHATWG HTML, 9.2.6.
 * @returns a function that takes the next piece and returns the events that it completes; it throws an Error if one is too long
 */
export function createEventParser(): (piece: string) => ServerSentEvent[] {
  /** The pieces of an incomplete line that have been received so far. */
  const unfinished: string[] = [];
  let unfinishedLength = 0;
  let endedWithReturn = false;
  let name = '';
  let data: string[] = [];

  const readLine = (line: string): ServerSentEvent | undefined => {
    if (line === '') {
      const event = data.length > 0 ? { name: name || 'message', data: data.join('\n') } : undefined;
      name = '';
      data = [];
      return event;
    }
    const [field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!.slice(1);
    if (field === 'event') name = value ?? '';
    if (field === 'data') data.push(value ?? '');
    return undefined;
  };

  return (piece) => {
    if (piece === '') return [];
    // Skips the line feed of a CR LF pair that was split.
    const text = endedWithReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    endedWithReturn = piece.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    const incomplete = lines.pop()!;
    if (lines.length > 0) {
      lines[0] = unfinished.splice(0).join('') + lines[0]!;
      unfinishedLength = 0;
    }
    unfinished.push(incomplete);
    unfinishedLength += incomplete.length;
    const events = lines.flatMap((line) => readLine(line) ?? []);
    if (unfinishedLength + data.reduce((sum, { length }) => sum + length, 0) > EVENT_LENGTH_MAX)
      throw new Error(`an event has more than ${EVENT_LENGTH_MAX} characters`);
    return events;
  };
}
