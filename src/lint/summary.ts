import { type Diagnostic, LintError } from '../errors.ts';
import { standIn } from '../rules/shared/placeholders.ts';
import { privateKeysOf, type Target } from '../rules/shared/target.ts';
import { display, escapeUnsafe } from '../text/display.ts';
import { MAX_NAME_LENGTH } from '../text/names.ts';
import { redact, redactPath } from '../text/redact.ts';
import { CHECKED_SETTINGS, isSet, isUnset, type SettingName, type Source } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Location } from '../values/values.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Role } from '../x509/chain/chain.ts';
import type { ConsumerAnswer, Finding, Outcome } from './check.ts';

/**
 * All that reports read of one target. It is plain data without the file's text, small enough to keep of ten thousand
 * files. All of it is redacted; what is not a finding's message has yet to be escaped.
 */
export interface Summary {
  /** The file's name, `<stdin>`, or the parts of a merged set. */
  name: string;
  /** How the certificate is given. */
  source: Source;
  /** The name in `existing_cert`, where that is a string and counts. */
  existingSecret: string | null;
  /** The kind of the object that the target is, where that makes the Secret; else null. */
  madeBy: string | null;
  /** Where the two sources of the certificate are in the file. */
  paths: { existingCert: readonly string[]; tls: readonly string[] };
  /** The Secret that the pods mount; null where the cluster was not asked. */
  live: { name: string; namespace: string; isFound: boolean; isRendered: boolean } | null;
  /** Why the Secret could not be read though it should have been. */
  unread: Diagnostic | null;
  /** What is wrong with a comment that should silence findings. */
  wrongComment: Diagnostic | null;
  /** How much of it was checked. */
  checked: Checked;
  /** What was not; empty where all of it was. */
  notChecked: readonly NotChecked[];
  /** What the check does not hold though all was checked, such as what Helm will fetch again. */
  notes: readonly string[];
  /** Whether the certificate was compared with that of the release as it runs. */
  isCompared: boolean;
  /** Settings without a value. */
  unset: readonly SettingName[];
  /** What was read of the bytes; null where there were none to read. */
  material: MaterialSummary | null;
  findings: readonly Finding[];
  /** What comments in the file silenced. */
  ignored: readonly Pick<Finding, 'rule' | 'severity' | 'location' | 'path'>[];
  consumers: readonly ConsumerAnswer[];
}

/** What reports read of the certificates and the private key. */
export interface MaterialSummary {
  /** Those that can be read, in file order. */
  certificates: readonly CertificateSummary[];
  /** The best path from the leaf up, as places in `certificates`; null where not all certificates can be read. */
  path: readonly number[] | null;
  isKeyOpened: boolean;
  /** Whether the private key belongs to the leaf. */
  isKeyOfLeaf: boolean;
}

/** What reports read of a certificate. */
export interface CertificateSummary {
  role: Role;
  /** What people call it. */
  title: string;
  /** RFC 4514; empty where the report does not show it, because decoding names slows a cold process. */
  subject: string;
  issuer: string;
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
  /** DNS names and IP addresses. */
  names: readonly string[];
  /** Such as `RSA 2048`. */
  publicKey: string;
  fingerprintSha256: string;
  pinSha256: string;
}

/**
 * Sums a checked target up for reports.
 * @param hasNames false where the report does not show whole subjects and issuers
 */
