import { LintError } from '../errors.ts';
import { refuseOverwriting } from '../files/overwriting.ts';
import { nameOf, STDIN } from '../files/read.ts';
import { reportError } from '../files/system-error.ts';
import type { Helm } from '../helm/helm.ts';
import type { ValuesWord } from '../helm/values.ts';
import type { Io } from '../io.ts';
import { checked, type FileOptions, type LintResult, lintFile } from '../lint/file.ts';
import { filesOf } from '../lint/merged-input.ts';
import type { Reported } from '../lint/summary.ts';
import { readCheckOptions } from '../options/check-options.ts';
import { type Arguments, quote, readArguments, seeHelp } from '../options/flags.ts';
import { helmFrom } from '../options/helm.ts';
import { CHART_FLAGS, LINT_FLAGS, VALUES_FLAGS } from '../options/lint.ts';
import { problemOf } from '../report/context.ts';
import { countFindings, isFailure } from '../report/summary.ts';
import { reportOptions, writeReport } from '../report/write.ts';

const MOST_NAMED = 5;
/** Of more targets not all that was read is kept: it takes more than half a megabyte each. */
const MOST_KEPT = 20;
const DEFAULT_FILE = 'values.yaml';

/**
 * `lint [FILE…]`: judges each values file on its own; with `-f`, `--set…` or `--chart` the one set that Helm merges.
 * @returns the exit status: 0 no finding that fails, 1 at least one, 2 not all could be judged
 * @throws LintError where the arguments are wrong
 */
export async function runLint(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  const given = readArguments(args, LINT_FLAGS, 'lint');
  const report = reportOptions(given, 'lint', 'stdout');
  const caFiles = given.all('ca-file');
  const targets = targetsOf(given);
  refuseSecondStdin([...targets.flatMap(({ files }) => files), ...caFiles]);
  refuseOverwriting('--output', report.output, () => [
    ...targets.flatMap(({ inputs }) => inputs()),
    ...caFiles,
    ...given.all('kubeconfig'),
  ]);
  refuseFixing(given, targets);
  const helm = helmFrom(given, io);
  const options = await readCheckOptions(given, io, caFiles, given.has('cluster') ? helm : null);

  const fixing = given.has('fix') ? { isDryRun: given.has('dry-run') } : null;

  const wantsAdvice = report.format === 'text' && fixing === null;
  const many = { args, hasNames: report.format === 'json' };
  const results = await checkAll(targets, { lint: options, fixing, wantsAdvice }, many, helm, io);

  const strict = given.has('strict');
  const { at, severities } = options;
  const noun = targets[0]?.isMerged ? 'set of values' : 'file';
  const outcomes = results.flatMap(({ outcome }) => outcome ?? []);
  const problems = results.flatMap(({ problem }, at) =>
    problem === null ? [] : [problemOf(targets[at]?.name ?? '', problem)],
  );
  for (const { problem } of results) if (problem !== null) reportError(problem, io);
  const fixable = targets.filter((_, at) => results[at]?.isFixable).map(({ name }) => name);
  const advice = fixAdvice(fixable, options.root);
  await writeReport(outcomes, report, { at, strict, severities, problems, noun, advice }, io);
  if (problems.length > 0) return 2;
  return isFailure(countFindings(outcomes), strict) ? 1 : 0;
}

/** In the order of the targets; where there are many, only what reports read of each is kept. */
async function checkAll(
  targets: readonly Subject[],
  options: FileOptions,
  { args, hasNames }: { args: readonly string[]; hasNames: boolean },
  helm: Helm,
  io: Io,
): Promise<LintResult<Reported>[]> {
  if (targets.length > MOST_KEPT) {
    const files = targets.flatMap(({ files }) => files);
    const isThreaded = options.fixing === null && options.lint.readSecret === null && !files.includes(STDIN);
    const { lintFiles } = await import('../lint/files.ts');
    return lintFiles(files, args, options, { isThreaded, hasNames }, io);
  }
  const results: LintResult<Reported>[] = [];
  for (const target of targets) results.push(await target.checkTarget(options, helm, io));
  return results;
}

/** One set of values to judge. */
interface Subject {
  /** What the report calls it where it could not be judged. */
  name: string;
  /** The values files. */
  files: readonly string[];
  /** Lists all files that are read for it, those of a chart too. */
  inputs(): readonly string[];
  isMerged: boolean;
  checkTarget(options: FileOptions, helm: Helm, io: Io): Promise<LintResult<Reported>>;
}

function targetsOf(given: Arguments): Subject[] {
  const merging = [...VALUES_FLAGS, ...CHART_FLAGS].find(({ name }) => given.has(name));
  if (merging === undefined) {
    const files = given.positionals.length > 0 ? given.positionals : [DEFAULT_FILE];
    return files.map((file) => ({
      name: nameOf(file),
      files: [file],
      inputs: () => [file],
      isMerged: false,
      checkTarget: (options, _helm, io) => lintFile(file, options, io),
    }));
  }
  if (given.positionals.length > 0) {
    throw new LintError(
      `--${merging.name} judges one merged set of values, so no further FILE can be given: ${quote(given.positionals[0] ?? '')}`,
      'Put -f before each file that Helm is to merge, or lint the files by themselves without it.',
    );
  }
  return [merged(given)];
}

function merged(given: Arguments): Subject {
  const chart = given.last('chart');
  const [version, repo] = [given.last('version'), given.last('repo')];
  if (chart === null && (version ?? repo) !== null) {
    throw new LintError(
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
    inputs: () => filesOf(words, chart === null || repo ? null : chart),
    isMerged: true,
    checkTarget: ({ lint: options }, helm, io) =>
      checked(options.partial, async () => {
        const { lintMerged } = await import('../lint/merged.ts');
        const { mergedInput } = await import('../lint/merged-input.ts');
        const chartWords = [
          ...(version ? [`--version=${version}`] : []),
          ...(repo ? [`--repo=${repo}`] : []),
        ];
        const outcome = await lintMerged(
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
        return { outcome, isFixable: false };
      }),
  };
}

/** The command that mends what it can of the files that failed, where there is anything. */
function fixAdvice(files: readonly string[], root: readonly string[]): string | null {
  if (files.length === 0) return null;
  const names = files.length > MOST_NAMED ? ['FILE...'] : files.map(quote);
  const below = root.length > 0 ? ` --root ${quote(root.join('.'))}` : '';
  return `Some of this has one right answer, and can be mended in place:\n  helm lightrun-cert lint --fix${below} ${names.join(' ')}`;
}

function refuseFixing(given: Arguments, targets: readonly Subject[]): void {
  if (given.has('dry-run') && !given.has('fix')) {
    throw new LintError('--dry-run says what --fix would do, and --fix is not given', seeHelp('lint'));
  }
  if (!given.has('fix')) return;
  if (targets.some(({ isMerged }) => isMerged)) {
    throw new LintError(
      '--fix mends files by themselves, not what Helm would merge from them',
      'Name the file that holds the certificate without -f: lint --fix FILE.',
    );
  }
  if (targets.some(({ files }) => files.includes(STDIN))) {
    throw new LintError(
      '--fix mends files in place, and standard input (-) is none',
      'Name the file itself.',
    );
  }
}

function refuseSecondStdin(files: readonly string[]): void {
  if (files.filter((file) => file === STDIN).length > 1) {
    throw new LintError('standard input (-) can be given only once', seeHelp('lint'));
  }
}
