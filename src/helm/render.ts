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
  let first: Answer | null = null;
  for (const [as, ...own] of WAYS[command]) {
    const answer = await run(as, own);
    const release = as === 'template' ? manifestsIn(answer, command) : releaseIn(answer);
    if (release !== null) return release;
    first ??= answer;
    if (answer.isTimedOut) break;
  }
  throw await helmFailed(helm, first as Answer, 'Helm could not render the chart', secrets);
}

/**
 * How a command is rendered; the first that Helm can do. A dry run of an install fails on a kind that the chart itself
 * defines, and in a namespace that it makes; in Helm 4 so does a template that asks the cluster.
 */
const WAYS: Readonly<Record<HelmCommand, readonly (readonly [as: HelmCommand, ...own: string[]])[]>> = {
  install: [['install', '--dry-run=server', '--output=json'], ['template', '--dry-run=server'], ['template']],
  upgrade: [['upgrade', '--dry-run=server', '--output=json']],
  template: [['template']],
};

function manifestsIn({ status, stdout }: Answer, command: HelmCommand): Rendered | null {
  return status === 0 ? { manifests: stdout.toString(), isNew: command === 'install' } : null;
}

function ownFlags({ command, flags }: RenderRequest): string[] {
  const isLeftOut = (name: string) =>
    isGlobal(name) || LEFT_OUT.has(name) || (name === 'dry-run' && command !== 'template');
  return flags.filter(({ name }) => !isLeftOut(name)).flatMap(({ words }) => words);
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
  return {
    manifests: all.map((text) => text.replace(/(?<!\n)\n*$/, '\n')).join('---\n'),
    isNew: version === 1,
  };
}
