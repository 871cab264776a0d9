import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LintError } from '../../src/errors.ts';
import { lint } from '../../src/lint/lint.ts';
import { summarize } from '../../src/lint/summary.ts';
import { diagnosticOf } from '../../src/report/context.ts';
import { formatGithub } from '../../src/report/github.ts';
import { formatGitlab } from '../../src/report/gitlab.ts';
import { formatJson } from '../../src/report/json.ts';
import { formatJunit } from '../../src/report/junit.ts';
import { formatSarif } from '../../src/report/sarif.ts';
import { formatText } from '../../src/report/text.ts';
import { PLAIN } from '../../src/text/paint.ts';
import { lintOptions, lintSummary } from '../support/lint.ts';
import { tries } from '../support/property.ts';
import {
  broken,
  contextOf,
  inline,
  junitCases,
  KEY,
  MISORDERED,
  sarif,
  withoutPlaces,
} from '../support/report.ts';
import { readCommand } from '../support/runner.ts';

const test = suite('reports for other programs');

const FORMATS = { sarif: formatSarif, github: formatGithub, gitlab: formatGitlab, junit: formatJunit };
const LAYOUT = { paint: PLAIN, width: 40 };
const HOSTILE = [
  ' ::error ::x ',
  '##[error]x',
  '##[stop-commands]x',
  '\u2003::stop-commands::x',
  '::warning::',
  '\n::error::x',
  '::set-output name=a::b',
  '##[command]x',
  '\u001b[31m',
  ']]>',
  '<!--',
  '"/>',
  '\u0000',
  '\ufffe',
  '\ud800',
  '\u202e',
  '%0A::x',
  ',line=1',
  '\r\n',
];

test('nothing in files, names or keys breaks out of a format, and the same input gives the same bytes', async () => {
  const piece = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 6 }));
  const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
  const property = fc.asyncProperty(text, text, text, async (file, key, host) => {
    const values = JSON.stringify({
      certificate: { [`crt${key}`]: 1, existing_cert: host || 'x' },
      general: { lightrun_endpoint: host },
    });
    const summary = summarize(await lint(Buffer.from(values), file || 'x', lintOptions()));
    const summaries = [summary, withoutPlaces(summary)];
    const context = contextOf({ diagnostics: [diagnosticOf(file, new LintError(host, key))] });
    sarif(summaries, context);
    junitCases(summaries, context);
    const issues = JSON.parse(formatGitlab(summaries, context)).length;
    const lines = formatGithub(summaries, context).trimEnd().split('\n');
    assert.is(lines.length, issues + 1);
    assert.ok(
      lines
        .slice(0, -1)
        .every((line) => ['error', 'warning', 'notice'].includes(readCommand(line)?.name ?? '')),
    );
    const reports = [
      ...[formatSarif, formatGitlab, formatJunit].map((format) => format(summaries, context)),
      formatJson(summaries),
      formatText(summaries, context, LAYOUT),
    ];
    assert.equal(
      reports.flatMap((each) => each.split('\n').filter((line) => readCommand(line) !== null)),
      [],
    );
    for (const format of Object.values(FORMATS)) {
      const report = format(summaries, context);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.not.match(report, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
      assert.is(report, format(summaries, context));
    }
  });
  await fc.assert(property, tries(150));
});

test('no piece of the key is in any of them', async () => {
  const summaries = [
    await broken(),
    await lintSummary(inline(KEY)),
    await lintSummary(inline(`${MISORDERED}\n`)),
  ];
  for (const [name, format] of Object.entries(FORMATS)) {
    const report = format(summaries, contextOf());
    // Its first line is that of every key, and is in the examples of rules.
    for (let at = 40; at + 12 <= KEY.length; at += 1)
      assert.not.ok(report.includes(KEY.slice(at, at + 12)), name);
  }
});

test.run();
