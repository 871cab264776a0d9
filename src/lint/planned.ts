import type { HelmCommand } from '../helm/command-line.ts';
import type { Rendered } from '../helm/render.ts';
import { mountedCertificate, type RenderedSecret, renderedSecret } from '../manifests/rendered.ts';
import type { FoundSecret, LiveSecret, SecretReader } from '../values/live-secret.ts';

/** What a Helm command is about to do, as far as it decides on a Secret. */
export interface Plan {
  command: HelmCommand;
  /** Null where Helm makes a name up. */
  release: string | null;
  /** Whether it may make, or take over, a Secret of any name: the chart is an umbrella, or says so by a flag. */
  mayReplace: boolean;
  /** What it would make. Asked only where that decides. */
  render(): Promise<Rendered>;
}

/**
 * Reads the Secret as it will be after a Helm command: what the command makes, else what it leaves in the cluster.
 * @param read what is in the cluster now
 * @throws LintError where the cluster cannot be asked, or Helm cannot render the chart
 */
export function plannedReader(read: SecretReader, plan: Plan): SecretReader {
  return async (wanted) => {
    const name = wanted ?? mountedCertificate((await plan.render()).manifests);
    if (name === null) return null;
    const live = await read(name);
    if (live === null || live.going !== null || isLeftAlone(live, plan)) return live;
    const { manifests, isNew } = await plan.render();
    const made = await renderedSecret(manifests, name, live.namespace);
    if (made !== null) return { ...live, found: foundIn(made, plan), isRendered: true };
    const release = live.found?.release ?? null;
    const isDeleted = release !== null && release === plan.release && plan.command !== 'install' && !isNew;
    return isDeleted ? { ...live, found: null, going: { by: 'release', release } } : live;
  };
}

/** Helm refuses to change a Secret of another owner. */
function isLeftAlone({ found }: LiveSecret, { command, release, mayReplace }: Plan): boolean {
  if (found === null || mayReplace || command === 'template') return false;
  return found.release === null || found.release !== release;
}

function foundIn(made: RenderedSecret, { release }: Plan): FoundSecret {
  return { ...made, owner: { kind: 'Helm', name: release ?? 'of this command' }, release };
}
