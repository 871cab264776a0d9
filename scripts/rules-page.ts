import { CONSUMER_NAMES } from '../src/clients/refusal.ts';
import { textsOf } from '../src/rules/documentation.ts';
import { RULES } from '../src/rules/index.ts';
import type { Rule, Stage } from '../src/rules/rule.ts';

const HEAD = `# The rules

Generated from the rules by \`npm run docs\`. In the terminal: \`helm lightrun-cert explain RULE\`.

**One mistake, one finding.** Rules run in stages: values, base64, PEM, private key, certificate, chain, pair and
platform, cluster. A value that fails a stage is not checked by later ones, where they could not say more; everything else
still is.

**Severity.** *error*: a consumer that the installation has refuses it ([who they are](consumers.md)), or Lightrun's page
forbids it.
*warning*: it works, but someone will suffer later. *info*: worth knowing. \`--rule ID=SEVERITY\` changes it, to
\`off\` too.
`;

/** \`docs/rules.md\`, from the rules' own documentation. */
export function rulesPage(): string {
  const stages = [...new Set(RULES.map(({ stage }) => stage))];
  return [HEAD, table(), ...stages.map(stageSection)].join('\n');
}

function table(): string {
  const rows = RULES.map(
    ({ id, severity, title, refusedBy }) =>
      `| [\`${id}\`](#${id}) | ${severity} | ${title} | ${refusedBy.join(', ')} |`,
  );
  return ['| rule | severity | fires when | refused by |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

function stageSection(stage: Stage): string {
  const title = stage === 'pem' ? 'PEM' : stage.charAt(0).toUpperCase() + stage.slice(1);
  return [`## ${title}`, '', ...RULES.filter((rule) => rule.stage === stage).map(ruleSection)].join('\n');
}

function ruleSection(rule: Rule): string {
  const texts = textsOf(rule);
  return `### ${rule.id}

**${rule.severity}**${rule.followsUse ? ' (a warning where nobody in use refuses)' : ''}: ${rule.title}

${texts.means}

*Why it matters:* ${texts.why}

Wrong:

${fenced(texts.bad)}

Right:

${fenced(texts.good)}

*Refused by:* ${rule.refusedBy.length === 0 ? 'nobody' : rule.refusedBy.map((consumer) => CONSUMER_NAMES[consumer]).join('; ')}

*How to fix it:* ${texts.fix}

*Sources:* ${texts.sources.join('; ')}
`;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
