import { type Previous, previousIn } from '../../src/lint/upgrade.ts';

/** The values of a release as it runs, from YAML. */
export function previous(yaml: string): Previous {
  return previousIn({ bytes: Buffer.from(yaml), name: 'old.yaml' });
}
