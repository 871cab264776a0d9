import { writeFileSync } from 'node:fs';
import { CannotJudge } from '../errors.ts';
import type { Io } from '../io.ts';
import { type LintOptions, lint, type Outcome } from '../lint.ts';
import { formatJson } from '../report/json.ts';
import { countFindings, isFailure } from '../report/summary.ts';
import { formatText } from '../report/text.ts';
import { harmless } from '../text/harmless.ts';
import { COLORED, PLAIN } from '../text/paint.ts';
import { shownPath } from '../text/shown.ts';
import { unjudgedValues } from '../unjudged.ts';
import { type Arguments, type Flag, quote, readArguments, seeHelp } from './flags.ts';
import { isSameFile, readInput, STDIN } from './input.ts';
import { reportProblem, systemProblem } from './problem.ts';
import { daysOf, hostOf, oneOf, rootOf, severitiesOf, timeOf } from './values-of-flags.ts';

export const LINT_FLAGS: readonly Flag[] = [
  {
    name: 'root',
    value: 'PATH',
    help: "where the Lightrun chart's values sit in an umbrella chart, such as lightrun",
  },
  {
    name: 'partial',
    help: 'the file is one of several that Helm will merge: what is missing is not held against it',
  },
  {
    name: 'host',
    value: 'NAME',
    help: 'the host that the certificate must name (default: general.lightrun_endpoint)',
  },
  {
    name: 'ca-file',
    value: 'FILE',
    help: 'PEM of further roots to count as known, for private CAs; repeatable',
  },
  { name: 'at', value: 'TIME', help: 'judge validity at this time, such as 2027-01-31 (default: now)' },
  {
    name: 'expires-within',
    value: 'DAYS',
    help: 'warn of certificates that expire within so many days (default: 30)',
  },
  { name: 'rule', value: 'ID=SEVERITY', help: 'set a rule to error, warning, info or off; repeatable' },
  { name: 'strict', help: 'warnings fail as errors do' },
  { name: 'format', value: 'FORMAT', help: 'text or json (default: text)' },
  { name: 'output', value: 'FILE', help: 'write the report there instead of standard output' },
  { name: 'color', value: 'WHEN', help: 'auto, always or never (default: auto)' },
  { name: 'help', short: 'h', help: 'show this help' },
];

const FORMATS = ['text', 'json'] as const;
const COLORS = ['auto', 'always', 'never'] as const;
const DEFAULT_FILE = 'values.yaml';
const DEFAULT_WIDTH = 80;
const WIDEST = 100;

/**
 * `lint [FILE…]`: judges each values file on its own.
 * @returns the exit status: 0 no finding that fails, 1 at least one, 2 not all could be judged
 * @throws CannotJudge where the arguments are wrong
 */
export async function runLint(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  const given = readArguments(args, LINT_FLAGS, 'lint');
  const format = oneOf(given, 'format', FORMATS, 'lint');
  const color = oneOf(given, 'color', COLORS, 'lint');
  const options = await lintOptions(given, io);
  const files = filesOf(given);

  const outcomes: Outcome[] = [];
  let unjudged = 0;
  for (const file of files) {
    try {
      const { bytes, name } = readInput(file, io);
      const outcome = await lint(bytes, name, options);
      outcomes.push(outcome);
      const hidden = hiddenBy(outcome, options.partial);
      if (hidden !== null) throw hidden;
    } catch (error) {
      if (!(error instanceof CannotJudge)) throw error;
      reportProblem(error, io);
      unjudged += 1;
    }
  }

  const output = given.last('output');
  const strict = given.has('strict');
  if (outcomes.length > 0 || format === 'json') {
    const width = Math.min(io.terminalWidth() ?? DEFAULT_WIDTH, WIDEST);
    const paint = isColored(color, output !== null, io) ? COLORED : PLAIN;
    const report =
      format === 'json'
        ? formatJson(outcomes)
        : formatText(outcomes, {
            paint,
            width,
            at: options.at,
            strict,
            unread: files.length - outcomes.length,
          });
    if (output === null) io.stdout(report);
    else writeReport(output, report);
  }
  if (unjudged > 0) return 2;
  return isFailure(countFindings(outcomes), strict) ? 1 : 0;
}

async function lintOptions(given: Arguments, io: Io): Promise<LintOptions> {
  const caFiles = given.all('ca-file');
  const { readCaFiles } = caFiles.length > 0 ? await import('./ca-file.ts') : { readCaFiles: null };
  return {
    at: timeOf(given, io.now()),
    expiresWithin: daysOf(given),
    host: hostOf(given),
    partial: given.has('partial'),
    root: rootOf(given),
    severities: severitiesOf(given),
    roots: readCaFiles ? readCaFiles(caFiles, io) : null,
  };
}

function filesOf(given: Arguments): string[] {
  const files = given.positionals.length > 0 ? given.positionals : [DEFAULT_FILE];
  const inputs = [...files, ...given.all('ca-file')];
  if (inputs.filter((file) => file === STDIN).length > 1) {
    throw new CannotJudge('standard input (-) can be given only once', seeHelp('lint'));
  }
  const output = given.last('output');
  if (output !== null && inputs.some((input) => isSameFile(input, output))) {
    throw new CannotJudge(
      `--output ${quote(output)} would overwrite a file that is read`,
      'Name another file for the report.',
    );
  }
  return files;
}

/**
 * What was not judged though no finding says so, because its rule was turned off: never passed over in silence.
 * Where there are errors, they come first.
 */
function hiddenBy({ target, verdicts }: Outcome, partial: boolean): CannotJudge | null {
  const help = 'Mend it, or set the rule to warning or info instead of off.';
  const file = harmless(target.name);
  if (verdicts.some(({ severity }) => severity === 'error')) return null;
  if (target.problem !== null && verdicts.length === 0) {
    return new CannotJudge(
      `${file} was not judged: it is not YAML that Helm reads, and --rule values-syntax=off hides it`,
      help,
    );
  }
  const spoken = new Set(verdicts.map(({ path }) => path.join('.')));
  const hidden = unjudgedValues(target)
    .filter(({ isAbsent }) => !(isAbsent && partial))
    .map(({ name }) => target.settings[name].path)
    .filter((path) => !spoken.has(path.join('.')));
  if (hidden.length === 0) return null;
  return new CannotJudge(
    `${file}: ${hidden.map(shownPath).join(', ')} was not judged, and a rule that is off hides why`,
    help,
  );
}

/** FORCE_COLOR goes before NO_COLOR, as in Node. */
function isColored(color: (typeof COLORS)[number], isToFile: boolean, io: Io): boolean {
  if (color !== 'auto') return color === 'always';
  const { FORCE_COLOR, NO_COLOR, TERM } = io.env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return !isToFile && TERM !== 'dumb' && io.terminalWidth() !== null;
}

function writeReport(path: string, report: string): void {
  try {
    writeFileSync(path, report);
  } catch (error) {
    throw systemProblem(`the report cannot be written to ${quote(path)}`, error);
  }
}
