import { isInUse } from '../clients/in-use.ts';
import { CONSUMERS, type Consumer } from '../clients/refusal.ts';
import type { LintError } from '../errors.ts';
import { RULES } from '../rules/index.ts';
import type { CheckOptions, Place, RawFinding, Rule, SettingGroup, Severity } from '../rules/rule.ts';
import { symptomsOfDamage } from '../rules/shared/damage.ts';
import { contextOf } from '../rules/shared/needs.ts';
import { privateKeysOf, type Target } from '../rules/shared/target.ts';
import { type PrivateKeys, redactPath } from '../text/redact.ts';
import type { SettingName } from '../values/settings.ts';
import type { Location } from '../values/values.ts';

/** The severities that the user gave rules, by identifier. */
export type Severities = ReadonlyMap<string, Severity | 'off'>;

/** A finding with everything that a report says of it: plain data. */
export interface Finding {
  /** The rule's identifier. */
  rule: string;
  severity: Severity;
  message: string;
  help: string;
  /** Lines for a POSIX shell that leave the finding gone; may be empty. */
  commands: readonly string[];
  /** Null where the value came from no file. */
  location: Location | null;
  /** Where it came from instead, if known, such as `--set certificate.tls.crt`. */
  origin: string | null;
  /** The whole path in the file, redacted; empty for the file as a whole. */
  path: readonly string[];
  /** Further places of the same mistake. */
  related: readonly Place[];
}

/** Whether other findings are of the same rule, at one of the places of a finding. */
export function isAmong(finding: Finding, others: readonly Finding[]): boolean {
  const placesOf = ({ path, related }: Finding) =>
    [path, ...related.map((each) => each.path)].map((each) => each.join('\0'));
  const places = new Set(placesOf(finding));
  return others.some(
    (other) => other.rule === finding.rule && placesOf(other).some((place) => places.has(place)),
  );
}

/** Whether `lint --fix` may leave a finding gone: only then is the code that tries it loaded. */
export function mayBeFixed({ target, findings }: Pick<Outcome, 'target' | 'findings'>): boolean {
  if (findings.length === 0) return false;
  return (
    target.material !== null || target.diagnostic !== null || findings.some(({ rule }) => MOVED.has(rule))
  );
}

/** Rules whose findings are fixed whatever the values hold. */
const MOVED: ReadonlySet<string> = new Set(['values-misplaced', 'values-many-documents']);

/** What one consumer makes of a target. */
export interface ConsumerAnswer {
  id: Consumer;
  /** Whether an installation with these values has it; null for a certificate and key without values. */
  inUse: boolean | null;
  accepts: boolean;
  /** The rules that say why it refuses. */
  because: readonly string[];
}

/** A target with what the rules found in it. */
export interface Outcome {
  target: Target;
  findings: Finding[];
  /** Every consumer, in the order of `CONSUMERS`; none where there is no certificate or key to look at. */
  consumers: readonly ConsumerAnswer[];
  /** Why the Secret that the values name could not be read, though it should have been. */
  unread?: LintError;
  /** The findings that comments in the file silenced. */
  ignored?: readonly Finding[];
  /** A comment that names no rule. */
  wrongComment?: LintError;
  /** What the check does not hold though all was checked, for people. */
  notes?: readonly string[];
}

/**
 * Runs all rules over one target, in their order. A value in which a stopping rule found an error is not checked by
 * later rules; all other values are. What a rule that is off finds counts for the consumers all the same.
 */
export function checkTarget(target: Target, options: CheckOptions & { severities: Severities }): Outcome {
  const findings: Finding[] = [];
  const refusing = new Map<Consumer, Set<string>>(CONSUMERS.map((consumer) => [consumer, new Set()]));
  const stopped = new Set<SettingName>();
  const faulty = new Set<SettingName>();
  const context = contextOf(target, options);
  const keys = privateKeysOf(target);
  const isSymptom = symptomsOfDamage(target);
  for (const rule of RULES) {
    const wanted = options.severities.get(rule.id) ?? null;
    for (const each of rule.appliesTo) {
      const group = withoutStopped(rule, each, stopped);
      if (group === null) continue;
      if (rule.onlyWhenClean && group.some((name) => faulty.has(name))) continue;
      for (const finding of rule.check(context, group)) {
        for (const consumer of refusedBy(rule, finding)) refusing.get(consumer)?.add(rule.id);
        if (isSymptom?.(rule, finding)) continue;
        const severity = wanted ?? severityOf(rule, finding, target);
        const found = [finding.about, ...(finding.also ?? [])];
        const concerned = new Set(rule.isEach ? found : [...group, ...found]);
        if (rule.stops === 'always' || (rule.stops === 'error' && severity === 'error')) {
          for (const name of concerned) stopped.add(name);
        }
        if (severity === 'off') continue;
        if (severity === 'error') for (const name of concerned) faulty.add(name);
        findings.push(findingOf(rule, severity, finding, target, keys));
      }
    }
    for (const finding of target.maker ? rule.checkMaker(context, target.maker) : []) {
      const severity = wanted ?? severityOf(rule, finding, target);
      if (severity !== 'off') findings.push(findingOf(rule, severity, finding, target, keys));
    }
    if (target.diagnostic !== null) break;
  }
  const isLookedAt = target.material !== null || target.diagnostic !== null;
  return { target, findings, consumers: isLookedAt ? answersOf(refusing, target) : [] };
}

/** The values of a group that a rule checks; null where it is not asked. */
function withoutStopped(
  { isEach }: Rule,
  group: SettingGroup,
  stopped: ReadonlySet<SettingName>,
): SettingGroup | null {
  const [first, ...others] = group.filter((name) => !stopped.has(name));
  if (first === undefined || (!isEach && others.length + 1 < group.length)) return null;
  return [first, ...others];
}

function answersOf(
  refusing: ReadonlyMap<Consumer, ReadonlySet<string>>,
  { settings, hasValues }: Target,
): ConsumerAnswer[] {
  return Array.from(refusing, ([id, because]) => ({
    id,
    inUse: hasValues ? isInUse(id, settings) : null,
    accepts: because.size === 0,
    because: [...because],
  }));
}

function refusedBy(rule: Rule, finding: RawFinding): readonly Consumer[] {
  return finding.refusedBy ?? rule.refusedBy;
}

/** An error for which nobody in use refuses is a warning, where the rule says so. */
function severityOf(rule: Rule, finding: RawFinding, { settings, hasValues }: Target): Severity {
  const severity = finding.severity ?? rule.severity;
  if (finding.severity || !rule.followsUse || severity !== 'error') return severity;
  const isRefused = refusedBy(rule, finding).some((consumer) => !hasValues || isInUse(consumer, settings));
  return isRefused ? 'error' : 'warning';
}

function findingOf(
  rule: Rule,
  severity: Severity,
  finding: RawFinding,
  target: Target,
  keys: PrivateKeys,
): Finding {
  const entry = target.settings[finding.about];
  const { message, help, commands = [] } = finding;
  const location = finding.location === undefined ? entry.location : finding.location;
  const origin = location === null ? (entry.origin ?? null) : null;
  return {
    rule: rule.id,
    severity,
    message,
    help,
    commands,
    location,
    origin,
    path: redactPath(finding.path ?? entry.path, keys),
    related: [...(finding.also ?? []).map((name) => target.settings[name]), ...(finding.related ?? [])].map(
      ({ location: place, path }) => ({ location: place, path: redactPath(path, keys) }),
    ),
  };
}
