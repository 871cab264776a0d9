import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  readsStdin,
  SET_FLAGS,
  secretsOf,
  setFiles,
  type ValuesWord,
  valuesFiles,
  wordsOf,
} from '../../src/helm/values.ts';

const given = (flag: ValuesWord['flag'], ...values: string[]): ValuesWord[] =>
  values.map((value) => ({ flag, value }));

test('all flags that give values but --values', () => {
  assert.equal(SET_FLAGS, ['--set-json', '--set', '--set-string', '--set-file', '--set-literal']);
});

test('as words', () => {
  const words = [...given('--values', 'a.yaml'), ...given('--set', 'a=b')];
  assert.equal(wordsOf(words), ['--values=a.yaml', '--set=a=b']);
});

const VALUES: readonly [value: string, files: string[]][] = [
  ['a.yaml', ['a.yaml']],
  ['a.yaml,b.yaml', ['a.yaml', 'b.yaml']],
  ['', []],
  ['a,', ['a', '']],
  ['"a,b"', ['a,b']],
  ['"a,b",c', ['a,b', 'c']],
  ['c,"a ""b"""', ['c', 'a "b"']],
  ['a"b', ['a"b']],
];
for (const [value, files] of VALUES) {
  test(`--values ${value} names ${files.join(' and ') || 'nothing'}`, () => {
    assert.equal(valuesFiles(given('--values', value)), files);
    assert.equal(valuesFiles(given('--set', value)), []);
  });
}

const SET_FILES: readonly [value: string, files: string[]][] = [
  ['a=x.pem', ['x.pem']],
  ['a=x.pem,b=y.pem', ['x.pem', 'y.pem']],
  ['a=x\\,y.pem', ['x,y.pem']],
  ['a=x=y.pem', ['x=y.pem']],
  ['x.pem', ['x.pem']],
];
for (const [value, files] of SET_FILES) {
  test(`--set-file ${value} names ${files.join(' and ')}`, () => {
    assert.equal(setFiles(given('--set-file', value)), files);
    assert.equal(setFiles(given('--set', value)), []);
  });
}

test('standard input is a lone hyphen, spaces around it or not', () => {
  for (const [flag, value, reads] of [
    ['--values', '-', true],
    ['--values', 'a, - ', true],
    ['--values', '-a', false],
    ['--set-file', 'a=-', true],
    ['--set-file', 'a= - ,b=c', true],
    ['--set-file', 'a=b-', false],
    ['--set', 'a=-', false],
  ] as const) {
    assert.is(readsStdin(given(flag, value)), reads, `${flag} ${value}`);
  }
  assert.is(readsStdin([]), false);
});

test('what flags set is secret, but no name of a file or key', () => {
  const words = [
    ...given('--values', 'a.yaml'),
    ...given('--set-file', 'a=b.pem'),
    ...given('--set', 'a=b=c', 'd'),
    ...given('--set-json', 'a={"b":1}'),
  ];
  assert.equal(secretsOf(words), ['b=c', 'd', 'a={"b":1}']);
});

test.run();
