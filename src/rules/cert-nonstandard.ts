import { rule } from './rule.ts';
import { chain } from './shared/needs.ts';
import { consumersOf, whoOf } from './shared/refusals.ts';
import { measured, rfc } from './shared/sources.ts';

export const certNonstandard = rule({
  id: 'cert-nonstandard',
  severity: 'error',
  refusedBy: ['go', 'java', 'browser'],
  stage: 'certificate',
  title: 'a certificate that OpenSSL loads and others do not',
  means:
    'A certificate breaks RFC 5280 in a way that OpenSSL overlooks, and Java, Go or a browser does not: a negative serial number, characters that a string type does not have, a malformed subject alternative name, an empty issuer, an empty subject with a subject alternative name that is not critical, and the like. A warning where only a consumer that is not in use refuses.',
  why: 'nginx starts, and then clients cannot read the certificate. An Ingress controller serves its own certificate instead.',
  sources: [
    rfc(5280, '4.1.2'),
    rfc(5280, '4.2.1.6'),
    measured('each form was given to Go 1.26, Java 8 to 25 and BoringSSL'),
  ],
  bad: 'Serial Number: -1230471 (-0x12c687)',
  good: 'Serial Number: 1230471 (0x12c687)',
  fix: 'Have the certificate reissued by a CA that follows RFC 5280.',
  needs: chain,
  followsUse: true,
  check({ chain, clients, leaf, placeOf }) {
    return chain.members.flatMap((certificate) => {
      const by = clients
        .parseRefusals(certificate)
        // Go reads the first certificate of the file alone, and curl prints the issuer of the leaf.
        .filter(({ who, consumer }) => certificate === leaf || (consumer !== 'go' && who !== 'curl'));
      const reasons = [...new Set(by.map(({ what }) => what))];
      return reasons.map((what) => {
        const own = by.filter((each) => each.what === what);
        return {
          certificates: [certificate],
          refusedBy: consumersOf(own),
          message: `${placeOf(certificate)} has ${what}. OpenSSL and nginx load it; ${whoOf(own)} would refuse it.`,
          help: 'Have it reissued without that.',
        };
      });
    });
  },
});
