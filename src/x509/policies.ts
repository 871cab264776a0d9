import { contentOf, dottedOid, integerOf, readElement, sequenceOf, TAG } from './asn1.ts';

/** One policy of certificatePolicies (RFC 5280 section 4.2.1.4). */
export interface PolicyInformation {
  policyIdentifier: string;
  /** Java refuses them in a critical extension. */
  hasQualifiers: boolean;
}

/** One mapping of policyMappings (RFC 5280 section 4.2.1.5). */
export interface PolicyMapping {
  issuerDomainPolicy: string;
  subjectDomainPolicy: string;
}

/** policyConstraints (RFC 5280 section 4.2.1.11): numbers of certificates, null where not set. */
export interface PolicyConstraints {
  requireExplicitPolicy: number | null;
  inhibitPolicyMapping: number | null;
}

/** Reads the value of certificatePolicies. @throws Asn1Error where it is malformed */
export function readCertificatePolicies(value: Buffer): PolicyInformation[] {
  return sequenceOf(readElement(value)).map((information) => {
    const [identifier, qualifiers] = sequenceOf(information);
    return { policyIdentifier: dottedOid(identifier), hasQualifiers: qualifiers !== undefined };
  });
}

/** Reads the value of policyMappings. @throws Asn1Error where it is malformed */
export function readPolicyMappings(value: Buffer): PolicyMapping[] {
  return sequenceOf(readElement(value)).map((mapping) => {
    const [issuer, subject] = sequenceOf(mapping);
    return { issuerDomainPolicy: dottedOid(issuer), subjectDomainPolicy: dottedOid(subject) };
  });
}

/** Reads the value of policyConstraints. @throws Asn1Error where it is malformed */
export function readPolicyConstraints(value: Buffer): PolicyConstraints {
  const parts = sequenceOf(readElement(value));
  const skip = (tag: number): number | null => {
    const part = parts.find((each) => each.tag === tag);
    return part ? skipCerts(part.content) : null;
  };
  return { requireExplicitPolicy: skip(0x80), inhibitPolicyMapping: skip(0x81) };
}

/** Reads the value of inhibitAnyPolicy (RFC 5280 section 4.2.1.14). @throws Asn1Error where it is malformed */
export function readInhibitAnyPolicy(value: Buffer): number {
  return skipCerts(contentOf(readElement(value), TAG.integer));
}

function skipCerts(content: Buffer): number {
  return Math.min(Number(integerOf(content)), Number.MAX_SAFE_INTEGER);
}

/** What policy processing asks of a certificate. */
interface PolicyFacts {
  selfIssued: boolean;
  certificatePolicies: readonly PolicyInformation[] | null;
  policyMappings: readonly PolicyMapping[] | null;
  policyConstraints: PolicyConstraints | null;
  inhibitAnyPolicy: number | null;
}

const ANY_POLICY = '2.5.29.32.0';

/**
 * Policy processing for someone who wants no policy in particular (RFC 5280 section 6.1, initial-explicit-policy not
 * set): whether the path has a policy in common where a certificate requires one.
 * @param certificates from the leaf up, without the trust anchor
 * @returns the certificate whose requirement is not met; null for none
 */
export function unmetPolicyRequirement<C extends PolicyFacts>(certificates: readonly C[]): C | null {
  if (certificates.every(({ policyConstraints }) => policyConstraints === null)) return null;
  const steps = {
    explicit: Number.POSITIVE_INFINITY,
    mapping: certificates.length + 1,
    any: certificates.length + 1,
  };
  let requiring: C | null = null;
  let valid = new Set([ANY_POLICY]);
  const require = (certificate: C, skip: number | null | undefined) => {
    if (skip == null || skip >= steps.explicit) return;
    steps.explicit = skip;
    requiring = certificate;
  };
  for (const certificate of certificates.toReversed()) {
    const isLeaf = certificate === certificates[0];
    valid = policiesIn(certificate, valid, steps.any > 0 || (!isLeaf && certificate.selfIssued));
    if (steps.explicit === 0 && valid.size === 0) return requiring;
    const { selfIssued, policyConstraints, policyMappings, inhibitAnyPolicy } = certificate;
    if (isLeaf) {
      if (policyConstraints?.requireExplicitPolicy === 0) require(certificate, 0);
      if (!selfIssued && steps.explicit > 0) steps.explicit -= 1;
      return steps.explicit === 0 && valid.size === 0 ? requiring : null;
    }
    valid = mapped(valid, policyMappings ?? [], steps.mapping > 0);
    if (!selfIssued) {
      steps.explicit = Math.max(0, steps.explicit - 1);
      steps.mapping = Math.max(0, steps.mapping - 1);
      steps.any = Math.max(0, steps.any - 1);
    }
    require(certificate, policyConstraints?.requireExplicitPolicy);
    steps.mapping = Math.min(steps.mapping, policyConstraints?.inhibitPolicyMapping ?? steps.mapping);
    steps.any = Math.min(steps.any, inhibitAnyPolicy ?? steps.any);
  }
  return null;
}

/** Section 6.1.3 (d) and (e). */
function policiesIn(
  { certificatePolicies }: PolicyFacts,
  valid: ReadonlySet<string>,
  isAnyAllowed: boolean,
): Set<string> {
  const own = new Set((certificatePolicies ?? []).map(({ policyIdentifier }) => policyIdentifier));
  if (own.delete(ANY_POLICY) && isAnyAllowed)
    return new Set([...valid, ...(valid.has(ANY_POLICY) ? own : [])]);
  return valid.has(ANY_POLICY) ? own : new Set([...own].filter((policy) => valid.has(policy)));
}

/** Section 6.1.4 (b). */
function mapped(
  valid: ReadonlySet<string>,
  mappings: readonly PolicyMapping[],
  isAllowed: boolean,
): Set<string> {
  const found = new Set(valid);
  for (const { issuerDomainPolicy } of mappings) found.delete(issuerDomainPolicy);
  for (const { issuerDomainPolicy, subjectDomainPolicy } of isAllowed ? mappings : []) {
    if (valid.has(issuerDomainPolicy) || valid.has(ANY_POLICY)) found.add(subjectDomainPolicy);
  }
  return found;
}
