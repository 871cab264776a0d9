import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { unmetPolicyRequirement } from '../../src/x509/policies.ts';

const ANY = '2.5.29.32.0';
const A = '1.2.3.1';
const B = '1.2.3.2';

interface Made {
  policies?: readonly string[];
  mappings?: readonly (readonly [issuer: string, subject: string])[];
  explicit?: number;
  noMapping?: number;
  noAny?: number;
  selfIssued?: boolean;
}

/** The place of the certificate whose requirement is not met, from the leaf up without the anchor; null for none. */
function unmet(...path: Made[]): number | null {
  const certificates = path.map(({ policies, mappings, explicit, noMapping, noAny, selfIssued = false }) => ({
    selfIssued,
    certificatePolicies:
      policies?.map((policyIdentifier) => ({ policyIdentifier, hasQualifiers: false })) ?? null,
    policyMappings:
      mappings?.map(([issuerDomainPolicy, subjectDomainPolicy]) => ({
        issuerDomainPolicy,
        subjectDomainPolicy,
      })) ?? null,
    policyConstraints:
      explicit === undefined && noMapping === undefined
        ? null
        : { requireExplicitPolicy: explicit ?? null, inhibitPolicyMapping: noMapping ?? null },
    inhibitAnyPolicy: noAny ?? null,
  }));
  const found = unmetPolicyRequirement(certificates);
  return found && certificates.indexOf(found);
}

test('nothing is required where no certificate asks for it', () => {
  assert.is(unmet(), null);
  assert.is(unmet({}), null);
  assert.is(unmet({}, {}), null);
  assert.is(unmet({ policies: [A] }, { policies: [B] }), null);
});

test('where a CA requires a policy, all below it and itself need one in common', () => {
  const top = { policies: [A], explicit: 0 };
  assert.is(unmet({ policies: [A] }, top), null);
  assert.is(unmet({ policies: [A, B] }, top), null);
  assert.is(unmet({}, top), 1);
  assert.is(unmet({ policies: [B] }, top), 1);
  assert.is(unmet({ policies: [A] }, { explicit: 0 }), 1, 'its own count too');
  assert.is(unmet({ policies: [A] }, {}, top), 2, 'the one between has none');
});

test('requireExplicitPolicy counts the certificates after which it holds', () => {
  assert.is(unmet({}, { policies: [A], explicit: 1 }), 1, 'the leaf is the last');
  assert.is(unmet({}, { policies: [A], explicit: 2 }), null);
  assert.is(unmet({}, { policies: [A] }, { policies: [A], explicit: 2 }), 2);
  assert.is(unmet({}, { policies: [A] }, { policies: [A], explicit: 3 }), null);
  assert.is(
    unmet({}, { selfIssued: true }, { policies: [A], explicit: 2 }),
    null,
    'self-issued: not counted',
  );
  assert.is(unmet({ explicit: 0 }, { policies: [A] }), 0);
  assert.is(unmet({ explicit: 1 }, { policies: [A] }), null, 'nothing comes after the leaf');
});

test('anyPolicy means every policy, until it is inhibited', () => {
  const required = { policies: [A], explicit: 0 };
  assert.is(unmet({ policies: [ANY] }, required), null);
  assert.is(unmet({ policies: [A] }, { policies: [ANY], explicit: 0 }), null);
  assert.is(unmet({ policies: [ANY] }, { ...required, noAny: 0 }), 1);
  assert.is(unmet({ policies: [ANY] }, { ...required, noAny: 1 }), null);
  assert.is(unmet({ policies: [ANY] }, { policies: [ANY] }, { ...required, noAny: 1 }), 2);
  assert.is(unmet({ policies: [A] }, { policies: [ANY], selfIssued: true }, { ...required, noAny: 0 }), null);
});

test('a mapped policy counts under its new name, unless mapping is inhibited', () => {
  const mapping = { policies: [A], mappings: [[A, B]] as const };
  const top = { policies: [A], explicit: 0 };
  assert.is(unmet({ policies: [B] }, mapping, top), null);
  assert.is(unmet({ policies: [A] }, mapping, top), 2);
  assert.is(unmet({ policies: [B] }, mapping, { ...top, noMapping: 0 }), 2);
  assert.is(unmet({ policies: [B] }, mapping, { ...top, noMapping: 1 }), null);
});

test.run();
