import { isDeepStrictEqual } from 'node:util';
import { readValues } from '../../src/values/read.ts';

/** What one Helm makes of a values file. */
interface Reading {
  values: unknown;
  error?: string;
}

/** What go-yaml makes of a values file, as each Helm calls it (`scripts/go-yaml/main.go`). */
export interface Readings {
  helm3: Reading;
  helm4: Reading;
}

/** Where this program and Helm part. */
export interface Difference {
  kind: 'accepted here, refused by Helm' | 'refused here, accepted by Helm' | 'read differently';
  detail: string;
}

/**
 * Compares how a values file is read with what go-yaml makes of it. A file is accepted where both Helms accept it.
 * @returns null where they agree
 */
export async function compare(text: string, { helm3, helm4 }: Readings): Promise<Difference | null> {
  const file = await readValues(Buffer.from(text), 'values.yaml');
  const error = helm4.error ?? helm3.error;
  if (!file.ok) {
    const { reason, location, byHelm } = file.problem;
    if (error !== undefined) return null;
    const detail = `${location.line}:${location.column} ${reason}${byHelm ? '' : ' (byHelm: false)'}`;
    return { kind: 'refused here, accepted by Helm', detail };
  }
  if (error !== undefined)
    return {
      kind: 'accepted here, refused by Helm',
      detail:
        helm4.error === undefined
          ? `Helm 3: ${error}`
          : helm3.error === undefined
            ? `Helm 4: ${error}`
            : error,
    };
  for (const [name, values, reading] of [
    ['Helm 4', file.values, helm4],
    ['Helm 3', file.firstDocument ?? file.values, helm3],
  ] as const) {
    // Helm 4 ends the last line of each document, Helm 3 does not: a block scalar that ends there differs.
    if (name === 'Helm 3' && !text.endsWith('\n')) continue;
    const here = JSON.parse(JSON.stringify(values.get([]).value));
    if (!isDeepStrictEqual(here, reading.values))
      return {
        kind: 'read differently',
        detail: `${name}: ${JSON.stringify(reading.values)}, here: ${JSON.stringify(here)}`,
      };
  }
  return null;
}
