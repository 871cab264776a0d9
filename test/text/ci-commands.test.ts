import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeCommands, escapeCommandsJson, escapeCommandsXml } from '../../src/text/ci-commands.ts';
import { tries } from '../support/property.ts';
import { commandsOfCi } from '../support/runner.ts';

const COMMANDS: readonly (readonly [before: string, after: string])[] = [
  ['a ##[error]b', 'a \\x23#[error]b'],
  ['###[c', '#\\x23#[c'],
  ['x ##vso[task.setvariable variable=A]b', 'x \\x23#vso[task.setvariable variable=A]b'],
  ['##VSO[a]', '\\x23#VSO[a]'],
  ["##teamcity[message text='x']", "\\x23#teamcity[message text='x']"],
  // .NET compares by culture, which passes over these.
  ['#\ufe0f#vso[a]', '\\x23\ufe0f#vso[a]'],
  ['##v\u034fso[a]', '\\x23#v\u034fso[a]'],
  ['::error::a', '\\x3a:error::a'],
  ['a\n\u2003 ::error::b', 'a\n\u2003 \\x3a:error::b'],
  ['\ufe0f::error::a', '\ufe0f\\x3a:error::a'],
  ['\x1b[1m::error::a', '\x1b[1m\\x3a:error::a'],
  ['x section_start:1:a', 'x section_start\\x3a1:a'],
  ['section_end:1:a', 'section_end\\x3a1:a'],
  ['\\x1b[0Ksection_end:1:a', '\\x1b[0Ksection_end\\x3a1:a'],
];

test('commands of Azure, GitHub, TeamCity and GitLab', () => {
  for (const [before, after] of COMMANDS) {
    assert.is(escapeCommands(before), after);
    assert.is(escapeCommands(after), after);
  }
});

test('what is none stays as it is', () => {
  for (const text of ['# a', '## Heading', '## a [b]', '#[a]', 'a::b', 'a: ::b', 'section: start:']) {
    assert.is(escapeCommands(text), text);
  }
});

test('in JSON and XML a reader gets the same strings', () => {
  for (const [text] of COMMANDS) {
    const json = escapeCommandsJson(JSON.stringify({ [text]: text }, null, 2));
    assert.equal(JSON.parse(json), { [text]: text });
    assert.equal(commandsOfCi(json), []);
    if (text.includes('\x1b')) continue;
    const xml = escapeCommandsXml(`<a>\n.${text}</a>`);
    assert.is(new XMLParser({ trimValues: false, htmlEntities: true }).parse(xml).a, `\n.${text}`);
    assert.equal(commandsOfCi(xml), []);
  }
});

test('no line is a command, whatever the text', () => {
  const pieces = ['#', '##', 'vso', 'teamcity', '[', ']', '::', ':', 'error', ' ', '\n', '\u2003', '\ufe0f'];
  const more = ['section_start', ':1:a', '\x1b[1m', '##vso[a]', '::error::', 'x'];
  const text = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 12 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, (hostile) => assert.equal(commandsOfCi(escapeCommands(hostile)), [])),
    tries(3000),
  );
});

test('the time grows with the text', () => {
  for (const piece of ['#', '##a', '::', ' ', ' :', '\ufe0f', '#\ufe0f', 'section_start']) {
    const before = performance.now();
    escapeCommands(piece.repeat(200_000));
    assert.ok(performance.now() - before < 2000, JSON.stringify(piece));
  }
});

test.run();
