import type { SettingName } from '../values/settings.ts';
import type { Location } from '../values/values.ts';
import type { Target } from './shared/target.ts';

export type Severity = 'error' | 'warning' | 'info';

/** The stages in the order in which a value passes them. */
export type Stage =
  | 'values'
  | 'base64'
  | 'pem'
  | 'private key'
  | 'certificate'
  | 'chain'
  | 'pair and platform'
  | 'cluster';

/** What rules need to know beside the target; all of it comes from the user's flags. */
export interface CheckOptions {
  /** The time at which validity is judged. */
  at: Date;
  /** Days before the end of validity at which `cert-expiring` starts. */
  expiresWithin: number;
  /** What the certificate's names are compared with instead of `general.lightrun_endpoint`. */
  host: string | null;
  /** The target is one of several files that Helm will merge. */
  partial: boolean;
  /** The target is all that Helm merged, not a file. */
  isMerged?: boolean;
}

/** What a rule found. The engine adds rule, severity and the place of the value it is about. */
export interface RawFinding {
  about: SettingName;
  /** What is wrong and what would have happened on install; full sentences, one paragraph. */
  message: string;
  /** The way out; full sentences, commands on indented lines of their own. */
  help: string;
  /** Where the finding is not at its value's own place. */
  location?: Location | null;
  path?: readonly string[];
  /** Where it differs from the rule's own. */
  severity?: Severity;
}

/** A rule with all that is known about it: `docs/rules.md` and `explain` are made from this. */
export interface Rule {
  id: string;
  severity: Severity;
  stage: Stage;
  /** One line, without a full stop. */
  title: string;
  /** When it fires, for a person. */
  means: string;
  /** What goes wrong without it. */
  why: string;
  /** Where that is written or measured: Lightrun's page, a chart fact, an RFC. */
  sources: readonly string[];
  /** YAML, PEM or shell. */
  bad: string;
  good: string;
  fix: string;
  /**
   * The groups of values it judges: `check` is called once a group, unless judgement of one of the group's
   * values has been stopped by an earlier rule.
   */
  appliesTo: readonly (readonly SettingName[])[];
  /**
   * `error`: where it finds an error, the value is not judged further.
   * `always`: likewise, whatever severity the user gave it, even off.
   */
  stops?: 'error' | 'always';
  /** Judges only values about which nothing worse than a warning has been said. */
  onlyWhenClean?: true;
  check(target: Target, options: CheckOptions, group: readonly SettingName[]): readonly RawFinding[];
}
