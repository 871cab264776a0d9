import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cutManifests } from '../../src/manifests/documents.ts';

const cut = (text: string) => [...cutManifests(text)].map(({ start, end }) => text.slice(start, end));

const CASES: readonly [text: string, pieces: string[]][] = [
  ['', ['']],
  ['a: b', ['a: b']],
  ['---\na\n---\nb\n', ['\na\n', '\nb\n']],
  ['a\n---\nb', ['a\n', '\nb']],
  ['a\n--- # x\nb', ['a\n', ' # x\nb']],
  ['a\n---b', ['a\n', 'b']],
  ['a\n ---\nb', ['a\n ---\nb']],
  ['a\n--\nb', ['a\n--\nb']],
  ['a ---\nb', ['a ---\nb']],
  ['\ufeff---\na', ['\na']],
  ['\ufeffa', ['a']],
  ['a\ufeff\n---\nb', ['a\ufeff\n', '\nb']],
  ['\n---', ['\n', '']],
  ['---\n---\n', ['\n', '\n']],
];
for (const [text, pieces] of CASES) {
  test(`${JSON.stringify(text)}: ${JSON.stringify(pieces)}`, () => assert.equal(cut(text), pieces));
}

test.run();
