import type { Rule } from './rule.ts';
import { pinsOf } from './shared/pins.ts';
import { measured } from './shared/sources.ts';
import { pathOf, subjectOf } from './shared/words.ts';

export const pinMissing: Rule = {
  id: 'pin-missing',
  severity: 'error',
  stage: 'pair and platform',
  title: "the leaf's pin is not among the accepted ones",
  means:
    "certificate.security_pinned_hashes is set, and lacks the leaf's own pin, which is shown ready to paste.",
  why: 'Agents and IDE plugins accept only the keys in that list: they are locked out.',
  sources: [measured("a list that lacks the leaf's own pin locks clients out")],
  bad: 'certificate:\n  security_pinned_hashes: ["(the pin of the old certificate)"]',
  good: 'certificate:\n  security_pinned_hashes: ["(the old pin)", "(the new pin)"]',
  fix: 'Add the pin that is shown; keep the old one until all clients have the new.',
  appliesTo: [['crt', 'pins']],
  check(target) {
    const pins = pinsOf(target);
    const { chain } = target.material ?? {};
    if (!chain || pins.length === 0) return [];
    const pin = chain.leaf.pinSha256;
    if (pins.some((each) => typeof each === 'string' && each.toLowerCase() === pin)) return [];
    return [
      {
        about: 'pins',
        message: `${pathOf(target, 'pins')} lacks the pin of the leaf (${subjectOf(chain.leaf)}). On install, agents and IDE plugins would refuse the server's key.`,
        help: `Add this entry:\n  - "${pin}"`,
      },
    ];
  },
};
