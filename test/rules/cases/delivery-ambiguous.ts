import { GOOD_YAML, type ValuesCase, valuesCase } from '../../support/rule-case.ts';

const trap = (kind: 'shadowed' | 'ambiguous') => ({
  delivery: {
    unknown: [],
    isFromTlsSecret: false,
    traps: [
      {
        kind,
        message: 'Two are set.',
        help: 'Keep one.',
        path: ['spec'],
        location: { file: 'values.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 },
      },
    ],
  },
});

const cases: ValuesCase[] = [
  valuesCase('a trap of this kind', GOOD_YAML, ['delivery-ambiguous'], trap('ambiguous')),
  valuesCase('no trap', GOOD_YAML, [], { delivery: { unknown: [], isFromTlsSecret: false, traps: [] } }),
];

export default cases;
