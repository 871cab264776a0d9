import type { LiveSecret } from '../../values/live-secret.ts';
import type { Settings } from '../../values/settings.ts';
import type { Source } from '../../values/source.ts';
import type { Location, SyntaxProblem, Values } from '../../values/values.ts';
import type { Material } from '../../x509/material.ts';

/** One set of values with every fact that the rules check. */
export interface Target {
  /** What the report calls it: the file's name, or `<stdin>`. */
  name: string;
  /** Where the Lightrun chart's values sit; empty for the top. */
  root: readonly string[];
  /** Why the values cannot be read at all; then the rest is empty. */
  problem: SyntaxProblem | null;
  values: Values;
  settings: Settings;
  source: Source;
  /** Null where neither value holds a text to follow. */
  material: Material | null;
  /**
   * The Secret of `existing_cert`, null where the cluster was not asked. What is in it then stands in `settings` for
   * the two values, and in `material`.
   */
  live: LiveSecret | null;
  /** Where a second document starts whose presence makes Helm 3 and Helm 4 read different settings. */
  secondDocument: Location | null;
}
