import type { ChainRefusal } from '../clients/clients.ts';
import type { Consumer } from '../clients/refusal.ts';
import type { SecretMaker } from '../delivery/secret-makers.ts';
import type { Kind } from '../text/redact.ts';
import type { SettingName } from '../values/settings.ts';
import type { Location } from '../values/values.ts';
import type { Certificate } from '../x509/certificate.ts';
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
  | 'upgrade'
  | 'cluster';

/** How this program was called, for command lines that are printed. */
export interface Invocation {
  /** `helm lightrun-cert`, `lightrun-cert` or `npx helm-lightrun-cert`. */
  program: string;
  /** The files of `--ca-file`, which `lint` and `encode` need again. */
  caFiles: readonly string[];
  /** What this command calls that flag. */
  caFileFlag: string;
  /** `kubectl` with the flags that lead to the same cluster. */
  kubectl: string;
}

/** What rules need to know beside the target; all of it comes from the user's flags. */
export interface CheckOptions {
  invocation: Invocation;
  /** The time at which validity is checked. */
  at: Date;
  /** Days before the end of validity at which `cert-expiring` starts. */
  expiresWithin: number;
  /** What the certificate's names are compared with instead of `general.lightrun_endpoint`. */
  host: string | null;
  /** The target is one of several files that Helm will merge. */
  partial: boolean;
  /** The target is all that Helm merged, not a file. */
  isMerged?: boolean;
  /** The name of the Helm release; null or absent where it is not known. */
  release?: string | null;
}

/** What every rule is given. */
export interface Context {
  target: Target;
  options: CheckOptions;
  /** What the user calls a value: its whole path in the file, such as `certificate.tls.crt`. */
  path(name: SettingName): string;
  /** What the user wrote somewhere in the values, as what it stands for: without private keys, escaped, not too long. */
  show(text: string, kind: Kind): string;
  /** A whole path of keys in the file, likewise. */
  showPath(path: readonly string[]): string;
  /**
   * Why clients refuse the chain at a time, by default that of the check; empty where there is none.
   * @throws LintError where it is too costly to check
   */
  chainRefusals(at?: Date): readonly ChainRefusal[];
}

/** A place in a values file, and the whole path of what is there. */
export interface Place {
  location: Location | null;
  path: readonly string[];
}

/** What a rule found. The engine adds rule, severity and the place of the value it is about. */
export interface RawFinding {
  about: SettingName;
  /** What is wrong and what would have happened on install; full sentences, one paragraph. */
  message: string;
  /** What to do; full sentences. */
  help: string;
  /**
   * Lines for a POSIX shell that, run in order where the program was called, leave the finding gone; see
   * `shared/commands.ts`. Where `lint --fix` does that, the engine puts it in their place.
   */
  commands?: readonly string[];
  /** The certificates that it is about; absent where that is the leaf, or none. */
  certificates?: readonly Certificate[];
  /** Further values that hold the same mistake. */
  also?: readonly SettingName[];
  /** Further places of the same mistake that are not values of their own. */
  related?: readonly Place[];
  /** Where the finding is not at its value's own place. */
  location?: Location | null;
  path?: readonly string[];
  /** Where it differs from the rule's own. */
  severity?: Severity;
  /** Who refuses, where it is not whom the rule names. */
  refusedBy?: readonly Consumer[];
}

/** A finding as a rule gives it: about the first value of its group unless it says otherwise. */
export type RuleFinding = Omit<RawFinding, 'about'> & Partial<Pick<RawFinding, 'about'>>;

/** What reports say of a rule. */
interface RuleHead {
  id: string;
  severity: Severity;
  /** Which consumers refuse what it finds; none where it works, and someone suffers later. */
  refusedBy: readonly Consumer[];
  stage: Stage;
  /** One line, without a full stop. */
  title: string;
}

/** What people read about a rule: `docs/rules.md` and `explain` are made from this. */
export interface RuleTexts {
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
}

/** How a rule takes part in a run. */
interface RuleConduct {
  /**
   * `error`: where it finds an error, later rules do not check the value.
   * `always`: the same, with any severity that the user gave it, even off.
   */
  stops?: 'error' | 'always';
  /** An error becomes a warning where no consumer that refuses is in use. */
  followsUse?: true;
  /** Checks only values about which nothing worse than a warning has been found. */
  onlyWhenClean?: true;
}

/** One value, or several that are checked together. */
export type SettingGroup = readonly [SettingName, ...SettingName[]];