export function summarize(
  { target, findings, ignored, wrongComment, consumers, unread, notes }: Outcome,
  hasNames = true,
): Summary {
  const { name, source, settings, live, material } = target;
  const { value } = settings.existingCert;
  const keys = privateKeysOf(target);
  const pathOf = (path: readonly string[]) => redactPath(path, keys);
  const isSecretUsed = source === 'existing-secret' || source === 'conflict';
  const notChecked = [...notCheckedValues(target, unread !== undefined), ...layersNotChecked(target)];
  const secretName = isSecretUsed ? (live?.name ?? (typeof value === 'string' ? value : null)) : null;
  return {
    name,
    source,
    existingSecret: secretName === null ? null : redact(secretName, 'object name', keys),
    madeBy: target.maker?.kind ?? null,
    paths: {
      existingCert: pathOf(settings.existingCert.path),
      tls: pathOf(target.hasValues ? settings.tls.path : settings.crt.path.slice(0, -1)),
    },
    live: live && {
      name: live.name,
      namespace: live.namespace,
      isFound: live.found !== null,
      isRendered: live.isRendered,
    },
    unread: unread ? { message: unread.message, help: unread.help } : null,
    wrongComment: wrongComment ? { message: wrongComment.message, help: wrongComment.help } : null,
    checked: notChecked.length === 0 ? 'full' : isLookedAt(target) ? 'part' : 'none',
    notChecked: notChecked.map((each) => ({ ...each, path: pathOf(each.path) })),
    notes: notes ?? [],
    isCompared: target.upgrade !== null && target.upgrade.notCompared === null,
    unset: (Object.keys(settings) as SettingName[]).filter((each) => isUnset(settings[each].value)),
    material: material && {
      certificates: material.certificates.map((certificate, position) =>
        certificateSummary(certificate, material.chain?.roles[position] ?? 'extra', hasNames),
      ),
      path: material.chain?.path.map(({ index }) => index) ?? null,
      isKeyOpened: material.privateKey?.state === 'opened',
      isKeyOfLeaf: material.owned[0] !== undefined && material.owned[0] === material.chain?.leaf,
    },
    findings,
    ignored: (ignored ?? []).map(({ rule, severity, location, path }) => ({
      rule,
      severity,
      location,
      path,
    })),
    consumers,
  };
}

function certificateSummary(certificate: Certificate, role: Role, hasNames: boolean): CertificateSummary {
  const { dnsNames, ipAddresses, serialNumber, notBefore, notAfter } = certificate;
  const { publicKey, fingerprintSha256, pinSha256 } = certificate;
  return {
    role,
    title: certificate.title,
    subject: hasNames ? certificate.subject : '',
    issuer: hasNames ? certificate.issuer : '',
    serialNumber,
    notBefore,
    notAfter,
    names: [...dnsNames, ...ipAddresses],
    publicKey: publicKey.description,
    fingerprintSha256,
    pinSha256,
  };
}

/**
 * How much of a target was checked: `part` where something that it names could not be looked at, `none` where no
 * certificate, private key or Secret name in it was.
 */
export type Checked = 'full' | 'part' | 'none';

/** A value that was not checked, or not to the end. */
export interface NotChecked {
  name: SettingName;
  /** The whole path in the file; empty for the file as a whole. */
  path: readonly string[];
  /** Why, for people, without a full stop; safe to show. */
  reason: string;
  /**
   * `secret`: the cluster was not asked; `broken`: what is wrong with it keeps the rest from being checked; `layer`: it is
   * a whole layer of values, and the path is what the manifest calls it.
   */
  kind: 'unresolved' | 'absent' | 'broken' | 'secret' | 'missing' | 'unreadable' | 'layer';
  location: Location | null;
}

/** The layers of a release that are out of reach. */
function layersNotChecked({ delivery }: Target): NotChecked[] {
  return (delivery?.unknown ?? []).map(({ name, reason }) => ({
    name: 'certificate',
    path: [redact(name, 'value')],
    reason,
    kind: 'layer',
    location: null,
  }));
}

