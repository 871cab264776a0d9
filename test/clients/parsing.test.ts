import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRefusals } from '../../src/clients/parsing.ts';
import { readCertificate } from '../../src/x509/certificate.ts';
import { tries } from '../support/property.ts';
import { ROOT } from './cases.ts';
import { DER_CASES } from './der-cases.ts';
import { MEASURED } from './measured.ts';
import { clientsOf, refusalsOf } from './measured-refusals.ts';

for (const make of DER_CASES) {
  const made = make();
  const refusals = refusalsOf(made);
  // A certificate that cannot be read is refused before anyone asks who takes it.
  if (refusals === null) continue;
  test(`measured: ${made.name}`, () => assert.is(clientsOf(refusals), MEASURED[made.name]));
}

test('any change of a byte is either unreadable or has an answer', () => {
  const { der } = ROOT;
  const extended = DER_CASES.map((make) => make().leaf.der).filter((each) => each.length > 600);
  fc.assert(
    fc.property(
      fc.constantFrom(der, ...extended),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      (from, place, octet) => {
        const changed = Buffer.from(from);
        changed[place % changed.length] = octet;
        const reading = readCertificate({ der: changed, label: 'CERTIFICATE', line: 1 }, 0);
        if (reading.ok) parseRefusals(reading.certificate);
      },
    ),
    tries(2000),
  );
});

test.run();
