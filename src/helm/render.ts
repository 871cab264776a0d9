import { type GivenFlag, type HelmCommand, isGlobal } from './command-line.ts';
import { type Answer, askCluster, type Helm } from './helm.ts';
import { helmFailed } from './helm-error.ts';

/** A Helm command line whose manifests are wanted. */
export interface RenderRequest {
  command: HelmCommand;
  flags: readonly GivenFlag[];
  positionals: readonly string[];
}

/** What a Helm command would make. */
export interface Rendered {
  /** All manifests; hooks that stay only where they run before or after an install or upgrade. */
  manifests: string;
  /** Whether there is no release of that name before. */
  isNew: boolean;
}

/** Flags that change files, run other programs, wait, or print less or otherwise. */
const LEFT_OUT = new Set([
  'atomic',
  'dependency-update',
  'dry-run',
  'hide-secret',
  'output',
  'output-dir',
  'post-renderer',
  'post-renderer-args',
  'rollback-on-failure',
  'show-only',
  'timeout',
  'wait',
  'wait-for-jobs',
]);

/**
 * Renders what a Helm command is about to install, by its own dry run: nothing is written. A post-renderer is not run.
 * @param stdin what its values flags read of standard input
 * @param secrets strings of which no error may show a part
 * @throws LintError where Helm cannot render it
 */
export async function renderRelease(
  helm: Helm,
  request: RenderRequest,
  stdin: Buffer | null,
  secrets: readonly string[],
): Promise<Rendered> {
  const { command } = request;
  const run = (as: HelmCommand, own: readonly string[]) =>
    askCluster(helm, [as, ...request.positionals, ...ownFlags(request), ...own], stdin, secrets);
  if (command !== 'template') {
    const answer = await run(command, ['--dry-run=server', '--output=json']);
    const release = releaseIn(answer);
    if (release !== null) return release;
    // A dry run fails on a kind that the chart itself defines, or in a namespace that it makes.
    if (command === 'upgrade') throw await failed(answer);
  }
  const answer = await run('template', ['--dry-run=server']);
  if (answer.status === 0) return { manifests: answer.stdout.toString(), isNew: command === 'install' };
  throw await failed(answer);

  function failed(answer: Answer) {
    return helmFailed(helm, answer, 'Helm could not render the chart', secrets);
  }
}

function ownFlags({ flags }: RenderRequest): string[] {
  return flags.filter(({ name }) => !LEFT_OUT.has(name) && !isGlobal(name)).flatMap(({ words }) => words);
}

interface Release {
  version?: number;
  manifest?: string;
  hooks?: { manifest?: string; events?: string[]; delete_policies?: string[] }[] | null;
}

const EVENTS = /^(?:pre|post)-(?:install|upgrade)$/;

function releaseIn({ status, stdout }: Answer): Rendered | null {
  if (status !== 0) return null;
  const { version, manifest = '', hooks } = JSON.parse(stdout.toString()) as Release;
  const staying = (hooks ?? []).filter(
    ({ events = [], delete_policies: policies = [] }) =>
      events.some((event) => EVENTS.test(event)) && !policies.includes('hook-succeeded'),
  );
  const all = [manifest, ...staying.map((hook) => hook.manifest ?? '')];
  return { manifests: all.map((text) => text.replace(/\n*$/, '\n')).join('---\n'), isNew: version === 1 };
}