/** A rule as the engine runs it. `textsOf` gives its documentation. */
export interface Rule extends RuleHead, RuleConduct {
  /** The values it checks: `check` is called once a group, unless an earlier rule stopped one of the group's values. */
  appliesTo: readonly SettingGroup[];
  /** A group is checked without the values that an earlier rule stopped, and only those with a finding are stopped. */
  isEach: boolean;
  check(context: Context, group: SettingGroup): readonly RawFinding[];
  /** What it finds in the object that makes the Secret of existing_cert. */
  checkMaker(context: Context, maker: SecretMaker): readonly RawFinding[];
}

/** The condition under which a rule applies, and what it then works on. `shared/needs.ts` has them all. */
export interface Needs<Facts extends object> {
  values: readonly SettingGroup[];
  /** The values of a group are checked together, but one that an earlier rule stopped does not keep the others back. */
  isEach?: true;
  /** The facts that `check` gets beside the context; null where the rule does not apply. */
  facts(context: Context, group: SettingGroup): Facts | null;
}

/** A rule as its file writes it. */
export interface RuleDefinition<Facts extends object> extends RuleHead, RuleTexts, RuleConduct {
  needs: Needs<Facts>;
  /** Pure: the same facts give the same findings. Null and an empty list mean that all is well. */
  check(facts: Context & Facts): RuleFinding | readonly RuleFinding[] | null;
  /** Pure: the same of an object that makes the Secret of existing_cert, before there is a certificate to look at. */
  checkMaker?(maker: SecretMaker, context: Context): MakerFinding | null;
}

/** What a rule finds in a field of such an object. */
export interface MakerFinding extends Pick<RawFinding, 'message' | 'help' | 'severity'> {
  /** The field's path. */
  field: readonly string[];
}

/** Makes a rule of its definition: `check` is asked only where all that the rule needs is there. */
export function rule<Facts extends object>({
  needs,
  check,
  checkMaker,
  ...rest
}: RuleDefinition<Facts>): Rule {
  return {
    ...rest,
    checkMaker(context, maker) {
      const found = checkMaker?.(maker, context) ?? null;
      if (found === null) return [];
      const { field, ...finding } = found;
      return [{ about: 'existingCert', ...finding, ...maker.placeOf(...field) }];
    },
    appliesTo: needs.values,
    isEach: needs.isEach ?? false,
    check(context, group) {
      const facts = needs.facts(context, group);
      const found = facts && check({ ...context, ...facts });
      const findings = (found === null ? [] : [found].flat()).map((finding) => ({
        about: group[0],
        ...finding,
      }));
      return PER_CERTIFICATE.has(rest.stage) ? joinAlike(findings, rest.refusedBy) : findings;
    },
  };
}

/** The stages whose rules look at each certificate. */
const PER_CERTIFICATE: ReadonlySet<Stage> = new Set<Stage>(['private key', 'certificate', 'chain']);

/**
 * Makes one finding of those that differ only in the certificate: the same mistake in each of several.
 * @param refusedBy who refuses where a finding does not say so
 */
function joinAlike(findings: readonly RawFinding[], refusedBy: readonly Consumer[]): RawFinding[] {
  const groups = new Map<string, RawFinding[]>();
  for (const finding of findings) {
    const { message, refusedBy: _, certificates: __, ...rest } = finding;
    const mistake = JSON.stringify(rest);
    groups.set(mistake, [...(groups.get(mistake) ?? []), finding]);
  }
  return [...groups.values()].map((alike) => {
    const [first, ...others] = alike as [RawFinding, ...RawFinding[]];
    if (others.length === 0) return first;
    const by = alike.flatMap((each) => each.refusedBy ?? refusedBy);
    return {
      ...first,
      refusedBy: [...new Set(by)],
      ...(first.certificates ? { certificates: alike.flatMap((each) => each.certificates ?? []) } : {}),
      message: joinMessages(alike.map(({ message }) => message)),
    };
  });
}

/** The messages one after the other; the sentences with which all of them end are said once. */
function joinMessages(messages: readonly string[]): string {
  const sentences = messages.map((message) => message.split(/(?<=\.) (?=[A-Z])/));
  const [first = []] = sentences;
  let common = 0;
  while (
    common < first.length - 1 &&
    sentences.every((each) => each.at(-1 - common) === first.at(-1 - common))
  )
    common += 1;
  const end = first.slice(first.length - common);
  return [...sentences.flatMap((each) => each.slice(0, each.length - common)), ...end].join(' ');
}
