import { LintError } from '../errors.ts';
import { RULES } from '../rules/index.ts';
import type { Target } from '../rules/shared/target.ts';
import { isMap } from '../values/is-map.ts';
import { resolverOf } from '../values/unresolved.ts';
import type { Entry } from '../values/values.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Chain, Role } from '../x509/chain/chain.ts';
import type { Material } from '../x509/material.ts';
import type { PrivateKeyFacts } from '../x509/private-key.ts';
import type { Finding } from './check.ts';
import type { Outcome } from './lint.ts';

/** What reports read of a certificate. */
export type ReportedCertificate = Pick<
  Certificate,
  | 'index'
  | 'subject'
  | 'issuer'
  | 'commonName'
  | 'serialNumber'
  | 'notBefore'
  | 'notAfter'
  | 'dnsNames'
  | 'ipAddresses'
  | 'fingerprintSha256'
  | 'pinSha256'
> & { publicKey: Pick<Certificate['publicKey'], 'description'> };

/** What reports read of the bytes. */
export interface ReportedMaterial {
  certificates: readonly ReportedCertificate[];
  chain: { roles: readonly Role[]; leaf: ReportedCertificate; path: readonly ReportedCertificate[] } | null;
  privateKey: Pick<PrivateKeyFacts, 'state'> | null;
  owned: readonly ReportedCertificate[];
}

/** What reports read of a target. */
export type ReportedTarget = Pick<Target, 'name' | 'problem' | 'settings' | 'source' | 'live'> & {
  material: ReportedMaterial | null;
};

/** What reports read of an outcome. */
export interface Reported {
  target: ReportedTarget;
  findings: readonly Finding[];
  unread?: LintError;
}

/** The same as plain data, which a thread can hand to another. */
export interface Summary {
  target: ReportedTarget;
  findings: readonly (Omit<Finding, 'rule'> & { rule: string })[];
  unread: { message: string; help: string } | null;
}

/** Longer texts are base64 that has been read; nobody names a Secret or a host so. */
const LONGEST_KEPT = 300;

/**
 * What reports read of an outcome, and nothing more: the rest, with the file's text, takes more than half a megabyte.
 * @param hasNames whether the whole subjects and issuers are read, which takes time; else only where nothing shorter
 * names a certificate
 * @returns plain data that shares nothing with the outcome
 */
export function packed({ target, findings, unread }: Outcome, hasNames: boolean): Summary {
  const { name, problem, settings, source, live, material } = target;
  const entries = Object.entries(settings).map(([key, entry]) => [key, packedEntry(entry)]);
  return structuredClone({
    target: {
      name,
      problem,
      source,
      settings: Object.fromEntries(entries) as Target['settings'],
      live: live?.found ? { ...live, found: { ...live.found, crt: null, key: null } } : live,
      material: material && packedMaterial(material, hasNames),
    },
    findings: findings.map((finding) => ({ ...finding, rule: finding.rule.id })),
    unread: unread ? { message: unread.message, help: unread.help } : null,
  });
}

/** An outcome as far as reports read it, from its plain data. */
export function unpacked({ target, findings, unread }: Summary): Reported {
  return {
    target,
    findings: findings.map((finding) => ({ ...finding, rule: ruleOf(finding.rule) })),
    ...(unread ? { unread: new LintError(unread.message, unread.help) } : {}),
  };
}

const BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

function ruleOf(id: string): Finding['rule'] {
  const rule = BY_ID.get(id);
  if (!rule) throw new RangeError(`there is no rule ${id}`);
  return rule;
}

/** Whether it is set, and by what it is to be filled in, can still be told. */
function packedEntry(entry: Entry): Entry {
  const { value } = entry;
  if (typeof value === 'string' && value.length > LONGEST_KEPT && resolverOf(value) === null) {
    return { ...entry, value: value.slice(0, LONGEST_KEPT) };
  }
  return isMap(value) ? { ...entry, value: Object.keys(value).length === 0 ? {} : { '…': true } } : entry;
}

function packedMaterial(
  { certificates, chain, privateKey, owned }: Material,
  hasNames: boolean,
): ReportedMaterial {
  const pack = (certificate: Certificate) => packedCertificate(certificate, hasNames);
  const known = new Map(certificates.map((certificate) => [certificate, pack(certificate)]));
  const of = (certificate: Certificate) => known.get(certificate) ?? pack(certificate);
  const packedChain = ({ roles, leaf, path }: Chain) => ({ roles, leaf: of(leaf), path: path.map(of) });
  return {
    certificates: certificates.map(of),
    chain: chain && packedChain(chain),
    privateKey: privateKey && { state: privateKey.state },
    owned: owned.map(of),
  };
}

function packedCertificate(certificate: Certificate, hasNames: boolean): ReportedCertificate {
  const { index, commonName, serialNumber, notBefore, notAfter, dnsNames, ipAddresses } = certificate;
  const { fingerprintSha256, pinSha256, publicKey } = certificate;
  const isNamed = !hasNames && Boolean(commonName || dnsNames[0]);
  return {
    ...{ index, commonName, serialNumber, notBefore, notAfter, dnsNames, ipAddresses },
    ...{ fingerprintSha256, pinSha256, publicKey: { description: publicKey.description } },
    subject: isNamed ? '' : certificate.subject,
    issuer: isNamed ? '' : certificate.issuer,
  };
}
