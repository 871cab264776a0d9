// npm run docs: writes docs/rules.md and completion.yaml from the rules and the commands.
import { writeFileSync } from 'node:fs';
import { completionPage } from './completion-page.ts';
import { rulesPage } from './rules-page.ts';

writeFileSync(new URL('../docs/rules.md', import.meta.url), rulesPage());
writeFileSync(new URL('../completion.yaml', import.meta.url), await completionPage());
