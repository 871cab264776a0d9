import { rule } from './rule.ts';
import { chainAndPins } from './shared/needs.ts';
import { measured } from './shared/sources.ts';
import { pinsOf } from './shared/target.ts';
import { subjectOf } from './shared/words.ts';

export const pinMissing = rule({
  id: 'pin-missing',
  severity: 'error',
  refusedBy: [],
  stage: 'pair and platform',
  title: "the leaf's pin is not among the accepted ones",
  means:
    "certificate.security_pinned_hashes is set, and lacks the leaf's own pin. The message shows that pin ready to paste.",
  why: 'Agents and IDE plugins accept only the keys in that list: they are locked out.',
  sources: [measured("a list that lacks the leaf's own pin locks clients out")],
  bad: 'certificate:\n  security_pinned_hashes: ["(the pin of the old certificate)"]',
  good: 'certificate:\n  security_pinned_hashes: ["(the old pin)", "(the new pin)"]',
  fix: 'Add the pin that is shown; keep the old one until all clients have the new one.',
  needs: chainAndPins,
  check({ target, leaf, path }) {
    const pins = pinsOf(target.settings.pins);
    const pin = leaf.pinSha256;
    if (pins.length === 0 || pins.some((each) => typeof each === 'string' && each.toLowerCase() === pin))
      return null;
    return {
      message: `${path('pins')} lacks the pin of the leaf (${subjectOf(leaf)}). On install, agents and IDE plugins would refuse the server's key.`,
      help: `Add this entry:\n  - "${pin}"`,
    };
  },
});
