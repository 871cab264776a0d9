import type { Io } from '../io.ts';
import { displayWidth, truncate } from '../text/width.ts';
import { DEFAULT_WIDTH } from '../text/wrap.ts';

/** Shorter work says nothing. */
const SAID_AFTER = 2_000;
/** A line that changes more often cannot be read. */
const SHORTEST_LINE = 100;

/** Where it is said what work waits for. */
export type Terminal = Pick<Io, 'stderr' | 'terminalWidth'>;

/** Work that may take long. */
export interface Waiting {
  /** Says from now on what it waits for. */
  say(what: string): void;
  /** Wipes the line, such as before something else is written; `say` shows it again. */
  wipe(): void;
  /** Wipes the line for good. */
  end(): void;
}

/**
 * Begins work that may take long. On a terminal it says on standard error what it waits for once that has taken two
 * seconds, in one line that it wipes; elsewhere it says nothing.
 * @param terminal null where nothing may be said
 * @param what such as `Waiting for the cluster`; safe to show
 */
export function startWaiting(terminal: Terminal | null, what: string): Waiting {
  const began = Date.now();
  let text = what;
  let shownColumns = 0;
  let shownAt = Number.NEGATIVE_INFINITY;
  let isEnded = false;
  const wipe = () => {
    if (shownColumns > 0) terminal?.stderr(`\r${' '.repeat(shownColumns)}\r`);
    shownColumns = 0;
  };
  const show = () => {
    const width = terminal?.terminalWidth('stderr') ?? null;
    if (terminal === null || width === null || isEnded) return;
    wipe();
    // A line as wide as the terminal would take a second one.
    const line = truncate(`${text} …`, (width || DEFAULT_WIDTH) - 1);
    shownColumns = displayWidth(line);
    shownAt = Date.now();
    terminal.stderr(line);
  };
  const timer = terminal === null ? undefined : setTimeout(show, SAID_AFTER);
  return {
    say(next) {
      text = next;
      const now = Date.now();
      // Work that leaves no time to a timer shows it here.
      if (now - began >= SAID_AFTER && now - shownAt >= SHORTEST_LINE) show();
    },
    wipe,
    end() {
      isEnded = true;
      clearTimeout(timer);
      wipe();
    },
  };
}

/** Does one piece of work, and says meanwhile what it waits for. */
export async function whileWaiting<T>(
  terminal: Terminal | null,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const waiting = startWaiting(terminal, what);
  try {
    return await work();
  } finally {
    waiting.end();
  }
}
