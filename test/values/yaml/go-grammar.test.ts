import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'uvu';
import { extentOf } from '../../../src/values/yaml/go-grammar.ts';
import { GoYamlError } from '../../../src/values/yaml/go-scanner.ts';

const refusedFor = (kind: string) => (error: unknown) => error instanceof GoYamlError && error.kind === kind;

test('a document ends where go-yaml reads no further', () => {
  for (const [read, rest] of [
    ['a: 1\n', ''],
    ['a: 1\n', '...\nb: 2\n'],
    ['a: 1\n', '--- b\n'],
    ['a: 1\n', '%YAML 1.2\n[\n'],
    ['  a: 1\n', 'b: [\n'],
    ['{a: 1} ', 'b\n'],
  ] as const) {
    strictEqual(extentOf(read + rest).end, read.length, read + rest);
  }
});

test('directives: %YAML 1.1 once, each handle once, and a document after them', () => {
  for (const directives of [
    '%YAML 1.1\n',
    '%YAML 01.01\n',
    '%TAG !a! x\n%TAG !b! x\n',
    '%YAML 1.1\n%TAG !a! x\n',
  ]) {
    const text = `${directives}--- 1\n`;
    strictEqual(extentOf(text).end, text.length, text);
  }
  for (const directives of [
    '%YAML 1.2\n',
    '%YAML 1.10\n',
    '%YAML 2.1\n',
    '%YAML 1.1\n%YAML 1.1\n',
    '%TAG !a! x\n%TAG !a! y\n',
  ]) {
    throws(() => extentOf(`${directives}--- 1\n`), refusedFor('directive'), directives);
  }
  throws(() => extentOf('%YAML 1.1\na: 1\n'), refusedFor('document-start'));
});

test('nesting is limited to 10,000 levels, in flow and in block collections', () => {
  for (const nested of [
    (depth: number) => '['.repeat(depth) + ']'.repeat(depth),
    (depth: number) => `${'{a: '.repeat(depth)}${'}'.repeat(depth)}`,
    (depth: number) => `${'- '.repeat(depth)}x`,
    (depth: number) => Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  ]) {
    const text = nested(10_000);
    strictEqual(extentOf(text).end, text.length);
    throws(() => extentOf(nested(10_001)), refusedFor('depth'));
  }
});

test('the colon of a key is at most 1,024 characters from its start', () => {
  for (const key of [
    (n: number) => 'k'.repeat(n),
    (n: number) => `"${'k'.repeat(n - 2)}"`,
    (n: number) => `&${'k'.repeat(n - 3)} k`,
  ]) {
    extentOf(`${key(1024)}: 1`);
    throws(() => extentOf(`${key(1025)}: 1`), refusedFor('second-colon'));
    throws(() => extentOf(`a: 1\n${key(1025)}: 1`), refusedFor('colon'));
  }
});

test('a line that continues a value is indented for the parser, up to 200 columns', () => {
  const text = (column: number) => `${' '.repeat(column)}a: "x\ny"\n`;
  deepStrictEqual(extentOf(text(0)).edits, [{ at: 6, remove: 0, insert: ' ' }]);
  deepStrictEqual(extentOf(text(199)).edits, [{ at: 205, remove: 0, insert: ' '.repeat(200) }]);
  deepStrictEqual(extentOf(text(200)).edits, []);
});

test('a line that is indented enough, or blank, stays as it is', () => {
  for (const text of ['a: "x\n y"\n', 'a: "x\n\n y"\n', 'a: [\n x,\n\r\n ]\n', 'a: x\n y\n']) {
    deepStrictEqual(extentOf(text).edits, [], text);
  }
});

test.run();
