/**
 * How the runner of GitHub Actions reads a line of a job's output.
 * @see actions/runner, ActionCommand: `TryParseV2`, else `TryParse`
 */
export interface RunnerCommand {
  name: string;
  properties: Record<string, string>;
  data: string;
}

const REGISTERED: ReadonlySet<string> = new Set([
  'error',
  'warning',
  'notice',
  'debug',
  'group',
  'endgroup',
  'echo',
  'add-mask',
  'add-matcher',
  'remove-matcher',
  'set-env',
  'set-output',
  'save-state',
  'add-path',
  'stop-commands',
]);

/** The command that a line is, null where it is none. */
export function readCommand(line: string): RunnerCommand | null {
  return readNewForm(line) ?? readOldForm(line);
}

function readNewForm(line: string): RunnerCommand | null {
  const text = line.trimStart();
  const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
  if (end < 0) return null;
  const list = { separator: ',', decode: unescaper(['%0D', '%0A', '%3A', '%2C', '%25']) };
  return commandOf(text.slice(2, end), text.slice(end + 2), list, unescaper(['%0D', '%0A', '%25']));
}

/** `##[` counts anywhere. */
function readOldForm(line: string): RunnerCommand | null {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return null;
  const decode = unescaper(['%3B', '%0D', '%0A', '%5D', '%25']);
  return commandOf(line.slice(start + 3, end), line.slice(end + 1), { separator: ';', decode }, decode);
}

function commandOf(
  head: string,
  data: string,
  list: { separator: string; decode(text: string): string },
  decodeData: (text: string) => string,
): RunnerCommand | null {
  const [name = '', ...rest] = head.split(' ');
  if (!REGISTERED.has(name.toLowerCase())) return null;
  const pairs = rest
    .join(' ')
    .trim()
    .split(list.separator)
    .map((pair) => /^=*([^=]+)=+(.+)$/s.exec(pair))
    .flatMap((found) => (found ? [[found[1], list.decode(found[2] ?? '')]] : []));
  return { name, properties: Object.fromEntries(pairs), data: decodeData(data) };
}

/** One after the other, over the whole text, as the runner does. */
function unescaper(escapes: readonly string[]): (text: string) => string {
  return (text) =>
    escapes.reduce(
      (result, each) => result.replaceAll(each, String.fromCharCode(Number.parseInt(each.slice(1), 16))),
      text,
    );
}

/**
 * The lines that a CI system would take for a command, read as each reads them: GitHub's and Azure's runners, which
 * compare by culture, TeamCity, and GitLab's log, here also without the ESC and CR that it wants.
 */
export function commandsOfCi(text: string): string[] {
  // What comparing by culture passes over, and colours.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are
  const plain = text.replace(/\p{Default_Ignorable_Code_Point}|\x1b\[\d*m/gu, '');
  return plain.split('\n').filter((line) => {
    const isMarked = /##(?:vso|teamcity|)\[/i.test(line) || /section_(?:start|end):/.test(line);
    return isMarked || line.trimStart().startsWith('::');
  });
}
