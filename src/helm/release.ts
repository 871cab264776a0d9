import { isMap } from '../values/values.ts';
import { askCluster, type Helm } from './helm.ts';
import { helmFailed } from './helm-error.ts';

const NOT_FOUND = /release: not found/;

/**
 * The values of a release as it runs: its own over the chart's defaults.
 * @returns null where there is no such release
 * @throws LintError where Helm cannot read it
 */
export async function releaseValues(helm: Helm, release: string): Promise<Record<string, unknown> | null> {
  const answer = await askCluster(helm, ['get', 'values', release, '--all', '--output=json'], null, []);
  if (answer.status === 0) {
    const values: unknown = JSON.parse(answer.stdout.toString());
    return isMap(values) ? values : {};
  }
  if (NOT_FOUND.test(answer.stderr)) return null;
  throw await helmFailed(helm, answer, 'the release as it runs could not be read', []);
}

/**
 * The manifests of a release as it runs, without its hooks.
 * @throws LintError where Helm cannot read it
 */
export async function releaseManifest(helm: Helm, release: string): Promise<string> {
  const answer = await askCluster(helm, ['get', 'manifest', release], null, []);
  if (answer.status === 0) return answer.stdout.toString();
  throw await helmFailed(helm, answer, 'the release as it runs could not be read', []);
}