/** What nobody can call right: filled in later, absent, out of reach, or so broken that the rules stopped. */
function notCheckedValues(target: Target, isUnread: boolean): NotChecked[] {
  const { settings, source, material, live, diagnostic } = target;
  if (source === 'unreadable') {
    const location = diagnostic?.location ?? null;
    return [
      { name: 'certificate', path: [], reason: 'the values cannot be read', kind: 'unreadable', location },
    ];
  }
  const named = (name: SettingName, kind: NotChecked['kind'], reason: string): NotChecked => {
    const { path, location } = settings[name];
    return { name, path, reason, kind, location };
  };
  const unresolved = CHECKED_SETTINGS.flatMap((name) => {
    const resolver = [settings[name].value]
      .flat()
      .map(resolverOf)
      .find((each) => each !== null);
    return resolver ? [named(name, 'unresolved', `it is filled in later by ${resolver.name}`)] : [];
  });
  const isUnresolved = (name: SettingName) => unresolved.some((each) => each.name === name);
  if (isUnresolved('certificate') || isUnresolved('tls')) return unresolved;
  if (source === 'missing') {
    // It is in one of the layers that are out of reach.
    if (target.delivery && target.delivery.unknown.length > 0) return unresolved;
    return [...unresolved, named('certificate', 'missing', 'no certificate is set here')];
  }
  if (live !== null && live.found === null) {
    return [
      ...unresolved,
      named('existingCert', 'broken', live.going ? 'the Secret is going' : 'there is no such Secret'),
    ];
  }
  if (live === null && source !== 'inline') {
    const secret = `the Secret ${display(String(settings.existingCert.value), 'object name', MAX_NAME_LENGTH, privateKeysOf(target))}`;
    const reason = target.maker
      ? `${secret} is made in the cluster, by this ${target.maker.kind}`
      : isUnread
        ? `${secret} could not be read`
        : `the cluster was not asked what is in ${secret}`;
    const notRead = named('existingCert', 'secret', reason);
    return isUnresolved('existingCert') ? unresolved : [...unresolved, notRead];
  }
  const isRead = { crt: material?.chain != null, key: material?.privateKey?.state === 'opened' };
  const unread = (['crt', 'key'] as const)
    .filter((name) => !isRead[name] && !isUnresolved(name))
    .map((name) =>
      isUnset(settings[name].value)
        ? named(name, 'absent', 'it is not set here')
        : named(name, 'broken', 'what is wrong with it keeps the rest from being checked'),
    );
  return [...unresolved, ...unread];
}

/** Whether a certificate, a private key or the name of a Secret is there to look at. */
function isLookedAt({ settings }: Target): boolean {
  return ([settings.existingCert, settings.crt, settings.key] as const).some(({ value }) => {
    return typeof value === 'string' && isSet(value) && resolverOf(value) === null && standIn(value) === null;
  });
}

/**
 * Why a run that has to check a certificate fails.
 * @returns null where something was checked
 */
export function nothingCheckedError(summaries: readonly Summary[]): LintError | null {
  if (summaries.some(({ checked }) => checked !== 'none')) return null;
  return new LintError(
    'no certificate was checked, and --require-certificate is given',
    'Name the values that hold it, as they are when Helm reads them; lint -f FILE… checks them as Helm merges them.',
  );
}

/**
 * What was not checked though no finding says so: the cluster could not be asked, or a rule that would say it was
 * turned off. It is never skipped silently. Where there are errors, they come first.
 * @param partial missing values are not reported
 */
export function notCheckedError(summary: Summary, partial: boolean): LintError | null {
  const { name, source, findings, ignored, notChecked } = summary;
  const reason = summary.unread ?? summary.wrongComment;
  if (reason) return new LintError(reason.message, reason.help);
  const help = 'Fix it, or set the rule to warning or info instead of off.';
  const file = escapeUnsafe(name);
  if (findings.some(({ severity }) => severity === 'error')) return null;
  if (source === 'unreadable') {
    if (findings.length > 0) return null;
    return new LintError(
      `${file} was not checked: Helm cannot read it as YAML, and --rule values-syntax=off hides that`,
      help,
    );
  }
  const reported = new Set(
    findings.flatMap(({ path, related }) =>
      [path, ...related.map((each) => each.path)].map((each) => each.join('.')),
    ),
  );
  const isPartial = partial || notChecked.some(({ kind }) => kind === 'layer');
  for (const { path } of ignored) reported.add(path.join('.'));
  const isReported = ({ kind, path }: NotChecked) =>
    kind === 'secret' ||
    kind === 'missing' ||
    kind === 'layer' ||
    (kind === 'absent' && isPartial) ||
    reported.has(path.join('.'));
  const hidden = notChecked.filter((each) => !isReported(each));
  if (hidden.length === 0) return null;
  return new LintError(
    `${file}: ${hidden.map(({ path }) => escapeUnsafe(path.join('.'))).join(', ')} was not checked, and a rule that is off hides why`,
    help,
  );
}
