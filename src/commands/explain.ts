import { CONSUMER_NAMES } from '../clients/refusal.ts';
import type { Io } from '../io.ts';
import { EXPLAIN_HELP, explainOptions } from '../options/explain.ts';
import type { Command } from '../options/help.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { PROGRAM } from '../text/shell.ts';
import { wrap } from '../text/wrap.ts';

export const explainCommand: Command = { ...EXPLAIN_HELP, run: runExplain };

const WIDTH = 80;

/**
 * `explain [RULE]`: the page of a rule, or the list of all rules.
 * @throws LintError for an unknown rule, or more than one
 */
async function runExplain(args: readonly string[], io: Io): Promise<0> {
  const rule = explainOptions(args);
  io.stdout(rule === null ? listRules() : await explainRule(rule));
  return 0;
}

function listRules(): string {
  const idWidth = Math.max(...RULES.map(({ id }) => id.length));
  const stages = [...new Set(RULES.map(({ stage }) => stage))];
  const blocks = stages.map((stage) => {
    const rows = RULES.filter((rule) => rule.stage === stage).flatMap((rule) => listRow(rule, idWidth));
    return [stage, ...rows].join('\n');
  });
  return `${[...blocks, `One rule: ${PROGRAM} explain RULE`].join('\n\n')}\n`;
}

function listRow({ id, severity, title }: Rule, idWidth: number): string[] {
  const head = `  ${id.padEnd(idWidth)}  ${severity.padEnd('warning'.length)}  `;
  const [first = '', ...rest] = wrap(title, WIDTH - head.length);
  return [head + first, ...rest.map((line) => ' '.repeat(head.length) + line)];
}

async function explainRule(rule: Rule): Promise<string> {
  const { textsOf } = await import('../rules/documentation.ts');
  const texts = textsOf(rule);
  const indented = (text: string) => text.split('\n').map((line) => `    ${line}`);
  const sections: [string, string[]][] = [
    ['What it means', wrap(texts.means, WIDTH)],
    ['Why it matters', wrap(texts.why, WIDTH)],
    ['Who refuses it', wrap(whoRefuses(rule), WIDTH)],
    ['Wrong', indented(texts.bad)],
    ['Right', indented(texts.good)],
    ['How to fix it', wrap(texts.fix, WIDTH)],
    ['Sources', texts.sources.flatMap((source) => listItem(source))],
  ];
  const head = wrap(`${rule.id} (${rule.severity}): ${rule.title}`, WIDTH).join('\n');
  return `${[head, ...sections.map(([title, lines]) => [title, ...lines].join('\n'))].join('\n\n')}\n`;
}

function whoRefuses({ refusedBy, followsUse }: Rule): string {
  if (refusedBy.length === 0) return 'Nobody: it works.';
  const who = refusedBy.map((consumer) => CONSUMER_NAMES[consumer]).join('; ');
  return followsUse ? `${who}. It is a warning where none of these is in use.` : `${who}.`;
}

function listItem(text: string): string[] {
  return wrap(text, WIDTH - 2).map((line, index) => (index === 0 ? '- ' : '  ') + line);
}
