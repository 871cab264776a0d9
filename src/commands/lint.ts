import { CannotJudge } from '../errors.ts';
import type { Helm } from '../helm/helm.ts';
import type { ValuesWord } from '../helm/values-words.ts';
import type { Io } from '../io.ts';
import { type LintOptions, lint, type Outcome } from '../lint.ts';
import { type Problem, problemOf } from '../report/run.ts';
import { countFindings, isFailure } from '../report/summary.ts';
import { type Arguments, type Flag, quote, readArguments, seeHelp } from './flags.ts';
import { CONNECTION_FLAGS, HELM_TIMEOUT_FLAG, helmFrom } from './helm-flags.ts';
import { type Input, isSameFile, nameOf, readInput, STDIN } from './input.ts';
import { caFileFlag, JUDGING_FLAGS, judgingOptions, unjudgedBy } from './judging.ts';
import { reportProblem } from './problem.ts';
import { COLOR_FLAG, reportFlags, reportOptions, writeReport } from './report.ts';

const VALUES_FLAGS: readonly Flag[] = [
  {
    name: 'values',
    short: 'f',
    value: 'FILE',
    help: 'judge the one set of values that Helm merges; repeatable',
  },
  { name: 'set', value: 'KEY=VALUE', help: 'as in Helm; so are the next four; repeatable' },
  { name: 'set-string', value: 'KEY=VALUE', help: 'a value that is always a text' },
  { name: 'set-file', value: 'KEY=FILE', help: 'a value from a file' },
  { name: 'set-json', value: 'KEY=JSON', help: 'a value as JSON' },
  { name: 'set-literal', value: 'KEY=VALUE', help: 'a text taken as it stands' },
];

const CHART_FLAGS: readonly Flag[] = [
  {
    name: 'chart',
    value: 'CHART',
    help: "start from this chart's own values: a folder, an archive, repo/name, oci://…",
  },
  { name: 'version', value: 'VERSION', help: 'the version of the chart' },
  { name: 'repo', value: 'URL', help: 'the repository of the chart' },
];

const FIX_FLAGS: readonly Flag[] = [
  { name: 'fix', help: 'mend, in place, what has one right answer; then judge the rest' },
  { name: 'dry-run', help: 'with --fix: only say what would be mended' },
];

const CLUSTER_FLAG: Flag = {
  name: 'cluster',
  help: 'read the Secret that existing_cert names from the cluster, and judge what is in it',
};

export const LINT_FLAGS: readonly Flag[] = [
  ...FIX_FLAGS,
  ...VALUES_FLAGS,
  ...CHART_FLAGS,
  CLUSTER_FLAG,
  ...CONNECTION_FLAGS,
  HELM_TIMEOUT_FLAG,
  {
    name: 'partial',
    help: 'the file is one of several that Helm will merge: what is missing is not held against it',
  },
  ...JUDGING_FLAGS,
  caFileFlag(),
  ...reportFlags(),
  COLOR_FLAG,
  { name: 'help', short: 'h', help: 'show this help' },
];

const MOST_NAMED = 5;
const DEFAULT_FILE = 'values.yaml';

/**
 * `lint [FILE…]`: judges each values file on its own; with `-f`, `--set…` or `--chart` the one set that Helm merges.
 * @returns the exit status: 0 no finding that fails, 1 at least one, 2 not all could be judged
 * @throws CannotJudge where the arguments are wrong
 */
export async function runLint(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  const given = readArguments(args, LINT_FLAGS, 'lint');
  const report = reportOptions(given, 'lint', 'stdout');
  const caFiles = given.all('ca-file');
  const targets = targetsOf(given);
  refuseOverwriting(report.output, [...targets.flatMap(({ files }) => files), ...caFiles]);
  refuseFixing(given, targets);
  const helm = helmFrom(given, io);
  const options = await judgingOptions(given, io, caFiles, given.has('cluster') ? helm : null);

  const fixing = given.has('fix') ? { isDryRun: given.has('dry-run') } : null;

  const outcomes: Outcome[] = [];
  const problems: Problem[] = [];
  for (const target of targets) {
    try {
      const outcome = await target.lint(helm, options, io, fixing);
      outcomes.push(outcome);
      const unjudged = unjudgedBy(outcome, options.partial);
      if (unjudged !== null) throw unjudged;
    } catch (error) {
      if (!(error instanceof CannotJudge)) throw error;
      reportProblem(error, io);
      problems.push(problemOf(target.name, error));
    }
  }

  const strict = given.has('strict');
  const { at, severities } = options;
  const noun = targets[0]?.isMerged ? 'set of values' : 'file';
  const advice =
    report.format === 'text' && fixing === null ? await fixAdvice(outcomes, targets, options) : null;
  await writeReport(outcomes, report, { at, strict, severities, problems, noun, advice }, io);
  if (problems.length > 0) return 2;
  return isFailure(countFindings(outcomes), strict) ? 1 : 0;
}

/** One set of values to judge. */
interface Subject {
  /** What the report calls it where it could not be judged. */
  name: string;
  /** What is read for it. */
  files: readonly string[];
  isMerged: boolean;
  lint(helm: Helm, options: LintOptions, io: Io, fixing: Fixing | null): Promise<Outcome>;
}

