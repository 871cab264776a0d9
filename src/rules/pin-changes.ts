import { rule } from './rule.ts';
import { restartLine } from './shared/commands.ts';
import { upgrade } from './shared/needs.ts';
import { CHART_DOCUMENTATION, measured } from './shared/sources.ts';
import { pinsOf } from './shared/target.ts';

export const pinChanges = rule({
  id: 'pin-changes',
  severity: 'warning',
  refusedBy: [],
  stage: 'upgrade',
  title: "the leaf's key changes, and so the pin",
  means:
    "With --previous, and in the gate's upgrade: the leaf has another public key than that of the release. Only for information where security_pinned_hashes lists both pins before and after.",
  why: 'Agents and IDE plugins hold the old pin. From the upgrade on they refuse the server, until they learn the new one.',
  sources: [
    measured('the pin is the digest of the first certificate in the file'),
    CHART_DOCUMENTATION,
    'the chart lightrun-agents: pinnedCertHash is written to pinned_certs in agent.config',
  ],
  bad: 'helm get values lightrun -o yaml > old.yaml   # certificate: one key\nhelm lightrun-cert lint values.yaml --previous old.yaml   # certificate: another key',
  good: 'helm lightrun-cert request --host lightrun.example.com --values values.yaml   # the same key, so the same pin',
  fix: 'Renew with the same private key. To change it: (1) let every agent know both pins, (2) upgrade with both in security_pinned_hashes and the old certificate, (3) upgrade with the new certificate, (4) restart what mounts it, (5) drop the old pin.',
  needs: upgrade,
  check({ upgrade, after, ...context }) {
    const { target, path } = context;
    const [from, to] = [upgrade.leaf?.pinSha256, after?.pinSha256];
    if (from === undefined || to === undefined || from === to) return null;
    const [before, now] = [upgrade.pins, target.settings.pins].map((entry) =>
      pinsOf(entry).map((pin) => String(pin).toLowerCase()),
    ) as [string[], string[]];
    const pins = path('pins');
    const restart = restartLine(context, upgrade);
    const restartStep = restart === null ? [] : [`after the upgrade, run:\n   ${restart}`];
    const lastStep = `once every client has the new pin, drop the old one from agent.config and ${pins}.`;
    const change = `The leaf in ${path('crt')} has another public key than that of ${upgrade.name}, so the pin changes, from ${from} to ${to}.`;
    const holds = [before, now].map((list) => list.includes(from) && list.includes(to));
    if (holds[0] && holds[1]) {
      return {
        severity: 'info',
        message: `${change} ${pins} lists both, before and after.`,
        help: steps([...restartStep, lastStep]),
      };
    }
    const who = 'Agents (pinned_certs in agent.config) and IDE plugins that hold only the old one';
    if (holds[0]) {
      return {
        message: `${change} ${pins} drops the old one in the same upgrade. ${who} would be locked out.`,
        help: steps([`keep both:\n${listOf(from, to)}`, ...restartStep, lastStep]),
      };
    }
    return {
      message: `${change} ${who} would refuse the server from the upgrade on.`,
      help: [
        'Renew with the same private key, and no pin changes. To change the key, in this order:',
        steps([
          `in agent.config of every agent (the chart lightrun-agents: pinnedCertHash):\n   pinned_certs=${from},${to}`,
          `upgrade with the old certificate and ${pins}:\n${listOf(from, to)}`,
          'upgrade with the new certificate and the same list.',
          ...restartStep,
          lastStep,
        ]),
      ].join('\n'),
    };
  },
});

function steps(all: readonly string[]): string {
  return all.map((step, index) => `${index + 1}. ${step.charAt(0).toUpperCase()}${step.slice(1)}`).join('\n');
}

function listOf(...pins: string[]): string {
  return pins.map((pin) => `     - "${pin}"`).join('\n');
}