interface Fixing {
  isDryRun: boolean;
}

function targetsOf(given: Arguments): Subject[] {
  const merging = [...VALUES_FLAGS, ...CHART_FLAGS].find(({ name }) => given.has(name));
  if (merging === undefined) {
    const files = given.positionals.length > 0 ? given.positionals : [DEFAULT_FILE];
    return files.map((file) => ({
      name: nameOf(file),
      files: [file],
      isMerged: false,
      lint: async (_helm, options, io, fixing) => {
        const input = readInput(file, io);
        const bytes = fixing === null ? input.bytes : await fixed(file, input, fixing, options, io);
        return lint(bytes, input.name, options);
      },
    }));
  }
  if (given.positionals.length > 0) {
    throw new CannotJudge(
      `--${merging.name} judges one merged set of values, so no further FILE can be given: ${quote(given.positionals[0] ?? '')}`,
      'Put -f before each file that Helm is to merge, or lint the files by themselves without it.',
    );
  }
  return [merged(given)];
}

async function fixed(
  file: string,
  input: Input,
  { isDryRun }: Fixing,
  options: LintOptions,
  io: Io,
): Promise<Buffer> {
  const { fixFile } = await import('./fix.ts');
  const { publicRoots } = await import('../material/roots.ts');
  return fixFile(file, input, { root: options.root, roots: options.roots ?? publicRoots(), isDryRun }, io);
}

function merged(given: Arguments): Subject {
  const chart = given.last('chart');
  const [version, repo] = [given.last('version'), given.last('repo')];
  if (chart === null && (version ?? repo) !== null) {
    throw new CannotJudge(
      '--version and --repo say where a chart is, and no --chart is given',
      seeHelp('lint'),
    );
  }
  const words: ValuesWord[] = VALUES_FLAGS.flatMap(({ name }) =>
    given.all(name).map((value) => ({ flag: `--${name}` as ValuesWord['flag'], value })),
  );
  return {
    name: [...(chart === null ? [] : [chart]), ...given.all('values')].join(' + ') || 'values',
    files: given.all('values'),
    isMerged: true,
    lint: async (helm, options, io) => {
      const { lintMerged } = await import('../merged-lint.ts');
      const { mergedInput } = await import('./merged-input.ts');
      const chartWords = [...(version ? [`--version=${version}`] : []), ...(repo ? [`--repo=${repo}`] : [])];
      return lintMerged(
        helm,
        {
          chart:
            chart === null
              ? null
              : { name: chart, words: chartWords, isFromRepo: Boolean(repo), secrets: [] },
          words,
          upgrade: null,
          ...mergedInput(words, io),
        },
        options,
      );
    },
  };
}

/** The command that mends what it can of the files that failed, where there is anything. */
async function fixAdvice(
  outcomes: readonly Outcome[],
  targets: readonly Subject[],
  { root, roots }: LintOptions,
): Promise<string | null> {
  const isFile = ({ target }: Outcome) =>
    targets.some(({ name, files, isMerged }) => name === target.name && !isMerged && !files.includes(STDIN));
  const failed = outcomes.filter((outcome) => countFindings([outcome]).error > 0 && isFile(outcome));
  if (failed.every(({ target }) => target.material === null)) return null;
  const { isFixable } = await import('./fix.ts');
  const { publicRoots } = await import('../material/roots.ts');
  const fixable = failed.filter(({ target }) => isFixable(target.settings, roots ?? publicRoots()));
  if (fixable.length === 0) return null;
  const names = fixable.length > MOST_NAMED ? ['FILE...'] : fixable.map(({ target }) => quote(target.name));
  const below = root.length > 0 ? ` --root ${quote(root.join('.'))}` : '';
  return `Some of this has one right answer, and can be mended in place:\n  helm lightrun-cert lint --fix${below} ${names.join(' ')}`;
}

function refuseFixing(given: Arguments, targets: readonly Subject[]): void {
  if (given.has('dry-run') && !given.has('fix')) {
    throw new CannotJudge('--dry-run says what --fix would do, and --fix is not given', seeHelp('lint'));
  }
  if (!given.has('fix')) return;
  if (targets.some(({ isMerged }) => isMerged)) {
    throw new CannotJudge(
      '--fix mends files by themselves, not what Helm would merge from them',
      'Name the file that holds the certificate without -f: lint --fix FILE.',
    );
  }
  if (targets.some(({ files }) => files.includes(STDIN))) {
    throw new CannotJudge(
      '--fix mends files in place, and standard input (-) is none',
      'Name the file itself.',
    );
  }
}

function refuseOverwriting(output: string | null, inputs: readonly string[]): void {
  if (inputs.filter((file) => file === STDIN).length > 1) {
    throw new CannotJudge('standard input (-) can be given only once', seeHelp('lint'));
  }
  if (output !== null && inputs.some((input) => isSameFile(input, output))) {
    throw new CannotJudge(
      `--output ${quote(output)} would overwrite a file that is read`,
      'Name another file for the report.',
    );
  }
}
